import { formatShortSize } from '../engine/estimate/describe.ts';
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
