import type { AnalysisContext } from '../facts/context.ts';
import { isDevContainer, isForDevelopment, isWindows } from '../facts/stage.ts';
import { type DevelopmentServer, developmentServer } from '../facts/start/development-server.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Step } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const developmentServerStarted: Rule = {
  meta: {
    id: 'development-server-started',
    aliases: [],
    summary: 'The container starts a server that is made for development.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'Production takes another program than this one, or the form that production takes is not known.',
    needs: [],
    docs: {
      what: 'The start command, followed through the scripts of package.json, is a server for development: `ng serve`, `next dev`, `nest start`, `dotnet run`, `flask run`, `manage.py runserver`, `rails server` without production, `php artisan serve`, `uvicorn --reload` and their like; or a file of Python that says `reload=True` or `debug=True` to its server.',
      why: 'Such a server compiles when it starts, watches files and shows stack traces to everybody. The image has to carry the toolchain, the development dependencies and the sources for it: often a gigabyte.',
      silent:
        'The file or the stage says by its name that it is for development (`Dockerfile.dev`, `AS dev`); a development container; a Windows image; the start command is a script or more than one command.',
      fix: 'Where one word makes the difference (`--reload`, `--watch`, `fastapi dev`), writes the form for production. For review. Elsewhere the message says what production runs.',
      bad: { dockerfile: 'FROM python:3.13-slim\nCMD ["uvicorn", "app:app", "--reload"]\n' },
      good: { dockerfile: 'FROM python:3.13-slim\nCMD ["uvicorn", "app:app"]\n' },
      switchOff: 'Where the image is meant for development.',
      references: ['https://docs.docker.com/build/building/multi-stage/'],
    },
  },

  *check(context) {
    const stage = context.dockerfile.final;
    if (
      stage === undefined ||
      isDevContainer(context) ||
      isWindows(stage) ||
      isForDevelopment(context, stage)
    ) {
      return;
    }
    const server = developmentServer(context, stage);
    const { entrypoint, cmd } = startCommand(stage);
    const step = (cmd ?? entrypoint)?.step;
    if (server === undefined || step === undefined) {
      return;
    }
    const fix = server.word === undefined ? undefined : withoutWord(context, step, server.word);
    yield {
      message: `The container starts \`${server.command}\`, ${server.what}. ${server.production}`,
      span: step.instruction.keywordSpan,
      fixes: fix === undefined ? [] : [fix],
    };
  },
};

/** Changes or removes the word, with its quotes and comma in the exec form. */
function withoutWord(
  { dockerfile }: AnalysisContext,
  { instruction }: Step,
  { from, to }: NonNullable<DevelopmentServer['word']>,
): Fix | undefined {
  const at = instruction.words.findIndex((word) => word.value === from);
  const word = instruction.words[at];
  const before = instruction.words[at - 1];
  if (word === undefined || before === undefined) {
    return undefined;
  }
  const written = dockerfile.text.slice(word.span.start, word.span.end);
  const isPlain = written === from || written === `"${from}"`;
  const edit =
    to === ''
      ? { span: span(before.span.end, word.span.end), text: '' }
      : { span: word.span, text: written.replace(from, to) };
  return isPlain
    ? {
        title: to === '' ? `Remove ${from}` : `Write ${to}`,
        applicability: 'review',
        edits: [edit],
      }
    : undefined;
}
