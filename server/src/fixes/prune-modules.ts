import type { Dockerfile, Stage } from '../model/dockerfile.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Makes the commands that take development dependencies away the last step of a stage. Undefined for a stage without steps. */
export function pruneModules(
  dockerfile: Dockerfile,
  stage: Stage,
  commands: readonly string[],
): Fix | undefined {
  const last = stage.steps.at(-1);
  const layout = new Layout(dockerfile.syntax);
  return last === undefined
    ? undefined
    : {
        title: `Remove development dependencies in the builder: ${commands.at(-1)}`,
        applicability: 'review',
        edits: [layout.insertAfter(last.instruction, [`${layout.keyword('RUN')} ${commands.join(' && ')}`])],
        assumptions: ['The program loads no package that is declared for development only.'],
      };
}
