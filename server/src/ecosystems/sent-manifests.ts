import { readIgnoreFile } from '../project/ignore-file.ts';
import { joinPath } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import type { ContextPath } from '../text/path-types.ts';
import type { Manifests } from './toolchain.ts';

/** What the ignore file keeps out of the build cannot be copied: an install then has to stay as it is. */
export function withoutIgnored(found: Manifests, project: Project, directory: ContextPath): Manifests {
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  const ignored = found.files.find(
    (file) => matcher?.ignores(joinPath(directory, file.replace(/\/$/, ''))) === true,
  );
  return ignored === undefined
    ? found
    : { files: [], doubts: [], blocker: `The ignore file leaves out ${ignored}.` };
}
