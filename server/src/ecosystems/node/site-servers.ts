import { nameOf } from '../../project/paths.ts';
import { table } from '../../text/table.ts';

/** A program that gives a folder of files to browsers, mostly while developing. */
export interface SiteServer {
  readonly program: string;
  /** The commands that serve; undefined where any does but `build`. */
  readonly commands?: readonly string[];
  /** The port it listens on when nothing names one, by its command; `''` is any other. */
  readonly ports: Readonly<Record<string, string>>;
  /** True where it takes its port from PORT. */
  readonly honoursPort?: true;
  /** Where its command names the folder: a word of its own, or behind an option; undefined where it takes the bundler's own. */
  readonly folder?: 'word' | '--dir';
  /** The folder that it builds to, where that cannot be set. */
  readonly output?: string;
  /** `files`: what is asked for, unless it is told otherwise. `page`: the start page for unknown paths. `pages`: a file for each. */
  readonly serves: 'files' | 'page' | 'pages';
}

/** Servers of files, with the port each listens on. Source: their own documentation, 2026-11. */
const siteServers: readonly SiteServer[] = [
  { program: 'serve', ports: table({ '': '3000' }), honoursPort: true, folder: 'word', serves: 'files' },
  {
    program: 'http-server',
    ports: table({ '': '8080' }),
    honoursPort: true,
    folder: 'word',
    serves: 'files',
  },
  { program: 'sirv', ports: table({ '': '8080' }), honoursPort: true, folder: 'word', serves: 'files' },
  { program: 'local-web-server', ports: table({ '': '8000' }), serves: 'page' },
  { program: 'vite', ports: table({ preview: '4173', '': '5173' }), serves: 'page' },
  { program: 'react-scripts', ports: table({ '': '3000' }), honoursPort: true, serves: 'page' },
  { program: 'ng', ports: table({ '': '4200' }), serves: 'page' },
  { program: 'vue-cli-service', ports: table({ '': '8080' }), serves: 'page' },
  { program: 'webpack-dev-server', ports: table({ '': '8080' }), serves: 'page' },
  { program: 'astro', commands: ['preview'], ports: table({ preview: '4321' }), serves: 'pages' },
  { program: 'gatsby', ports: table({ serve: '9000' }), output: 'public', serves: 'pages' },
  {
    program: 'docusaurus',
    ports: table({ serve: '3000' }),
    folder: '--dir',
    output: 'build',
    serves: 'pages',
  },
];

/** The server that words start, a version behind its name left out; undefined where they start none. */
export function siteServerOf(words: readonly string[]): SiteServer | undefined {
  const [program = '', command] = words;
  const found = siteServers.find((one) => one.program === nameOf(program).replace(/(.)@.*/s, '$1'));
  const serves = found?.commands?.includes(command ?? '') ?? command !== 'build';
  return serves ? found : undefined;
}

/** True for the name of a program that does nothing else. */
export function isSiteServer(name: string): boolean {
  return siteServers.some((one) => one.program === name && one.commands === undefined);
}
