import { memoize } from '../../text/memoize.ts';

/** What Ballast reads of a Gemfile. It is a program: what it computes is not known. */
export interface Gemfile {
  /** True where it takes the dependencies of the project's own gemspec. */
  readonly hasGemspec: boolean;
  /** True where gems are folders of the project. */
  readonly namesFolders: boolean;
  /** True where it reads other files of the project than that of the Ruby version. */
  readonly readsFiles: boolean;
  /** The file that says which Ruby is asked for, as in `ruby file: ".ruby-version"`. */
  readonly versionFile: string | undefined;
}

/** Reads the text of a Gemfile line by line. */
export const readGemfile = memoize((text): Gemfile => {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('#'));
  const versionFile = lines
    .filter((line) => /^ruby\b/.test(line))
    .map((line) => /\bfile:\s*["']([\w.-]+)["']/.exec(line)?.[1])
    .find((name) => name !== undefined);
  const others = lines.filter((line) => versionFile === undefined || !/^ruby\s/.test(line));
  return {
    hasGemspec: lines.some((line) => /^gemspec\b/.test(line)),
    namesFolders: lines.some((line) => /\bpath:\s*["'(]|:path\s*=>|^path\s+["']/.test(line)),
    readsFiles: others.some((line) =>
      /\b(?:eval_gemfile|instance_eval|File\.(?:read|exist|open|join|expand)|require_relative|Dir\b)/.test(
        line,
      ),
    ),
    versionFile,
  };
}, 50);

/** What Ballast reads of a Gemfile.lock. */
export interface GemfileLock {
  /** Names of all gems that are pinned. */
  readonly gems: ReadonlySet<string>;
  readonly platforms: readonly string[];
}

/** Reads the text of a Gemfile.lock: sections of one word, with entries that are indented by two or four blanks. */
export const readGemfileLock = memoize((text): GemfileLock => {
  const gems = new Set<string>();
  const platforms: string[] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\S/.test(line)) {
      section = line.trim();
    } else if (section === 'PLATFORMS' && line.startsWith('  ')) {
      platforms.push(line.trim());
    } else {
      const gem = /^ {4}([\w.-]+) \(/.exec(line)?.[1];
      if (gem !== undefined) {
        gems.add(gem);
      }
    }
  }
  return { gems, platforms };
}, 20);
