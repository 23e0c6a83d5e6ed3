import { commandsOfStep } from '../../model/commands.ts';
import { lastStep, type Stage, type Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { startCommand } from '../../model/start-command.ts';
import type { Span } from '../../text/span.ts';
import type { AnalysisContext } from '../context.ts';
import { serviceCommands, workloadCommands } from '../deployment/deployment.ts';
import { readProbe } from '../service/existing-probe.ts';
import { baseTraits } from '../stage.ts';
import { contextFile } from './context-file.ts';
import { mayChangeMode, type StartedScript, scriptNamed } from './started-scripts.ts';

/** A script of the project that something else than the start of the container starts by its path. */
export interface OtherScript extends StartedScript {
  /** What comes of it where it may not be executed: `the build ends`. */
  readonly outcome: string;
}

/** The scripts that a RUN, the HEALTHCHECK, or services and workloads with a command of their own start. */
export function otherScripts(context: AnalysisContext): readonly OtherScript[] {
  const { stages, final } = context.dockerfile;
  return [
    ...stages.flatMap((stage) => stage.steps.flatMap((step) => scriptsOfRun(context, stage, step))),
    ...(final === undefined ? [] : [...scriptsOfProbe(context, final), ...scriptsOfServices(context, final)]),
  ];
}

function scriptsOfRun(context: AnalysisContext, stage: Stage, step: Step): OtherScript[] {
  const { script, instruction } = step;
  // A mount may bring another file to the same place, and what stands behind `||` copes with a failure.
  const isPlain =
    instruction.keyword === 'RUN' &&
    script?.isUnderstood === true &&
    !/--mount\b/.test(instruction.line.text) &&
    !script.commands.some(({ operator }) => operator === '||');
  if (!isPlain) {
    return [];
  }
  const found = new Map<string, OtherScript>();
  for (const { command, directory } of commandsOfStep(step)) {
    const word = command.nameWord.value ?? '';
    const isStarted = command.isUnconditional && command.isTopLevel && /^[\w./-]*\/[\w.-]+$/.test(word);
    const path = word.startsWith('/') ? word : directory === undefined ? undefined : `${directory}/${word}`;
    const file =
      isStarted && path !== undefined
        ? contextFile(context.dockerfile, context.project, stage, normalizePath(path), step)
        : undefined;
    if (file !== undefined && path !== undefined && !mayChangeMode(step, normalizePath(path))) {
      found.set(path, {
        word,
        span: script.sourceSpan(command.nameWord.span),
        step,
        path: normalizePath(path),
        file,
        isFromShell: true,
        outcome: 'the build ends',
      });
    }
  }
  return [...found.values()];
}

function scriptsOfProbe(context: AnalysisContext, stage: Stage): OtherScript[] {
  const step = lastStep(stage, 'HEALTHCHECK');
  const programs = step === undefined ? [] : (readProbe(context, step)?.programs ?? []);
  return programs.flatMap((word): OtherScript[] => {
    const started =
      step === undefined || !word.includes('/')
        ? undefined
        : { word, step, span: step.instruction.keywordSpan, isFromShell: true };
    const found = started === undefined ? undefined : scriptNamed(context, stage, started);
    return found === undefined ? [] : [{ ...found, outcome: 'each probe ends' }];
  });
}

function scriptsOfServices(context: AnalysisContext, stage: Stage): OtherScript[] {
  const { entrypoint, cmd } = startCommand(stage);
  const [base] = baseTraits(stage, context.images)?.entrypoint ?? [];
  const step = cmd?.step ?? entrypoint?.step;
  // What an ENTRYPOINT does with the words that it is given is its own affair.
  const isStarted = entrypoint === undefined && (base === undefined || /entrypoint/.test(base));
  if (step === undefined || !isStarted) {
    return [];
  }
  return [...serviceCommands(context.project), ...workloadCommands(context.project)].flatMap(
    ({ command, isProbe, by, target, mounts }): OtherScript[] => {
      const script = context.shell.parse(command);
      const [first] = script.isUnderstood ? script.commands : [];
      const word = first?.nameWord.value ?? '';
      const isMeant = target === undefined || target.toLowerCase() === stage.name?.toLowerCase();
      const span: Span = stage.steps.includes(step) ? step.instruction.keywordSpan : stage.imageSpan;
      const found =
        isProbe || !isMeant || !word.includes('/')
          ? undefined
          : scriptNamed(context, stage, { word, step, span, isFromShell: true });
      const isCovered = mounts.some(({ target: folder }) => found?.path.startsWith(`${folder}/`) === true);
      return found === undefined || isCovered ? [] : [{ ...found, outcome: `${by} ends` }];
    },
  );
}
