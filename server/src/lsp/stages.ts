import { formatShortSize } from '../engine/estimate/describe.ts';
import type { Project } from '../project/project.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { StagesView } from './messages.ts';
import type { Snapshot } from './snapshots.ts';

/** The stages of a Dockerfile that can be built by themselves: those with a name, and the last. */
export function stagesOf(snapshot: Snapshot): StagesView {
  const { lines, report, project } = snapshot;
  const { stages, final } = report.image;
  const names = stages.map(({ stage }) => stage.name?.toLowerCase());
  const target = project.project.target?.toLowerCase();
  const byDefault =
    target !== undefined && names.includes(target) ? names.indexOf(target) : stages.length - 1;
  return {
    stages: stages.flatMap((one, i) => {
      const { name, from } = one.stage;
      // Of two stages with one name only the first can be asked for.
      const isReached = name !== undefined && names.indexOf(name.toLowerCase()) === i;
      if (!isReached && i !== stages.length - 1) {
        return [];
      }
      const isDefault = i === byDefault;
      return [
        {
          ...(isReached ? { name } : {}),
          line: lines.lineAt(from.span.start),
          size: formatShortSize({ stages, final: one }),
          isChosen: one === final,
          isDefault,
          isNamedByBuild: isDefault && target !== undefined && names[i] === target,
        },
      ];
    }),
  };
}

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
