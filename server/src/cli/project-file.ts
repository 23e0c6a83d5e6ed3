import { dirname, join } from 'node:path';
import { type ProjectConfig, projectFileSchema } from '../engine/config.ts';
import { readProjectFileText } from '../engine/project-file-text.ts';
import type { Files } from './host.ts';

/** Name of the file that configures Ballast for a project. */
export const projectFileName = '.ballast.json';

/** A project file that cannot be used. The message is one line and says where and why. */
export class ProjectFileError extends Error {}

/** Finds and reads project files, each once. */
export class ProjectFiles {
  private readonly files: Files;
  private readonly pathByFolder = new Map<string, string | undefined>();
  private readonly configByPath = new Map<string, ProjectConfig>();

  constructor(files: Files) {
    this.files = files;
  }

  /** Path of the nearest project file in a folder or above it; undefined where there is none. */
  pathFor(folder: string): string | undefined {
    if (!this.pathByFolder.has(folder)) {
      const path = join(folder, projectFileName);
      const parent = dirname(folder);
      const above = parent === folder ? undefined : this.pathFor(parent);
      this.pathByFolder.set(folder, this.files.kindOf(path) === 'file' ? path : above);
    }
    return this.pathByFolder.get(folder);
  }

  hasRead(path: string): boolean {
    return this.configByPath.has(path);
  }

  /** @throws ProjectFileError, FileError */
  read(path: string): ProjectConfig {
    const known = this.configByPath.get(path);
    const config = known ?? parseProjectFile(new TextDecoder().decode(this.files.read(path)));
    this.configByPath.set(path, config);
    return config;
  }
}

/**
 * Reads the text of a project file. `$schema` may be there for the editor's sake.
 * @throws ProjectFileError
 */
export function parseProjectFile(text: string): ProjectConfig {
  const read = readProjectFileText(text);
  if ('error' in read) {
    throw new ProjectFileError(read.error);
  }
  let { value } = read;
  if (typeof value === 'object' && value !== null && '$schema' in value) {
    const { $schema: _, ...settings } = value;
    value = settings;
  }
  const result = projectFileSchema().safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const at = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new ProjectFileError(`${at}${issue?.message ?? 'not a valid configuration'}`);
  }
  return result.data;
}
