import { findsProgram } from '../facts/base/programs.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { baseTraits, runningStage } from '../facts/stage.ts';
import {
  interpreterOf,
  type StartedScript,
  startedPrograms,
  startedScripts,
} from '../facts/start/started-scripts.ts';
import { installPackage } from '../fixes/install-package.ts';
import { allSteps, rootBase, type Stage } from '../model/dockerfile.ts';
import type { Finding, Rule } from './rule.ts';

/** Shells that a distribution has packages for, by the names of the programs. */
const shells = ['bash', 'zsh', 'ksh', 'fish', 'dash'];

export const startScriptInterpreterAbsent: Rule = {
  meta: {
    id: 'start-script-interpreter-absent',
    aliases: [],
    summary: 'The script that starts the container asks for a program that the image does not have.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'How this image installs the program is not known.',
    needs: ['project', 'images'],
    docs: {
      what: '`ENTRYPOINT` or `CMD` starts a script whose `#!` line names an interpreter that is not in the image (bash on Alpine, any shell on distroless), or one that this image has in another folder (`/usr/bin/python3` in `python:3.13-slim`), or that has no `#!` line although no shell starts it; or it starts such a shell itself.',
      why: 'The container ends at once, with “no such file or directory” or “exec format error”.',
      silent:
        'What the image holds is not known; the interpreter is installed or copied; a `RUN` may bring more than it names; the script is not found among the copied files.',
      fix: 'Installs the shell with the package manager of the image, with the packages that are installed already where there are any. For review. Where the script does without what only bash has, `#!/bin/sh` saves the package.',
      bad: {
        dockerfile: 'FROM alpine:3.22\nCOPY start.sh /\nUSER 1000\nENTRYPOINT ["/start.sh"]\n',
        files: { 'start.sh': '#!/bin/bash\nexec sleep 60\n' },
      },
      good: {
        dockerfile: 'FROM alpine:3.22\nCOPY start.sh /\nUSER 1000\nENTRYPOINT ["/start.sh"]\n',
        files: { 'start.sh': '#!/bin/sh\nexec sleep 60\n' },
      },
      switchOff: 'Never, as long as the image is the one that is named.',
      references: ['https://docs.docker.com/reference/dockerfile/#entrypoint'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined) {
      return;
    }
    for (const script of startedScripts(context, stage)) {
      const finding = aboutScript(context, stage, script);
      if (finding !== undefined) {
        yield finding;
      }
    }
    for (const { word, span, isFromShell } of startedPrograms(context, stage)) {
      const program = word.replace(/^(?:\/usr)?\/bin\//, '');
      if (!isFromShell && [...shells, 'sh'].includes(program) && isAbsent(context, stage, program)) {
        yield {
          message: `The container starts ${program}, and ${imageOf(stage)} has none.`,
          span,
          fixes: fixesFor(context, stage, program),
        };
      }
    }
  },
};

function aboutScript(context: AnalysisContext, stage: Stage, script: StartedScript): Finding | undefined {
  const { file, span, isFromShell } = script;
  const name = file.path ?? script.word;
  const interpreter = interpreterOf(file.text.replace(/\r/g, ''));
  if (interpreter === undefined) {
    const isText = /^[ -~\t\r\n\uFEFF]/.test(file.text) && /\.(?:sh|bash)$/.test(script.path);
    return isFromShell || !isText || file.runsBehind.length > 0
      ? undefined
      : {
          message: `${name} has no \`#!\` line, and no shell starts it: the container ends with “exec format error”.`,
          span,
        };
  }
  const { program, path, isFromEnv } = interpreter;
  const elsewhere = isFromEnv ? undefined : placeOf(context, stage, path);
  if (elsewhere !== undefined) {
    return {
      message: `${name} asks for ${path} in its first line, and ${imageOf(stage)} has ${program} at ${elsewhere}: the container does not start.`,
      span,
    };
  }
  const isPlace = isFromEnv || /^(?:\/usr)?\/bin\/[^/]+$/.test(path);
  if (program === '' || !isPlace || !isAbsent(context, stage, program)) {
    return undefined;
  }
  return {
    message: `${name} asks for ${program} in its first line, and ${imageOf(stage)} has none: the container does not start.`,
    span,
    fixes: fixesFor(context, stage, program),
  };
}

/** Images of languages that hold their interpreter below /usr/local alone, by the names of their programs. */
const ownInterpreters = new Map<string, RegExp>([
  ['node', /^(?:node|nodejs)$/],
  ['python', /^python[\d.]*$/],
  ['ruby', /^ruby$/],
  ['php', /^php$/],
]);

/**
 * Where the image of a language has the interpreter that a script looks for in another folder; undefined where it is there,
 * or may have been put there. The full images of Python stand on one that brings Debian's own.
 */
function placeOf(context: AnalysisContext, stage: Stage, path: string): string | undefined {
  const traits = baseTraits(stage, context.images);
  const program = /^(?:\/usr)?\/bin\/([\w.-]+)$/.exec(path)?.[1];
  const isOwn = program !== undefined && ownInterpreters.get(traits?.family ?? '')?.test(program) === true;
  const isAlone = traits?.family !== 'python' || traits.variant === 'slim' || traits.variant === 'alpine';
  const mayBePut = allSteps(stage).some(
    (step) =>
      (step.instruction.keyword === 'RUN' &&
        (step.script?.isUnderstood !== true || step.instruction.line.text.includes(program ?? ''))) ||
      step.instruction.line.text.includes(path),
  );
  return isOwn && isAlone && !mayBePut ? `/usr/local/bin/${program}` : undefined;
}

function isAbsent(context: AnalysisContext, stage: Stage, program: string): boolean {
  const traits = baseTraits(stage, context.images);
  if (program === 'sh' && traits?.hasShell !== false && rootBase(stage).kind !== 'scratch') {
    return false;
  }
  const found = findsProgram(context, stage, program);
  return found.state === 'known' && !found.value;
}

function fixesFor(context: AnalysisContext, stage: Stage, program: string): NonNullable<Finding['fixes']> {
  const traits = baseTraits(stage, context.images);
  const fix = shells.includes(program)
    ? installPackage(context.dockerfile, stage, traits, program)
    : undefined;
  return fix === undefined ? [] : [fix];
}

function imageOf(stage: Stage): string {
  const base = rootBase(stage);
  return base.kind === 'image' ? base.name : 'the image';
}
