import type { Workspace } from '../../ecosystems/node/workspaces.ts';
import { baseName } from '../stage.ts';

/** Verbs of the managers themselves: no script is meant where package.json has none of that name. */
export const managerVerbs =
  /^(?:ci|i|install|add|remove|prune|rebuild|config|cache|set|link|dlx|create|init|publish|pack|audit|update|upgrade|x|exec|node|workspaces?|why|list|ls|store|import|fetch|deploy|setup|pm|build)$/;

/** What a call of a package manager of Node.js runs. */
export interface ManagerCall {
  readonly script: string | undefined;
  /** The folder that it is told to work in. */
  readonly folder: string | undefined;
  /** The package of a project with several, by its name or folder, as written. */
  readonly workspace: string | undefined;
  /** The words behind the script. */
  readonly rest: readonly string[];
}

const folderOptions = ['--prefix', '--cwd', '-C', '--dir'];

/** Reads `npm run dev -w web`, `pnpm --filter web start`, `yarn workspace web start`, `npm --prefix web start`. */
export function readManagerCall(words: readonly string[]): ManagerCall {
  const manager = baseName(words[0] ?? '');
  // To pnpm, `-w` is the root of the workspace.
  const workspaceOptions =
    manager === 'npm' ? ['-w', '--workspace'] : manager === 'yarn' ? [] : ['-F', '--filter'];
  const rest: string[] = [];
  let folder: string | undefined;
  let workspace: string | undefined;
  for (let i = 1; i < words.length; i++) {
    const word = words[i] ?? '';
    const [option = '', value] = word.split('=');
    const isBehind = rest.length > 0 && !['run', 'run-script', 'workspace'].includes(rest[0] ?? '');
    // npm takes its own options anywhere in front of two dashes, the others in front of the script.
    const isOwn = !isBehind || (manager === 'npm' && !words.slice(0, i).includes('--'));
    if (isOwn && workspaceOptions.includes(option)) {
      workspace = value ?? words[++i];
    } else if (isBehind) {
      rest.push(word);
    } else if (folderOptions.includes(option)) {
      folder = value ?? words[++i];
    } else if (manager === 'yarn' && rest[0] === 'workspace') {
      workspace = word;
      rest.pop();
    } else if (!word.startsWith('-')) {
      rest.push(word);
    }
  }
  const isRun = ['run', 'run-script'].includes(rest[0] ?? '');
  const [script, ...behind] = isRun ? rest.slice(1) : rest;
  const isFile = manager === 'bun' && /[./]/.test(script ?? '');
  return {
    script: isFile ? undefined : script,
    folder,
    workspace,
    rest: behind.filter((word) => word !== '--'),
  };
}

/** The package that is meant, by its name or its folder; undefined for a pattern, which may mean several. */
export function workspaceNamed(name: string, all: readonly Workspace[]): Workspace | undefined {
  const folder = name.replace(/^\.\//, '').replace(/(?<=[^/])\/$/, '');
  return all.find(({ found }) => found.name === name) ?? all.find(({ directory }) => directory === folder);
}
