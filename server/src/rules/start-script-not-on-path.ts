import type { AnalysisContext } from '../facts/context.ts';
import { baseName, baseTraits, runningStage } from '../facts/stage.ts';
import { contextFile } from '../facts/start/context-file.ts';
import { type StartedWord, startedPrograms } from '../facts/start/started-scripts.ts';
import type { Fix } from '../fixes/fix.ts';
import { commandSteps } from '../model/commands.ts';
import { allSteps, lineage, type Stage } from '../model/dockerfile.ts';
import { joinImage } from '../model/paths.ts';
import { expand } from '../model/variables.ts';
import type { ImagePath } from '../text/path-types.ts';
import type { Rule } from './rule.ts';

export const startScriptNotOnPath: Rule = {
  meta: {
    id: 'start-script-not-on-path',
    aliases: [],
    summary: 'The script that starts the container is named without a folder, and lies in none of PATH.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The start command is more than the name of the script.',
    needs: ['project', 'images'],
    docs: {
      what: '`ENTRYPOINT` or `CMD` names a script of the project without a folder (`CMD ["start.sh"]`), and the script is copied into the working folder, which `PATH` does not name.',
      why: 'A name without a slash is searched in the folders of `PATH` alone, never in the working folder: the container ends with “executable file not found in $PATH”.',
      silent:
        'The image brings a program of that name; a `RUN` names the script for something else than its mode, and may copy or link it; `PATH` names its folder, or a folder that is not known.',
      fix: 'Names the script by its path. For review.',
      bad: {
        dockerfile:
          'FROM debian:13-slim\nWORKDIR /srv\nCOPY --chmod=755 start.sh ./\nUSER 1000\nCMD ["start.sh"]\n',
        files: { 'start.sh': '#!/bin/sh\nexec sleep 60\n' },
      },
      good: {
        dockerfile:
          'FROM debian:13-slim\nWORKDIR /srv\nCOPY --chmod=755 start.sh ./\nUSER 1000\nCMD ["/srv/start.sh"]\n',
        files: { 'start.sh': '#!/bin/sh\nexec sleep 60\n' },
      },
      switchOff: 'Never.',
      references: ['https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_03'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    const [started] = stage === undefined ? [] : startedPrograms(context, stage);
    const path =
      stage === undefined || started === undefined ? undefined : placeBeside(context, stage, started);
    if (started === undefined || path === undefined) {
      return;
    }
    const fix = byPath(started, path);
    yield {
      message: `${started.word} is searched in the folders of PATH and lies in ${path.slice(0, path.lastIndexOf('/')) || '/'}: the container does not find it.`,
      span: started.span,
      fixes: fix === undefined ? [] : [fix],
    };
  },
};

/** The place of a script in the working folder, where none of PATH holds a program of its name; undefined otherwise. */
function placeBeside(context: AnalysisContext, stage: Stage, { word }: StartedWord): ImagePath | undefined {
  const { workdir } = stage.end;
  const traits = baseTraits(stage, context.images);
  const path = joinImage(workdir ?? '/', word);
  const brings = [...(traits?.tools ?? []), ...(traits?.entrypoint ?? []).map(baseName)];
  if (!/^[\w.-]+$/.test(word) || workdir === undefined || traits === undefined || brings.includes(word)) {
    return undefined;
  }
  const find = (one: ImagePath): string | undefined =>
    contextFile(context.dockerfile, context.project, stage, one)?.text;
  const text = find(path);
  const isScript = text !== undefined && (text.startsWith('#!') || /\.(?:sh|bash|py|rb|pl|js)$/.test(word));
  const folders = [...usual, ...pathFolders(stage)];
  const isOpen = folders.some((one) => one.includes('$') || one.startsWith('.'));
  const isFound = folders.some(
    (one) => joinImage(one, word) === path || find(joinImage(one, word)) !== undefined,
  );
  return isScript && !isOpen && !isFound && !isHandled(stage, word) ? path : undefined;
}

/** The folders that the Dockerfile puts into PATH, as written where a variable of them is not known. */
function pathFolders(stage: Stage): string[] {
  return allSteps(stage)
    .filter((step) => step.instruction.keyword === 'ENV')
    .flatMap((step) =>
      step.instruction.pairs
        .filter(({ name }) => name === 'PATH')
        .flatMap(({ value }) => (value ?? '').replace(/["']/g, '').split(':'))
        .filter((one) => one !== '' && !/^\$\{?PATH\}?$/.test(one))
        .map((one) => expand(one, step.before.variables, '\\') ?? one),
    );
}

const usual = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** True where a RUN names the script for something else than its mode or its line breaks, or is not understood. */
function isHandled(stage: Stage, word: string): boolean {
  const steps = lineage(stage).flatMap((one) => one.steps);
  const isHidden = steps.some(
    ({ instruction, script }) =>
      instruction.keyword === 'RUN' && script?.isUnderstood !== true && instruction.line.text.includes(word),
  );
  return (
    isHidden ||
    lineage(stage)
      .flatMap((one) => commandSteps(one))
      .some(
        ({ command }) =>
          !['chmod', 'chown', 'sed', 'dos2unix', 'ls'].includes(command.name ?? '') &&
          command.args.some((one) => one.text.includes(word) || /\*\.?\w*$/.test(one.text)),
      )
  );
}

function byPath({ word, span, step, isFromShell }: StartedWord, path: ImagePath): Fix | undefined {
  const { line, argumentsStart } = step.instruction;
  const isFirst = line.text.slice(argumentsStart).split(/\s/, 1)[0] === word;
  if (isFromShell && !isFirst) {
    return undefined;
  }
  return {
    title: `Name it as ${path}`,
    applicability: 'review',
    edits: [
      isFromShell
        ? { span: line.sourceSpan(argumentsStart, argumentsStart + word.length), text: path }
        : { span, text: JSON.stringify(path) },
    ],
    assumptions: [],
  };
}
