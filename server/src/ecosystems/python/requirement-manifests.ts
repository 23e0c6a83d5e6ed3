import { readRequirements } from '../../project/formats/requirements.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { operands, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Manifests } from '../toolchain.ts';

/** The requirements files that an install names, and those that they include. */
export function requirementManifests(
  command: ShellCommand,
  named: readonly string[],
  project: Project,
  directory: ContextPath,
): Manifests {
  const blocked = (blocker: string): Manifests => ({ files: [], doubts: [], blocker });
  const hidden = command.args.some((word) => word.value === undefined);
  if (hidden || named.some((file) => file.startsWith('/') || file.includes('://') || file.includes('..'))) {
    return blocked('The requirements file is not in the build context.');
  }
  if (!project.isKnown) {
    return { files: named, doubts: ['The project’s files are not known.'] };
  }
  const files = [...named];
  for (const file of files) {
    const text = project.reader.read(joinPath(directory, file));
    if (text === undefined) {
      return blocked(`There is no readable ${file} in the build context.`);
    }
    const requirements = readRequirements(text);
    if (requirements.some((one) => one.kind === 'local')) {
      return blocked(`${file} names a folder of the project.`);
    }
    // Files that a requirements file includes count from its own folder.
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
    for (const one of requirements) {
      if (one.kind !== 'file' && one.kind !== 'constraint') {
        continue;
      }
      const included = `${folder}${one.path.replace(/^\.\//, '')}`;
      if (included.includes('..') || included.includes('://')) {
        return blocked(`${file} refers to a file outside of its folder.`);
      }
      if (!files.includes(included)) {
        files.push(included);
      }
    }
  }
  const hasProject = operands(command).some((word) => /^\.(?:$|\/|\[)/.test(word.value ?? ''));
  return hasProject ? blocked('The install builds the project itself.') : { files, doubts: [] };
}
