import type { SyntaxProblem } from '../../syntax/tree.ts';
import type { Dockerfile, Stage } from '../dockerfile.ts';
import { copyRefusals } from './copies.ts';
import { portRefusals } from './ports.ts';
import { runRefusals } from './runs.ts';
import { sourceRefusals } from './sources.ts';
import { stageRefusals } from './stages.ts';
import { textRefusals } from './texts.ts';
import { Values } from './values.ts';
import { valueRefusals } from './words.ts';

/**
 * What BuildKit refuses when it turns the instructions into a build: quotes and variables, stages that cannot be found,
 * mounts, ports, signals, image names. What its parser refuses stands in `syntax.problems`. As of BuildKit 0.34, whose
 * own answers are in test/syntax/data/buildkit-refusals.json.
 *
 * `environmentOf` gives the names of the variables that the base image of a stage sets; undefined where that is not known.
 * Where a value is decided by a build argument, or by what an unknown image sets, nothing is said.
 */
export function findRefusals(
  dockerfile: Dockerfile,
  environmentOf: (stage: Stage) => readonly string[] | undefined,
): SyntaxProblem[] {
  const found: SyntaxProblem[] = [...stageRefusals(dockerfile)];
  for (const stage of dockerfile.stages) {
    const environment = environmentOf(stage);
    for (const step of stage.steps) {
      const values = new Values(step, dockerfile.syntax.escape, environment);
      const [text] = textRefusals(step, values);
      // The first fault of an instruction is enough: BuildKit names no other.
      const [first] =
        text === undefined
          ? [
              ...valueRefusals(step, values),
              ...portRefusals(step, values),
              ...copyRefusals(step, values),
              ...runRefusals(step, values),
              ...sourceRefusals(dockerfile, stage, step),
            ]
          : [text];
      if (first !== undefined) {
        found.push(first);
      }
    }
  }
  const known = new Set(dockerfile.syntax.problems.map((problem) => problem.span.start));
  return found
    .filter((problem) => !known.has(problem.span.start))
    .sort((a, b) => a.span.start - b.span.start);
}
