import { objectOf, textOf } from '../../../project/formats/values.ts';
import { readYaml } from '../../../project/formats/yaml.ts';
import { joinPath } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import type { ContextPath } from '../../../text/path-types.ts';

/** What Ballast reads of a .yarnrc.yml. */
export interface YarnSettings {
  readonly nodeLinker: string | undefined;
  readonly yarnPath: string | undefined;
  readonly enableGlobalCache: boolean | undefined;
}

/** Reads .yarnrc.yml in a folder of the project; undefined where there is none. What is not understood counts as not set. */
export function readYarnSettings(project: Project, directory: ContextPath): YarnSettings | undefined {
  const text = project.reader.read(joinPath(directory, '.yarnrc.yml'));
  if (text === undefined) {
    return undefined;
  }
  const settings = objectOf(readYaml(text));
  const isGlobal = settings['enableGlobalCache'];
  return {
    nodeLinker: textOf(settings['nodeLinker']),
    yarnPath: textOf(settings['yarnPath']),
    enableGlobalCache: typeof isGlobal === 'boolean' ? isGlobal : undefined,
  };
}
