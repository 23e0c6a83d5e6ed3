import { readNodePackage } from '../../ecosystems/node/package.ts';
import type { PlanSubject, PrivateFile } from '../../ecosystems/runtime-plan.ts';
import { isInComment, type SourceFile, sourceFiles } from '../../ecosystems/source-text.ts';
import type { Stage } from '../../model/dockerfile.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { deployment } from '../deployment/deployment.ts';
import { hasSettingsSample, unequipped } from '../deployment/unequipped.ts';
import { isGitIgnored } from '../siblings/git-ignore.ts';
import { runsInContainer } from '../writes/sources/source-writes.ts';
import { isMadeOrAskedFor, lineOf } from './read-files.ts';

interface Language {
  readonly code: RegExp;
  /** Calls that read a file by such a string; left out where another fact looks for them. */
  readonly reads?: RegExp;
  /** Calls that load `.env`. */
  readonly loads?: RegExp;
  /** Set where a framework loads `.env` for the sources without a word of theirs. */
  readonly byFramework?: (project: Project, directory: ContextPath) => boolean;
  /** What stands behind a call where a failure of it ends the program. */
  readonly stops: RegExp;
}

/**
 * What reads files in each language, by a path with an ending that counts from the folder that the program runs in; from
 * the documentation of the standard libraries and of the usual loaders of settings.
 */
