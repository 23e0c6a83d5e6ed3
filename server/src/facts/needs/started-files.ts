import type { PlanSubject, PrivateFile, RuntimeCopy } from '../../ecosystems/runtime-plan.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { joinImage, normalizePath } from '../../model/paths.ts';
import { startedWords } from '../../model/start-command.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { directoryOf, joinPath, nameOf } from '../../project/paths.ts';
import { deployment } from '../deployment/deployment.ts';
import { isGitIgnored } from '../siblings/git-ignore.ts';
import { isBrought } from '../start/image-file.ts';

/** The files of the project that the start command or the environment names. */
export interface StartedFiles {
  /** Those that the final stage has to take from the builder. */
  readonly copies: readonly RuntimeCopy[];
  /** One that the final stage cannot take, as it is not among the files of the project. */
  readonly lost?: PrivateFile;
}

/** Files that a program is given to read: settings, keys, certificates. */
const isRead =
  /\.(?:ya?ml|json5?|jsonc|toml|conf|cfg|cnf|config|ini|env|properties|xml|hcl|pem|crt|cer|key|p12|jks)$/i;

/** Options whose value is a file that the program writes. */
const isOutput = /(?:^|[-_.])(?:o|out|output|log|logs|logfile|report|dest|export|save|pid|pidfile)$/i;

/** Folders that a build writes. */
const isBuilt = /^(?:target|build|out|dist|bin|obj|publish|_build|zig-out)\//;

/**
 * What the words behind the started program, and the variables of the stage, name of the project: a settings file that is
 * given to the program by its command stands in no source. What the final stage takes anyhow is left out.
 */
export function startedFiles(
  subject: PlanSubject,
  taken: readonly RuntimeCopy[],
  dockerfile: Dockerfile,
): StartedFiles {
  const { project, stage, workdir } = subject;
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  const copies = new Map<string, RuntimeCopy>();
  for (const named of namedPaths(subject)) {
    const image = normalizePath(
      named.path.startsWith('/') ? named.path : `${stage.end.workdir ?? workdir}/${named.path}`,
    );
    const path = pathInProject(subject, image);
    const isTaken = [...taken, ...copies.values()].some(
      ({ to }) => image === to || image.startsWith(`${to}/`),
    );
    const isElsewhere =
      !isBrought({ dockerfile, project }, stage, image) && kindOf(subject, path ?? '') !== undefined;
    if (path === undefined || isTaken || isElsewhere || isMounted(subject, image)) {
      continue;
    }
    if (path === subject.directory || image === workdir) {
      if (named.isOption) {
        return { copies: [], lost: { path: '', says: `${named.by} names the whole folder of the project` } };
      }
      continue;
    }
    const kind = kindOf(subject, path);
    if (kind !== undefined && matcher?.ignores(path) !== true) {
      if (kind === 'file' || named.isOption || named.path.includes('/')) {
        copies.set(image, { from: image, to: image, isFile: kind === 'file' });
      }
    } else if (isLost(subject, named, path)) {
      if (isNamedByCommand(subject, named.path)) {
        const says = `${named.by} names ${named.path}, which a command of the stage seems to make, and the final stage would not have it`;
        return { copies: [], lost: { path, says } };
      }
      const why = isGitIgnored(project)(path, false)
        ? 'Git ignores it'
        : 'it is not among the files of the project';
      return {
        copies: [],
        lost: {
          path,
          says: `${named.by} names ${named.path}, and ${why}: where it lies beside the sources, the image has it today, and the final stage would not`,
        },
      };
    }
  }
  return { copies: [...copies.values()] };
}

interface NamedPath {
  readonly path: string;
  /** The option that it is the value of. */
  readonly option: string;
  readonly isOption: boolean;
  /** Who names it. */
  readonly by: string;
}

function namedPaths({ project, stage }: PlanSubject): NamedPath[] {
  const commands = [
    { words: startedWords(stage), by: 'The start command' },
    ...deployment(project).map(({ command, evidence }) => ({
      words: command.split(/[\s'"]+/).filter((word) => word !== ''),
      by: `The command of ${evidence.says.replace(/ runs it$/, '')}`,
    })),
  ];
  const fromCommands = commands.flatMap(({ words, by }) =>
    words.slice(1).flatMap((word, i) => {
      const before = words[i] ?? '';
      const [, own, value = ''] = /^(-{1,2}[\w.-]{1,80})[=:](.*)$/.exec(word) ?? [undefined, undefined, word];
      const option = own ?? (/^-/.test(before) && !/[=:]/.test(before) ? before : '');
      return pathOf(value, { option, isOption: option !== '', by });
    }),
  );
  const fromVariables = [...stage.end.environment.entries()].flatMap(([name, value]) =>
    pathOf(value ?? '', { option: name, isOption: false, by: `The variable ${name}` }),
  );
  return [...fromCommands, ...fromVariables];
}

/** A value as a path, where it reads like one. */
function pathOf(value: string, named: Omit<NamedPath, 'path'>): NamedPath[] {
  const path = value.replace(/^["']|["']$/g, '').replace(/^(?:optional:)?file:(?:\/\/(?=\/))?/, '');
  const isPath = /^[\w./@+-]{1,200}$/.test(path) && !path.startsWith('-') && !/^\d+(?:\.\d+)*$/.test(path);
  return isPath && (named.isOption || /[./]/.test(path)) ? [{ ...named, path }] : [];
}

/** The path in the build context of what lies at a path of the image; undefined for what lies outside of the project. */
function pathInProject({ directory, workdir }: PlanSubject, image: string): string | undefined {
  const isBelow = directory !== '' && workdir.endsWith(`/${directory}`);
  const root = isBelow ? workdir.slice(0, -directory.length - 1) : workdir;
  const base = isBelow ? '' : directory;
  if (image === workdir || image === root) {
    return directory;
  }
  const folder = root === '' || root === '/' ? '/' : `${root}/`;
  return image.startsWith(folder) ? joinPath(base, image.slice(folder.length)) : undefined;
}

function kindOf({ project }: PlanSubject, path: string): 'file' | 'directory' | undefined {
  const entry = (project.reader.list(directoryOf(path)) ?? []).find(({ name }) => name === nameOf(path));
  return entry === undefined ? undefined : entry.kind === 'directory' ? 'directory' : 'file';
}

/** True for what the program is sure to want and the project does not hold. */
function isLost({ project }: PlanSubject, { path: word, option, by }: NamedPath, path: string): boolean {
  if (isOutput.test(option) || isBuilt.test(path)) {
    return false;
  }
  const isIgnored = isGitIgnored(project)(path, false);
  return by.startsWith('The variable') ? isIgnored && isRead.test(word) : isRead.test(word);
}

/** True where a RUN names the file among its words. */
function isNamedByCommand({ commands }: PlanSubject, word: string): boolean {
  const name = nameOf(word);
  return commands.some(({ command }) =>
    [...command.args, ...command.redirects.map(({ target }) => target)].some(
      (one) => nameOf(one?.value ?? '') === name,
    ),
  );
}

/** True for what a service or workload puts into its container when it starts. */
function isMounted({ project }: PlanSubject, image: string): boolean {
  return deployment(project).some(({ mounts }) =>
    mounts.some(({ path }) => joinImage(image, '').startsWith(`${path}/`)),
  );
}
