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

/** Commands of Laravel that change `.env`, and stop where it is not there, or keep its values in a cache that is read in its place. */
const settingsCommand = /^(?:key:generate|jwt:secret|webpush:vapid|env:encrypt|config:cache|optimize)$/;

/** The command of Laravel in a build that reads `.env` itself, unless one above it has copied another file there. */
export function artisanOf({ commands }: Called, path: string): string | undefined {
  if (nameOf(path) !== '.env') {
    return undefined;
  }
  const at = commands.findIndex(({ words }) => {
    const verb = words.findIndex((word) => nameOf(word) === 'artisan') + 1;
    return verb > 0 && verb < 4 && settingsCommand.test(words[verb] ?? '') && !words.includes('--show');
  });
  const isMade = commands
    .slice(0, Math.max(at, 0))
    .some(
      ({ words }) =>
        /^(?:cp|mv)$/.test(words[0] ?? '') &&
        nameOf(words.at(-1) ?? '') === '.env' &&
        !words.some((word) => /^-\w*n|^--(?:no-clobber|update)/.test(word)),
    );
  return at < 0 || isMade
    ? undefined
    : `\`${commands[at]?.words.slice(0, 3).join(' ') ?? ''}\` reads ${path}`;
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