const languages: readonly Language[] = [
  {
    // Prisma's client reads the file that lies beside the program as well. Who stops without it is found with the files read.
    code: /\.[cm]?[jt]sx?$/,
    loads:
      /\bdotenv\.config\(\s{0,20}\)|\brequire\(\s{0,20}["']dotenv["']\s{0,20}\)\.config\(\s{0,20}\)|\bimport\s{1,20}["']dotenv\/config["']|\brequire\(\s{0,20}["']dotenv\/config["']|\bprocess\.loadEnvFile\(\s{0,20}\)|\bConfigModule\.forRoot\((?![^;]{0,300}ignoreEnvFile:\s{0,5}true)|\b(?:new|extends) PrismaClient\b/g,
    byFramework: startsNext,
    stops: /(?!)/,
  },
  {
    code: /\.go$/,
    reads:
      /\b(?:os\.(?:Open|ReadFile)|ioutil\.ReadFile|\w+\.SetConfigFile|toml\.DecodeFile|godotenv\.(?:Load|Read)|cleanenv\.ReadConfig|ini\.Load|tls\.LoadX509KeyPair)\(\s{0,20}"(?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})"|\.(?:ListenAndServeTLS|RunTLS)\(\s{0,20}[\w.":]{0,60}\s{0,20},\s{0,20}"(?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})"/g,
    loads:
      /\bgodotenv(?:\.(?:Load|Overload|Read)\(\s{0,20}(?:"\.env"\s{0,20})?\)|\/autoload")|\b\w{1,60}\.SetConfigFile\("\.env"\)/g,
    stops: /\b(?:log\.(?:Fatal|Panic)|panic\(|os\.Exit|\w+\.Fatal)/,
  },
  {
    code: /\.rs$/,
    reads:
      /\b(?:File::open|(?:fs::)?read_to_string|fs::read|from_filename)\(\s{0,20}"(?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})"/g,
    loads: /\bdotenvy?(?:::dotenv)?(?:::dotenv)?\(\s{0,20}\)/g,
    stops: /^[\s)]{0,20}(?:\.(?:expect|unwrap)\(|\?)/,
  },
  {
    code: /\.(?:java|kt|kts|scala)$/,
    reads:
      /\b(?:FileInputStream|FileReader|Source\.fromFile|Files\.(?:readString|readAllLines|readAllBytes|newInputStream)\((?:Path\.of|Paths\.get))\(\s{0,20}"(?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})"/g,
    loads: /\bDotenv\.(?:load\(\)|configure\(\)[\s\S]{0,200}?\.load\(\))|(?<![.\w])dotenv\(\)/g,
    stops: /^/,
  },
  {
    code: /\.cs$/,
    reads:
      /\b(?:File\.(?:OpenRead|OpenText|ReadAll(?:Text|Lines|Bytes)(?:Async)?)|new StreamReader)\(\s{0,20}"(?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})"/g,
    stops: /\bthrow\b|Environment\.Exit/,
  },
  {
    code: /\.dart$/,
    reads: /\bFile\(\s{0,20}["'](?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})["']\s{0,20}\)\.(?:read|open)/g,
    stops: /^[^;]{0,40}Sync|\bexit\(/,
  },
  {
    code: /\.(?:c|cc|cpp|cxx)$/,
    reads:
      /\b(?:fopen\(\s{0,20}"(?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})"\s{0,20},\s{0,20}"r|(?:std::)?ifstream\s{1,20}\w{1,60}\(\s{0,20}"(?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})")/g,
    stops: /\bexit\(|\bthrow\b|\breturn (?:1|-1|EXIT_FAILURE)/,
  },
];

/**
 * A file that the program reads when it starts and that only lies where somebody works on it: Git ignores it, or it loads
 * settings from `.env` that it is given in no other way. A final stage that takes what was built would be without it,
 * unless `isTaken` says that it takes the path.
 */
export function privateFile(
  { project, directory, stage }: PlanSubject,
  isTaken: (path: string) => boolean,
): PrivateFile | undefined {
  for (const language of languages) {
    const sources = sourceFiles(project, directory, language.code).filter(runsInContainer);
    const found =
      privateFolder(project, directory, sources) ??
      privateRead(project, directory, sources, language, isTaken) ??
      (language.reads === undefined ? undefined : privateName(project, directory, sources, isTaken)) ??
      (isTaken('.env') ? undefined : privateSettings(project, directory, stage, sources, language));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** A loader that looks for a settings file in folders it is given. */
const looksInFolder = /\bviper\b[\s\S]{0,2000}?\.AddConfigPath\(/;

/**
 * A folder of settings that Git ignores as a whole: whoever gives it to a loader, in whatever function, has its files beside
 * the sources.
 */
function privateFolder(
  project: Project,
  directory: ContextPath,
  sources: readonly SourceFile[],
): PrivateFile | undefined {
  if (!sources.some(({ text }) => looksInFolder.test(text))) {
    return undefined;
  }
  for (const { path, text } of sources) {
    for (const match of text.matchAll(/"(?:\.\/)?([\w-][\w./-]{0,100})"/g)) {
      const name = (match[1] ?? '').replace(/\/$/, '');
      const folder = joinPath(directory, name);
      const isPrivate =
        isGitIgnored(project)(folder, true) &&
        project.reader.list(folder) === undefined &&
        !isInComment(text, match.index) &&
        !isMounted(project, name) &&
        !isMadeOrAskedFor(name, sources) &&
        !/\bMkdir(?:All)?\(\s{0,20}$/.test(text.slice(Math.max(0, match.index - 40), match.index));
      if (isPrivate) {
        return {
          path: name,
          says: `${path}:${lineOf(text, match.index)} names the folder ${name}, in which settings are looked for, and Git ignores it: where it lies beside the sources, the image has it today, and the final stage would not`,
        };
      }
    }
  }
  return undefined;
}

function privateRead(
  project: Project,
  directory: ContextPath,
  sources: readonly SourceFile[],
  { reads, stops }: Language,
  isTaken: (path: string) => boolean,
): PrivateFile | undefined {
  for (const { path, text } of reads === undefined ? [] : sources) {
    for (const match of text.matchAll(reads ?? /(?!)/g)) {
      const name = match[1] ?? match[2] ?? '';
      const file = joinPath(directory, name);
      const isMissing =
        project.reader.read(file) === undefined &&
        !isTaken(name) &&
        !isInComment(text, match.index) &&
        !isMounted(project, name);
      const isIgnored = isGitIgnored(project)(file, false);
      if (isMissing && !isMadeOrAskedFor(name, sources) && (isIgnored || ends(text, match, stops))) {
        const why = isIgnored ? 'Git ignores it' : 'it is not among the files of the project';
        return {
          path: name,
          says: `${path}:${lineOf(text, match.index)} reads ${name}, and ${why}: where it lies beside the sources, the image has it today, and the final stage would not`,
        };
      }
    }
  }
  return undefined;
}

/** A file with an ending that settings and keys have, in quotes. */
const settingsFile =
  /["'](?:\.\/)?([\w-][\w./-]{0,200}\.(?:ya?ml|json|toml|ini|conf|cfg|properties|env|pem|key|crt))["']/g;

/** What stands before a file of settings that a function of the sources reads: a call, a constant, the default of an option. */
const naming: readonly RegExp[] = [
  /\b\w{0,40}(?:[Rr]ead|[Ll]oad|[Pp]arse|[Oo]pen|[Cc]onfig|[Ss]etting|[Ff]rom|[Dd]ecode)\w{0,40}\(\s{0,20}$/,
  /\b(\w{0,40}(?:[Pp]ath|[Ff]ile|[Cc]onfig|[Ss]ettings|[Cc]redentials|PATH|FILE|CONFIG)\w{0,20})(?:\s{0,5}:\s{0,5}&(?:'static )?str)?\s{0,10}:?=\s{0,10}$/,
  /\bflag\.String(?:Var)?\(\s{0,20}(?:&[\w.]{1,60}\s{0,5},\s{0,20})?"[\w.-]{1,40}"\s{0,5},\s{0,20}$/,
];

/**
 * A file of settings that the sources name and Git ignores: which function reads it is not followed, as long as none
 * writes it or asks whether it is there.
 */
function privateName(
  project: Project,
  directory: ContextPath,
  sources: readonly SourceFile[],
  isTaken: (path: string) => boolean,
): PrivateFile | undefined {
  const ignoredByGit = isGitIgnored(project);
  for (const { path, text } of sources) {
    for (const match of text.matchAll(settingsFile)) {
      const before = text.slice(Math.max(0, match.index - 200), match.index);
      const named = naming.map((one) => one.exec(before)).find((one) => one !== null);
      const name = match[1] ?? '';
      const constant = named?.[1] ?? name;
      const file = joinPath(directory, name);
      const isPrivate =
        named !== undefined &&
        ignoredByGit(file, false) &&
        project.reader.read(file) === undefined &&
        !isTaken(name) &&
        !isInComment(text, match.index) &&
        !isMounted(project, name) &&
        !isMadeOrAskedFor(name, sources) &&
        !isMadeOrAskedFor(constant, sources);
      if (isPrivate) {
        return {
          path: name,
          says: `${path}:${lineOf(text, match.index)} names ${name}, and Git ignores it: where it lies beside the sources, the image has it today, and the final stage would not`,
        };
      }
    }
  }
  return undefined;
}

function privateSettings(
  project: Project,
  directory: ContextPath,
  stage: Stage,
  sources: readonly SourceFile[],
  { loads, byFramework, stops }: Language,
): PrivateFile | undefined {
  const file = joinPath(directory, '.env');
  if (loads === undefined || isMounted(project, '.env')) {
    return undefined;
  }
  const isUsed =
    project.reader.read(file) !== undefined ||
    isGitIgnored(project)(file, false) ||
    hasSettingsSample(project, directory);
  const isSent = readIgnoreFile(project)?.dockerignore.matcher.ignores(file) !== true;
  const service = isUsed && isSent ? unequipped(project, stage) : undefined;
  for (const { path, text } of sources) {
    const calls =
      byFramework?.(project, directory) === true
        ? [...text.matchAll(loads), ...text.matchAll(secretSetting)]
        : text.matchAll(loads);
    for (const match of calls) {
      const place = `${path}:${lineOf(text, match.index)}`;
      if (isInComment(text, match.index) || match[0].includes('ignoreIfMissing')) {
        continue;
      }
      if (ends(text, match, stops)) {
        return {
          path: '.env',
          says: `${place} stops without the file .env, which the final stage would not have`,
        };
      }
      if (service !== undefined) {
        return {
          path: '.env',
          says: `${place} loads settings from .env, which the final stage would not have, and ${service.missing === undefined ? 'no others are' : `${service.missing} is not`} given where ${service.container.evidence.says} (\`env_file: .env\` would give them)`,
        };
      }
    }
  }
  return undefined;
}

/** `next start` reads `.env` each time; the server that Next.js makes for containers brings a copy of it. */
function startsNext(project: Project, directory: ContextPath): boolean {
  const isNext = readNodePackage(project, directory)?.dependencies['next'] !== undefined;
  return (
    isNext &&
    !['js', 'mjs', 'cjs', 'ts', 'mts'].some((ending) =>
      /\bstandalone\b/.test(project.reader.read(joinPath(directory, `next.config.${ending}`)) ?? ''),
    )
  );
}

/** A setting that a server asks its environment for: public ones are put into what is built. */
const secretSetting =
  /\bprocess\.env\.(?!NEXT_PUBLIC_|NODE_ENV\b|PORT\b|HOST|VERCEL|CI\b|ANALYZE\b)[A-Z]\w{0,60}/g;

/** True where a failure of the call ends the program: the words for it stand right behind. */
function ends(text: string, match: RegExpExecArray, stops: RegExp): boolean {
  const end = match.index + match[0].length;
  const behind = text.slice(end, end + 200);
  const block = /^[^\n]*(?:\n[^\n]*){0,3}/.exec(behind)?.[0] ?? behind;
  return stops.test(block);
}

/** True where a service puts the file into its container when it starts. */
function isMounted(project: Project, name: string): boolean {
  return deployment(project).some(({ mounts }) => mounts.some(({ path }) => path.endsWith(`/${name}`)));
}
