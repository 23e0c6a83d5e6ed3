import { keepsModules } from '../ecosystems/node/managers/yarn.ts';
import { readNodePackage } from '../ecosystems/node/package.ts';
import { resolveStart } from '../ecosystems/node/start.ts';
import { readSources } from '../ecosystems/source-text.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { programFolderOf } from '../facts/installs/install-order.ts';
import { baseTraits, runningStage } from '../facts/stage.ts';
import { interpreterOf, startedScripts } from '../facts/start/started-scripts.ts';
import { execForm, execLast, handsOver, isBrokenList, jsonList, jsonWords } from '../fixes/exec-form.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Stage } from '../model/dockerfile.ts';
import { type StartInstruction, startCommand } from '../model/start-command.ts';
import { argumentSpan } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

export const shellFormStartCommand: Rule = {
  meta: {
    id: 'shell-form-start-command',
    aliases: ['DL3025', 'JSONArgsRecommended'],
    isBuildCheck: true,
    summary: 'The start command puts a shell or a package manager in front of the program.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The command does more than to start one program, or what the script runs is not known.',
    needs: [],
    docs: {
      what: "`CMD` or `ENTRYPOINT` is written as a string, or as a list that is none in JSON (`['node', 'server.js']`), or the one that ships starts the program through a script of package.json.",
      why: 'The shell, or npm, is process 1 then and gets the signal with which Docker stops a container. Debian’s shell does not pass it on: the container is killed after ten seconds. npm passes it to the shell it started: the program ends without having heard of it. And npm stays in memory, with some 60 MB.',
      silent:
        '`SHELL` names a program; the image has no shell (another rule says so); a script of package.json has more to it than one command that runs a file with Node.js, has a script before or after it, or the sources do not handle `SIGTERM` (such a program ends sooner behind npm), or read what npm tells its scripts (`npm_package_…`). A hint only where a string does no harm: its last program is started with `exec`, a later instruction overrides it, or the stage does not ship.',
      fix: 'Writes the exec form where the command is plain words, and a list in other quotes or without commas as JSON. Where it needs the shell (variables, several commands), the exec form names the shell, and the last program takes its place by `exec`. A script of package.json is replaced by the command it runs. For review. A plain ENTRYPOINT beside a CMD is given to the shell as well: what was ignored so far would become its arguments.',
      bad: { dockerfile: 'FROM node:24-slim\nUSER node\nCMD node server.js\n' },
      good: { dockerfile: 'FROM node:24-slim\nUSER node\nCMD ["node", "server.js"]\n' },
      switchOff: 'Where the shell is wanted as process 1.',
      references: ['https://docs.docker.com/reference/dockerfile/#shell-and-exec-form'],
    },
  },

  *check(context) {
    const shipped = runningStage(context);
    const start = shipped === undefined ? undefined : startCommand(shipped);
    const effective = [start?.entrypoint, start?.cmd];
    for (const stage of context.dockerfile.stages) {
      if (baseTraits(stage, context.images)?.hasShell === false) {
        continue;
      }
      for (const step of stage.steps) {
        const { keyword, form, keywordSpan } = step.instruction;
        if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT') {
          continue;
        }
        const own = effective.find((one) => one?.step === step);
        const direct = own === undefined ? undefined : startsScript(context, stage, own);
        if (form === 'json') {
          if (direct !== undefined && own !== undefined && endsItself(context, stage)) {
            yield {
              message: `${own.words[0]} is process 1: the program may never hear the signal to stop, which it handles, and ${own.words[0]} stays in memory beside it.`,
              span: keywordSpan,
              fixes: [direct],
            };
          }
          continue;
        }
        if (isBrokenList(step)) {
          const list = jsonList(step);
          yield {
            message: `${keyword} is no list in JSON: a shell takes its \`[\` for a program, and the container starts nothing.`,
            span: keywordSpan,
            severity: 'warning',
            fixes: list === undefined ? [] : [list],
          };
          continue;
        }
        if (step.before.hasShell) {
          continue;
        }
        const hidesCmd = own !== undefined && own === start?.entrypoint && start.cmd !== undefined;
        // A script without `#!` is nothing that the kernel can start.
        const needsShell = startedScripts(context, stage).some(
          (script) => script.step === step && interpreterOf(script.file.text) === undefined,
        );
        if (needsShell) {
          continue;
        }
        const plain = hidesCmd ? undefined : execForm(context.dockerfile, step);
        const fix = direct ?? plain ?? execLast(context.dockerfile, step);
        const isHarmful = own !== undefined && !handsOver(step);
        yield {
          message: isHarmful
            ? `${keyword} in shell form: a shell is process 1, and the program may never hear the signal to stop.${hidesCmd ? ' CMD is ignored beside it.' : ''}`
            : `${keyword} in shell form: a shell starts the program.`,
          span: keywordSpan,
          fixes: fix === undefined ? [] : [fix],
          ...(isHarmful ? {} : { severity: 'hint' as const }),
        };
      }
    }
  },
};

/** What sources say that end the program when it is asked to. */
const handlesSignal =
  /\bSIG(?:TERM|INT)\b|enableShutdownHooks|@godaddy\/terminus|close-with-grace|http-graceful-shutdown|http-terminator|lightship|stoppable/;

/**
 * True when the program ends itself on the signal to stop. One that does not is better off behind npm, which ends at
 * once: as process 1 it is ended by nothing that it does not handle.
 */
function endsItself({ dockerfile, project }: AnalysisContext, stage: Stage): boolean {
  const directory = programFolderOf(dockerfile, stage) ?? '';
  return handlesSignal.test(readSources(project, directory, /\.[cm]?[jt]sx?$/));
}

/** Starts what a script of package.json runs, where that is one plain command of Node.js. */
function startsScript(
  { dockerfile, project }: AnalysisContext,
  stage: Stage,
  start: StartInstruction,
): Fix | undefined {
  const { cmd, entrypoint } = startCommand(stage);
  const isManager = ['npm', 'yarn', 'pnpm'].includes(start.words[0] ?? '');
  const hasArguments = start === entrypoint && cmd !== undefined;
  const directory = isManager && !hasArguments ? programFolderOf(dockerfile, stage) : undefined;
  const found = directory === undefined ? undefined : readNodePackage(project, directory);
  if (found === undefined || directory === undefined) {
    return undefined;
  }
  const resolved = resolveStart({ entrypoint: undefined, cmd: start, words: start.words }, found);
  // With Plug’n’Play, Yarn shows Node.js where the modules are.
  if (start.words[0] === 'yarn' && !keepsModules(project, directory)) {
    return undefined;
  }
  if ('reason' in resolved || resolved.kind !== 'file' || !resolved.isPlain) {
    return undefined;
  }
  const setsProduction = start.words.some((word) => /\bNODE_ENV=/.test(found.scripts[word] ?? ''));
  if (setsProduction && stage.end.environment.get('NODE_ENV') !== 'production') {
    return undefined;
  }
  const readsNpm = /\bnpm_(?:package|config|lifecycle)_/.test(
    readSources(project, directory, /\.[cm]?[jt]sx?$/),
  );
  const { instruction } = start.step;
  const place = argumentSpan(instruction);
  return readsNpm || dockerfile.text.slice(place.start, place.end).includes('\n')
    ? undefined
    : {
        title: `Start \`${resolved.words.join(' ')}\` without ${start.words[0]}`,
        applicability: 'review',
        edits: [{ span: place, text: jsonWords(resolved.words) }],
        assumptions: [`${start.words[0]} does nothing before the program that the program needs.`],
      };
}
