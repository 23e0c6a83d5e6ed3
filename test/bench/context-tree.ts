import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dockerfileEnd = `
FROM node:22-slim
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node", "server.js"]
`;

/**
 * Makes a project of so many files in a temporary folder and returns it: nine tenths of them in a node_modules of
 * 400 MB, some in .git and src, a `.env`, and the Dockerfile with a stage that copies everything. The files have their
 * sizes without taking the room on the disk.
 */
export function makeContextTree(files: number, dockerfile: string): string {
  const root = mkdtempSync(join(tmpdir(), 'ballast-bench-context-'));
  const packages = Math.round(files * 0.9);
  fill(root, 'node_modules', packages, Math.round(400_000_000 / packages));
  fill(root, '.git/objects', Math.round(files * 0.05), 2000);
  fill(root, 'src', Math.round(files * 0.05), 1000);
  writeFileSync(join(root, '.env'), 'DATABASE_PASSWORD=hunter2\n');
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(root, 'Dockerfile'), dockerfile + dockerfileEnd);
  return root;
}

/** Ten files to a folder, ten folders to a folder. */
function fill(root: string, folder: string, count: number, bytes: number): void {
  for (let i = 0; i < count; i++) {
    const path = join(root, folder, String(Math.floor(i / 100)), String(Math.floor(i / 10) % 10));
    if (i % 10 === 0) {
      mkdirSync(path, { recursive: true });
    }
    const file = openSync(join(path, `file${i % 10}.js`), 'w');
    ftruncateSync(file, bytes);
    closeSync(file);
  }
}
