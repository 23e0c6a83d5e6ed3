import { nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Called } from './called.ts';

/** Settings of package managers, with the programs that read them from the folder of the project by themselves. */
const installers: readonly (readonly [file: RegExp, program: RegExp])[] = [
  [/^\.npmrc$/, /^(?:npm|npx|pnpm|yarn|bun|bunx|turbo|lerna)$/],
  [/^\.yarnrc(?:\.yml)?$/, /^yarn$/],
  [/^bunfig\.toml$/, /^bun$/],
  [/^nuget\.config$/i, /^(?:dotnet|nuget|msbuild)$/],
  [/^auth\.json$/, /^composer$/],
  [/^gradle\.properties$/, /^gradlew?$/],
  [/^(?:settings|maven-settings)\.xml$/, /^mvnw?$/],
  [/^(?:config|credentials)\.toml$/, /^cargo$/],
  [/^config$/, /^bundle$/],
  [/^pip\.conf$/, /^$/],
];

/** The command of a build that reads a file of settings by itself; undefined where none does. */
export function installerOf(called: Called, path: string): string | undefined {
  const readers = installers.filter(([file]) => file.test(nameOf(path)));
  const command = called.commands.find(({ words }) =>
    readers.some(([, program]) => program.test(words[0] ?? '')),
  );
  return command === undefined ? undefined : `\`${command.words.slice(0, 2).join(' ')}\` reads ${path}`;
}

/** Builders that put settings from `.env` files into what they write. */
const bundlers =
  /^(?:vite|next|nuxt|nuxi|astro|gatsby|react-scripts|vue-cli-service|expo|remix|rsbuild|parcel|svelte-kit|razzle|quasar|craco|umi|sapper|webpack|dotenvx|env-cmd)$/;
const publicSetting =
  /^\s{0,20}(?:export\s+)?(?:NEXT_PUBLIC|VITE|VUE_APP|REACT_APP|NUXT|PUBLIC|GATSBY|EXPO_PUBLIC|ASTRO)_\w+\s{0,5}=/m;

/** The builder that takes settings from an `.env` file: public ones, or any where everybody's build has the file. */
export function bundlerOf(called: Called, project: Project, path: string): string | undefined {
  const command = called.commands.find(({ words }) => bundlers.test(words[0] ?? ''));
  const isLoaded =
    project.tracked?.holds(path) === true || publicSetting.test(project.reader.read(path) ?? '');
  return command !== undefined && isLoaded
    ? `\`${command.words.slice(0, 2).join(' ')}\` takes settings from ${path}`
    : undefined;
}
