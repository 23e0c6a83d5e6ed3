import { parse as parseToml } from 'smol-toml';
import { statedRelease } from '../../ecosystems/java/stated-release.ts';
import { rangeAllows } from '../../images/version-range.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { table } from '../../text/table.ts';
import { type Known, known, unknown } from '../known.ts';

/** The version of a language that a project asks for. */
export interface WantedVersion {
  /** An exact version or release line (`3.3.5`, `22`), or a range (`>=18 <21`). */
  readonly text: string;
  readonly isRange: boolean;
  /** True where any newer version does as well. */
  readonly isLeast: boolean;
  /** The file that says so, relative to the build context. */
  readonly file: string;
}

/** Reads a version, or a range, out of the text of a file. */
type Read = (text: string) => string | undefined;

interface Source {
  readonly file: string;
  readonly read: Read;
  readonly isRange?: true;
  readonly isLeast?: true;
}

/** The files in which projects say which version they want, by the family of the image; the most binding first. */
const sources: ReadonlyMap<string, readonly Source[]> = new Map<string, readonly Source[]>([
  [
    'node',
    [
      { file: '.nvmrc', read: nodeVersion },
      { file: '.node-version', read: nodeVersion },
      toolVersions('nodejs', 'node'),
      { file: 'package.json', read: (text) => jsonText(text, 'volta', 'node') },
      { file: 'package.json', read: (text) => jsonText(text, 'engines', 'node'), isRange: true },
    ],
  ],
  [
    'python',
    [
      { file: '.python-version', read: firstLine },
      toolVersions('python'),
      { file: 'runtime.txt', read: (text) => /^python-(\S+)/.exec(text.trim())?.[1] },
      { file: 'Pipfile', read: (text) => tomlText(text, 'requires', 'python_full_version') },
      { file: 'Pipfile', read: (text) => tomlText(text, 'requires', 'python_version') },
      { file: 'pyproject.toml', read: (text) => tomlText(text, 'project', 'requires-python'), isRange: true },
      {
        file: 'pyproject.toml',
        read: (text) => tomlText(text, 'tool', 'poetry', 'dependencies', 'python'),
        isRange: true,
      },
    ],
  ],
  [
    'ruby',
    [
      { file: '.ruby-version', read: (text) => firstLine(text)?.replace(/^ruby-/, '') },
      toolVersions('ruby'),
      { file: 'Gemfile', read: (text) => /^[ \t]*ruby[ \t(]{1,4}["'](\d[\d.]*)["']/m.exec(text)?.[1] },
    ],
  ],
  [
    'golang',
    [
      { file: '.go-version', read: firstLine },
      toolVersions('golang', 'go'),
      { file: 'go.mod', read: (text) => /^toolchain go(\d+\.\d+)/m.exec(text)?.[1] },
      { file: 'go.mod', read: (text) => /^go (\d+\.\d+)/m.exec(text)?.[1], isLeast: true },
    ],
  ],
  [
    'rust',
    [
      { file: 'rust-toolchain.toml', read: (text) => rustChannel(tomlText(text, 'toolchain', 'channel')) },
      {
        file: 'rust-toolchain',
        read: (text) => rustChannel(tomlText(text, 'toolchain', 'channel') ?? firstLine(text)),
      },
      toolVersions('rust'),
    ],
  ],
  [
    'php',
    [
      { file: '.php-version', read: firstLine },
      toolVersions('php'),
      { file: 'composer.json', read: (text) => jsonText(text, 'config', 'platform', 'php') },
      { file: 'composer.json', read: (text) => jsonText(text, 'require', 'php'), isRange: true },
    ],
  ],
  ['eclipse-temurin', javaSources()],
  ['amazoncorretto', javaSources()],
  ['elixir', [toolVersions('elixir'), { file: '.elixir-version', read: firstLine }]],
  ['erlang', [toolVersions('erlang')]],
  ['bun', [{ file: '.bun-version', read: firstLine }, toolVersions('bun')]],
  ['deno', [{ file: '.dvmrc', read: firstLine }, toolVersions('deno')]],
  ['perl', [{ file: '.perl-version', read: firstLine }, toolVersions('perl')]],
]);

/**
 * The version that the project in `directories` of the build context wants of what the images of a family hold; the first
 * folder that says one counts. Unknown where no file says one, or one says it in words that are not understood.
 */
export function wantedVersion(
  family: string,
  project: Project,
  directories: readonly string[],
): Known<WantedVersion> {
  for (const directory of project.isKnown ? new Set(directories) : []) {
    for (const { file, read, isRange, isLeast = false } of sources.get(family) ?? []) {
      const path = joinPath(directory, file);
      const content = project.reader.read(path);
      const text = content === undefined ? undefined : read(content)?.trim();
      if (text === undefined || text === '') {
        continue;
      }
      const at = { says: `${path} asks for ${text}`, at: { kind: 'file', path } } as const;
      const isLine = /^v?\d+(?:\.\d+)*$/.test(text);
      if (!isLine && (isRange !== true || rangeAllows(text, '1') === undefined)) {
        return unknown(`which version "${text}" in ${path} stands for is not known`, at);
      }
      return known(
        { text: text.replace(/^v/, ''), isRange: !isLine || isRange === true, isLeast, file: path },
        at,
      );
    }
  }
  return unknown('no file of the project says which version it wants');
}

/** True where a release line, or a version, is one that is wanted. */
export function allowsVersion({ text, isRange, isLeast }: WantedVersion, version: string): boolean {
  return isRange || isLeast
    ? rangeAllows(isLeast ? `>=${text}` : text, version) === true
    : `${version}.`.startsWith(`${text}.`) || `${text}.`.startsWith(`${version}.`);
}

function javaSources(): Source[] {
  const plain: Read = (text) => /^(?:temurin-|corretto-|openjdk-)?(\d+(?:\.\d+)*)/.exec(text.trim())?.[1];
  const major: Read = (text) =>
    plain(text)
      ?.replace(/^1\.8.*$/, '8')
      .replace(/\..*/s, '');
  return [
    { file: '.java-version', read: major },
    { file: '.sdkmanrc', read: (text) => /^java=(\d+)/m.exec(text)?.[1] },
    { file: '.tool-versions', read: (text) => major(toolVersion(text, ['java']) ?? '') },
    // What is compiled for a release runs on every newer one.
    ...['pom.xml', 'build.gradle', 'build.gradle.kts'].map((file) => ({
      file,
      read: (text: string) => statedRelease(text)?.toString(),
      isLeast: true as const,
    })),
  ];
}

/** The files of asdf and mise: one line for each tool. */
function toolVersions(...names: string[]): Source {
  return { file: '.tool-versions', read: (text) => toolVersion(text, names)?.replace(/-otp-\d+$/, '') };
}

function toolVersion(text: string, names: readonly string[]): string | undefined {
  const line = text
    .split('\n')
    .map((one) => one.trim().split(/\s+/))
    .find(([name]) => names.includes(name ?? ''));
  return line?.[1];
}

function firstLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/s, '').trim())
    .find((line) => line !== '');
}

/** `lts/jod` names a release line; `lts/*` and `node` ask for whatever is newest. */
function nodeVersion(text: string): string | undefined {
  const line = firstLine(text)?.toLowerCase();
  const name = line === undefined ? undefined : /^lts\/(\w+)$/.exec(line)?.[1];
  return line !== undefined && /^(?:node|stable|latest|current|lts|lts\/\*)$/.test(line)
    ? undefined
    : name === undefined
      ? line
      : (nodeLines[name] ?? line);
}

/** The channel `stable` asks for whatever is newest. */
function rustChannel(channel: string | undefined): string | undefined {
  return channel === 'stable' ? undefined : channel;
}

/** Release lines of Node.js by their names. */
const nodeLines: Readonly<Record<string, string>> = table({
  fermium: '14',
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
});

function jsonText(text: string, ...path: string[]): string | undefined {
  try {
    return textAt(JSON.parse(text), path);
  } catch {
    return undefined;
  }
}

function tomlText(text: string, ...path: string[]): string | undefined {
  try {
    return textAt(parseToml(text), path);
  } catch {
    return undefined;
  }
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) {
      return undefined;
    }
    at = (at as Record<string, unknown>)[name];
  }
  return typeof at === 'string' ? at : undefined;
}
