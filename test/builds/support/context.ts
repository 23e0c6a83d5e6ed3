import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A copy of a project that a test may change and build. */
export interface BuildContext {
  readonly folder: string;
  /** Writes a file of the context; the path is relative to it. */
  write(path: string, text: string): void;
  remove(): void;
}

/** Names that belong to the suite, not to the project. */
const ownNames = new Set(['expected.Dockerfile', 'expected.files', 'node_modules', '.cache']);

/** Copies a project into a fresh build context, without the expectations beside it. */
export function makeContext(project: string): BuildContext {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-build-'));
  for (const name of readdirSync(project)) {
    if (!ownNames.has(name)) cpSync(join(project, name), join(folder, name), { recursive: true });
  }
  return {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Puts the files that a hand-written expectation brings along (`expected.files`) into a context. */
export function addExpectedFiles(context: BuildContext, expectations: string): void {
  const source = join(expectations, 'expected.files');
  if (existsSync(source)) cpSync(source, context.folder, { recursive: true });
}
