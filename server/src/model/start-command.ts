import { argumentText } from '../syntax/tree.ts';
import { lastStep, type Stage, type Step } from './dockerfile.ts';

/** CMD or ENTRYPOINT as the container starts it. */
export interface StartInstruction {
  readonly step: Step;
  readonly form: 'shell' | 'json';
  /** The words of the JSON form; of the shell form the text split at white space, which is enough to recognize it. */
  readonly words: readonly string[];
}

/** What starts when a container of a stage starts. */
export interface StartCommand {
  readonly entrypoint: StartInstruction | undefined;
  readonly cmd: StartInstruction | undefined;
  /** The words of both, in the order in which they run. */
  readonly words: readonly string[];
}

/** The start command that a stage's own instructions set; the base image's is not in it. */
export function startCommand(stage: Stage): StartCommand {
  const entrypoint = readStart(lastStep(stage, 'ENTRYPOINT'));
  const cmd = readStart(lastStep(stage, 'CMD'));
  const words =
    entrypoint?.form === 'shell' ? entrypoint.words : [...(entrypoint?.words ?? []), ...(cmd?.words ?? [])];
  return { entrypoint, cmd, words };
}

function readStart(step: Step | undefined): StartInstruction | undefined {
  if (step === undefined) {
    return undefined;
  }
  const { instruction } = step;
  const words =
    instruction.form === 'json'
      ? instruction.words.map((word) => word.value)
      : argumentText(instruction)
          .split(/\s+/)
          .filter((word) => word !== '');
  return { step, form: instruction.form, words };
}

/** The words of a start command, those of a script behind `sh -c` among them. */
export function startedWords(stage: Stage): string[] {
  return startCommand(stage).words.flatMap((word) => word.split(/\s+/).filter((part) => part !== ''));
}
