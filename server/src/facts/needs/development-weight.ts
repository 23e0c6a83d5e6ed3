import type { Project } from '../../project/project.ts';
import type { KnownSize } from '../../sizes/size.ts';

/** What the development part of node_modules takes on this machine, where it was measured. */
export function developmentWeight(project: Project): KnownSize | undefined {
  const folder = project.context?.dependencies.find((one) => one.ecosystem === 'node');
  const bytes = folder?.development?.bytes;
  return bytes === undefined || project.context === undefined
    ? undefined
    : {
        kind: 'known',
        low: bytes,
        high: bytes,
        atLeast: !project.context.isComplete,
        measure: 'disk',
        basis: 'measured',
        source: `${folder?.path ?? 'node_modules'} of the build context, packages that the lock file calls development-only`,
        date: project.context.date.slice(0, 10),
      };
}
