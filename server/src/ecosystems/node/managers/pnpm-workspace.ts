import { textsOf, valueAt } from '../../../project/formats/values.ts';
import { readYaml } from '../../../project/formats/yaml.ts';
import { joinPath } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import type { ContextPath } from '../../../text/path-types.ts';

/** The patterns under `packages:` in pnpm-workspace.yaml; undefined where there are none: pnpm keeps settings in the same file. */
export function pnpmPackages(project: Project, directory: ContextPath): readonly string[] | undefined {
  const text = project.reader.read(joinPath(directory, 'pnpm-workspace.yaml'));
  const packages = text === undefined ? undefined : valueAt(readYaml(text), 'packages');
  return packages === undefined || packages === null ? undefined : textsOf(packages);
}
