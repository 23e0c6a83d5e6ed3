import { memoizeFor } from '../text/memoize.ts';
import type { Project } from './project.ts';

/** The project with another target than what builds it says: the name of a stage, or none for the last. */
export function withTarget(project: Project, target: string | undefined): Project {
  return targeted(project)(target);
}

/** One object for each target, to which what was made of the project is kept. */
const targeted = memoizeFor((project: Project) => {
  const made = new Map<string | undefined, Project>();
  return (target: string | undefined): Project => {
    const known =
      made.get(target) ??
      // What the build context weighs is asked for each time: a copy of its value would be out of date.
      (Object.create(null, {
        ...Object.getOwnPropertyDescriptors(project),
        target: { value: target, enumerable: true },
      }) as Project);
    made.set(target, known);
    return known;
  };
});
