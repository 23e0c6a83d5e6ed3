import type { ShellCommand, ShellWord } from '../syntax/shell/script.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { ImagePath } from '../text/path-types.ts';
import type { Script, Stage, Step } from './dockerfile.ts';
import { boundedPath, normalizePath } from './paths.ts';

/** A command of a RUN, with where it runs. */
export interface CommandStep {
  readonly step: Step;
  readonly script: Script;
  readonly command: ShellCommand;
  /** Folder in the image that the command runs in, `cd` in front of it included; undefined where it is not known. */
  readonly directory: ImagePath | undefined;
}

/** The commands of a stage's own RUNs that a rule may speak about: the shell text was understood. */
export const commandSteps = memoizeFor((stage: Stage): readonly CommandStep[] =>
  stage.steps.flatMap((step) => (step.script?.isUnderstood === true ? commandsOfStep(step) : [])),
);

/** The commands of one RUN, in order, with the folder each runs in; none for other instructions. */
export const commandsOfStep = memoizeFor((step: Step): readonly CommandStep[] => {
  const { script } = step;
  if (script === undefined) {
    return [];
  }
  let directory = step.before.workdir;
  return script.commands.map((command) => {
    const result = { step, script, command, directory };
    if (command.name === 'cd' || command.name === 'pushd') {
      const to = command.args[0]?.value;
      const isPlain =
        to !== undefined && command.isTopLevel && (to.startsWith('/') || directory !== undefined);
      directory = isPlain ? boundedPath(to.startsWith('/') ? to : `${directory}/${to}`) : undefined;
    }
    return result;
  });
});

/** The absolute path that a word names for a command that runs in `directory`; what a final `/*` stands below counts as the folder. Undefined where it is not known. */
export function pathOf(word: ShellWord, directory: ImagePath | undefined): ImagePath | undefined {
  const text = word.value ?? word.text.replace(/\/\*$/, '');
  if (/[$*?`]/.test(text)) {
    return undefined;
  }
  if (text.startsWith('/')) {
    return normalizePath(text);
  }
  return directory === undefined || text.startsWith('~') ? undefined : normalizePath(`${directory}/${text}`);
}
