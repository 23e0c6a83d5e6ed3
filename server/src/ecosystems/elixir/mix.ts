import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption, knownArgs, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { Manifests, PackageManager } from '../toolchain.ts';

/** Mix, which builds as well; as a manager it fetches what mix.exs names. */
export const mix: PackageManager = {
  id: 'mix',
  programs: ['mix'],
  lockFiles: ['mix.lock'],
  settings: ['mix.exs'],
  ownVerbs: /^(?:deps\.(?:get|compile|clean|unlock)|local\.\w+|hex\.\w+|archive\.\w+|help)/,
  quietVerbs: /^(?:local\.\w+|hex\.\w+|help|--version)$/,

  parseInstall: (command) =>
    command.name === 'mix' &&
    mixTasks(command).every((task) => /^(?:deps\.get|local\.\w+)$/.test(task)) &&
    mixTasks(command).includes('deps.get')
      ? { tool: 'mix', isFrozen: true, omitsDev: true, directory: undefined }
      : undefined,

  // Beside the packages lie the settings of Hex, which a mount would hide.
  caches({ step }) {
    const { variables } = step.before;
    const home = variables.has('HEX_HOME') ? variables.get('HEX_HOME') : '/root/.hex';
    return home?.startsWith('/') === true ? [{ path: `${home}/packages` }] : [];
  },
};

/** The tasks that a call of Mix runs, also those of `mix do a, b` and `mix do a + b`; their own words are left out. */
export function mixTasks(command: ShellCommand): string[] {
  const words = knownArgs(command);
  if (words[0] !== 'do') {
    return words.slice(0, 1);
  }
  const tasks: string[] = [];
  let isFirst = true;
  for (const word of words.slice(1)) {
    if (word === '+') {
      isFirst = true;
      continue;
    }
    if (isFirst) {
      tasks.push(word.replace(/,$/, ''));
    }
    isFirst = word.endsWith(',');
  }
  return tasks;
}

/** The files that `mix deps.get` reads: mix.exs and mix.lock, and those of the applications of an umbrella. */
export function mixManifests(project: Project, directory: ContextPath): Manifests {
  const files = ['mix.exs', 'mix.lock'];
  if (!project.isKnown) {
    return { files, doubts: ['The project’s files are not known.'] };
  }
  const read = (name: string): string | undefined => project.reader.read(joinPath(directory, name));
  const own = read('mix.exs');
  if (own === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable mix.exs where the install runs.' };
  }
  const isUmbrella = /\bapps_path:/.test(own);
  const apps = isUmbrella
    ? (project.reader.list(joinPath(directory, 'apps')) ?? [])
        .map((entry) => `apps/${entry.name}/mix.exs`)
        .filter((name) => read(name) !== undefined)
    : [];
  const texts = [own, ...apps.map((name) => read(name) ?? '')].map(withoutComments);
  if (!isUmbrella && texts.some((text) => /\bpath:\s*"/.test(text))) {
    return { files: [], doubts: [], blocker: 'mix.exs names folders of the project as dependencies.' };
  }
  if (
    texts.some((text) =>
      /\bFile\.(?:read|stream|exists|ls)|\bCode\.(?:require|eval)_file|\bPath\.wildcard/.test(text),
    )
  ) {
    return { files: [], doubts: [], blocker: 'mix.exs reads other files of the project.' };
  }
  const lock = read('mix.lock') === undefined ? [] : ['mix.lock'];
  const doubts =
    lock.length > 0 ? [] : ['There is no mix.lock, so that the install may choose other versions.'];
  return withoutIgnored({ files: ['mix.exs', ...lock, ...apps], doubts }, project, directory);
}

/** The text of a source file of Elixir, lines that are comments left out. */
export function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
}

/** True for an option with its value as a word of its own, or behind `=`: the value. */
export function mixOption(command: ShellCommand, name: string): string | undefined {
  const words = knownArgs(command);
  const at = words.indexOf(name);
  return at >= 0 ? words[at + 1] : words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** True for a task that compiles, or makes what browsers load. */
export function isMixBuild(command: ShellCommand): boolean {
  return (
    command.name === 'mix' &&
    !hasOption(command, '--help') &&
    mixTasks(command).some((task) =>
      /^(?:release|compile|deps\.compile|assets\.(?:deploy|build)|phx\.digest|escript\.build|esbuild|tailwind)$/.test(
        task,
      ),
    )
  );
}
