import type { CommandStep } from '../../model/commands.ts';
import { expandText } from '../../model/expansion.ts';

/** What the variables among the words of a command stand for. */
export interface HiddenWords {
  readonly words: readonly string[];
  /** False where one of them is not known, so that it may hold any option. */
  readonly isComplete: boolean;
}

/**
 * The words that stand in variables of a command: `pnpm install ${PNPM_ARGS}`. Only a word that begins with its variable
 * can bring options of its own.
 */
export function hiddenWords({ command, step }: CommandStep): HiddenWords {
  const written = command.args.map((word) => word.text).filter((text) => /^"?[$`]/.test(text));
  const values = written.map((text) => {
    const { value, missing } = expandText(text, step.before.variables, { escape: '\\' });
    return missing.size > 0 || text.includes('`') || text.includes('$(') ? undefined : value;
  });
  return {
    words: values.flatMap((value) => value?.split(/\s+/).filter((word) => word !== '') ?? []),
    isComplete: values.every((value) => value !== undefined),
  };
}
