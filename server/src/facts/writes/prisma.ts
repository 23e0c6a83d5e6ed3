import { directoryOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';

/**
 * The variables that schemas of Prisma take the address of an SQLite file from, with the folder of the schema: Prisma
 * counts such an address from there, wherever the variable is set.
 */
export function prismaVariables(project: Project, files: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of files.filter((one) => /(?:^|\/)schema\.prisma$/.test(one))) {
    const text = project.reader.read(file) ?? '';
    const source = /\bdatasource\s+\w+\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
    const name = /\burl\s*=\s*env\(\s*"(\w+)"/.exec(source)?.[1];
    if (name !== undefined && /\bprovider\s*=\s*"sqlite"/.test(source)) {
      found.set(name, directoryOf(file));
    }
  }
  return found;
}
