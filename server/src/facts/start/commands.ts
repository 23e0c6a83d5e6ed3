import { type NodePackage, readNodePackage } from '../../ecosystems/node/package.ts';
import { readWorkspaces } from '../../ecosystems/node/workspaces.ts';
import type { Stage } from '../../model/dockerfile.ts';
import type { Variables } from '../../model/expansion.ts';
import { joinImage, normalizePath } from '../../model/paths.ts';
import { startCommand } from '../../model/start-command.ts';
import { directoryOf, joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ShellParser } from '../../syntax/shell/parser.ts';
import type { ShellCommand, ShellWord } from '../../syntax/shell/script.ts';
import { argumentText } from '../../syntax/tree.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import type { EvidencePlace } from '../known.ts';
import { baseName } from '../stage.ts';
import { imageFile, type Surroundings } from './image-file.ts';
import { managerVerbs, readManagerCall, workspaceNamed } from './manager-call.ts';
import { withoutStarters } from './starters.ts';

/** A command that runs when the container starts. */
export interface StartedCommand {
  /** Its words; one that is known at run time only stands as it is written, with its `$`. */
  readonly words: readonly string[];
  /** Folder of the image that it runs in; undefined where it is not known. */
  readonly directory: ImagePath | undefined;
  /** Where it writes its output to, as written. */
  readonly outputs: readonly string[];
  /** The program in front of it that changes the user: `gosu`, `su-exec` … */
  readonly userWrapper: string | undefined;
  /** Where it stands, with the name of that place for people. */
  readonly at: EvidencePlace;
  readonly where: string;
}

/** The commands of a start, in their order, and what could not be followed, a sentence each without a stop. */
export interface StartedCommands {
  readonly commands: readonly StartedCommand[];
  readonly notFollowed: readonly string[];
  /** The package managers that start a script. */
  readonly managers: readonly string[];
  /** Names of all programs, those that only start another one included. */
  readonly called: readonly string[];
}

interface Place {
  readonly directory: ImagePath | undefined;
  readonly at: EvidencePlace;
  readonly where: string;
  /** What `"$@"` stands for. */
  readonly passed: readonly string[];
  readonly outputs: readonly string[];
  readonly userWrapper: string | undefined;
  readonly depth: number;
}

const mostDepth = 8;

/** `"$@"` and its kin: all that a script was called with. */
const allPassed = /^"?\$(?:[@*]|\{[@*]\})"?$/;

const shells = ['sh', 'bash', 'ash', 'dash', 'zsh'];

const managers = ['npm', 'yarn', 'pnpm', 'bun'];

/**
 * Follows the start command of a stage through wrappers, shells, scripts and package managers to the commands that run.
 * `baseEntrypoint` is what the base image starts with where the stage says nothing else.
 */
export function startedCommands(
  around: Surroundings & { shell: ShellParser },
  stage: Stage,
  baseEntrypoint: readonly string[],
): StartedCommands {
  const follower = new Follower(around, stage);
  const { entrypoint, cmd, words } = startCommand(stage);
  const start = entrypoint ?? cmd;
  if (start !== undefined) {
    const { instruction } = start.step;
    const place: Place = {
      directory: stage.end.workdir,
      at: { kind: 'dockerfile', span: instruction.keywordSpan },
      where: instruction.keyword,
      passed: cmd !== undefined && cmd !== start ? cmd.words : [],
      outputs: [],
      userWrapper: undefined,
      depth: 0,
    };
    if (start.form === 'shell') {
      follower.followText(argumentText(instruction), place);
    } else {
      follower.follow(entrypoint === undefined ? [...baseEntrypoint, ...words] : words, place);
    }
  }
  return follower.found();
}

/** The commands that shell text runs in a container of a stage, as a Compose file gives it in place of the image's own. */
export function commandsOfText(
  around: Surroundings & { shell: ShellParser },
  stage: Stage,
  text: string,
  where: string,
  at: EvidencePlace,
): readonly StartedCommand[] {
  return followedCommand(around, stage, text, where, at).commands;
}

/** The same for shell text, or for a program and its words, with what could not be followed. */
export function followedCommand(
  around: Surroundings & { shell: ShellParser },
  stage: Stage,
  command: string | readonly string[],
  where: string,
  at: EvidencePlace,
): StartedCommands {
  const follower = new Follower(around, stage);
  const place: Place = {
    directory: stage.end.workdir,
    at,
    where,
    passed: [],
    outputs: [],
    userWrapper: undefined,
    depth: 0,
  };
  if (typeof command === 'string') {
    follower.followText(command, place);
  } else {
    follower.follow(command, place);
  }
  return follower.found();
}

class Follower {
  readonly commands: StartedCommand[] = [];
  readonly notFollowed: string[] = [];
  readonly managers = new Set<string>();
  readonly called = new Set<string>();
  private readonly dockerfile: Surroundings['dockerfile'];
  private readonly project: Project;
  private readonly shell: ShellParser;
  private readonly stage: Stage;

  constructor(around: Surroundings & { shell: ShellParser }, stage: Stage) {
    this.dockerfile = around.dockerfile;
    this.project = around.project;
    this.shell = around.shell;
    this.stage = stage;
  }

  /** What was followed so far. */
  found(): StartedCommands {
    const { commands, notFollowed, managers, called } = this;
    return { commands, notFollowed, managers: [...managers], called: [...called] };
  }

  /** Follows one command by its words. */
  follow(all: readonly string[], place: Place): void {
    // The official images start everything through a script of this name; a project may bring its own.
    const isOwn = /entrypoint/.test(all[0] ?? '') && this.fileOf(all[0] ?? '', place) !== undefined;
    const words = isOwn ? all : withoutStarters(all);
    for (const word of [...all.slice(0, all.length - words.length), words[0] ?? '']) {
      this.called.add(baseName(word));
    }
    const [first] = words;
    if (first === undefined) {
      return;
    }
    const program = baseName(first);
    if (place.depth > mostDepth) {
      this.notFollowed.push(`${place.where} starts scripts that start each other`);
    } else if (allPassed.test(first)) {
      this.follow(place.passed, { ...place, passed: [], depth: place.depth + 1 });
    } else if (first.includes('$')) {
      this.notFollowed.push(`${place.where} starts \`${first}\`, whose value is not known here`);
    } else if (shells.includes(program)) {
      this.followShell(words, place);
    } else if (managers.includes(program) && this.followManager(words, place)) {
      return;
    } else if (program === '.' || program === 'source') {
      this.followScript(words.slice(1), place);
    } else if (!this.isScript(first, place) || !this.followScript(words, place)) {
      this.commands.push({
        words,
        directory: place.directory,
        outputs: place.outputs,
        userWrapper: place.userWrapper,
        at: place.at,
        where: place.where,
      });
    }
  }

  /** Follows shell text command by command. */
  followText(text: string, place: Place): void {
    const script = this.shell.parse(text);
    if (!script.isUnderstood) {
      this.notFollowed.push(`the shell text of ${place.where} was not understood`);
    }
    const functions = functionNames(text);
    let { directory } = place;
    for (const command of script.commands) {
      const words = this.wordsOf(command, place);
      const [name, to] = words;
      if (name === undefined || functions.has(name)) {
        continue;
      }
      const outputs = command.redirects.flatMap(({ operator, target }) =>
        isOutput(operator, target?.text) && target !== undefined ? [this.valueOf(target)] : [],
      );
      const line = text.slice(0, command.span.start).split('\n').length;
      this.follow(words, {
        ...place,
        directory,
        outputs,
        userWrapper: command.wrapper ?? place.userWrapper,
        at: place.at.kind === 'file' ? { ...place.at, line } : place.at,
        depth: place.depth + 1,
      });
      if (name === 'cd' && to !== undefined) {
        directory = to.includes('$') ? undefined : inFolder(directory, to);
      }
    }
  }

  private followShell(words: readonly string[], place: Place): void {
    const option = words.findIndex((word) => /^-\w*c$/.test(word));
    if (option > 0) {
      const [text = '', , ...passed] = words.slice(option + 1);
      this.followText(text, { ...place, passed, depth: place.depth + 1 });
      return;
    }
    const rest = words.slice(1).filter((word, i) => i > 0 || !/^-\w+$/.test(word));
    const script = rest.findIndex((word) => !word.startsWith('-'));
    if (script < 0) {
      this.commands.push({ ...place, words });
    } else if (!this.followScript(rest.slice(script), place)) {
      this.notFollowed.push(`the script ${rest[script]} was not found among the files of the project`);
    }
  }

  /** Follows a script file; false where its text is not known. */
  private followScript(words: readonly string[], place: Place): boolean {
    const [name = '', ...passed] = words;
    const found = this.fileOf(name, place);
    if (found === undefined) {
      if (/\.sh$|entrypoint/.test(name)) {
        this.notFollowed.push(`the script ${name} was not found among the files of the project`);
        return true;
      }
      return false;
    }
    const where = found.path ?? name;
    // A backslash behind the last line joins it with nothing.
    const text = found.text
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
      .trimEnd()
      .replace(/\\$/, '');
    this.followText(text, {
      ...place,
      where,
      at: found.path === undefined ? place.at : { kind: 'file', path: found.path },
      passed: passed.flatMap((word) => (allPassed.test(word) ? place.passed : [word])),
      depth: place.depth + 1,
    });
    return true;
  }

  /** True for a file that a shell reads, by its ending or its first line. */
  private isScript(name: string, place: Place): boolean {
    if (/\.(?:sh|bash)$/.test(name)) {
      return true;
    }
    const text = this.fileOf(name, place)?.text ?? '';
    return /^#![^\n]*\b(?:ba|da|a|z)?sh\b/.test(text) || (text === '' && /entrypoint(?:\.sh)?$/.test(name));
  }

  private fileOf(name: string, { directory }: Place): ReturnType<typeof imageFile> {
    const around = { dockerfile: this.dockerfile, project: this.project };
    const folders = name.startsWith('/')
      ? ['/']
      : name.includes('/')
        ? [directory]
        : [directory, '/usr/local/bin', '/usr/bin', '/bin'];
    for (const folder of folders) {
      const found = folder === undefined ? undefined : imageFile(around, this.stage, joinImage(folder, name));
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  /** Follows `npm run x`, `yarn x`, `pnpm start`; false where the words run no script of package.json. */
  private followManager(words: readonly string[], place: Place): boolean {
    const call = readManagerCall(words);
    if (call.script === undefined) {
      return false;
    }
    const called = call.folder === undefined ? place.directory : inFolder(place.directory, call.folder);
    const manifest = this.manifestOf(called, call.workspace);
    if (manifest === undefined) {
      this.notFollowed.push(`the package.json whose script “${call.script}” is started was not found`);
      return true;
    }
    const { found, file, folder } = manifest;
    const body = found.scripts[call.script];
    if (body === undefined) {
      if (managerVerbs.test(call.script)) {
        return false;
      }
      // Yarn, pnpm and Bun also run a program of a package by its name.
      this.follow([call.script, ...call.rest], { ...place, depth: place.depth + 1 });
      return true;
    }
    this.managers.add(baseName(words[0] ?? ''));
    const scripts = [`pre${call.script}`, call.script, `post${call.script}`];
    for (const name of scripts) {
      const text = found.scripts[name];
      if (text !== undefined) {
        const tail = name === call.script && call.rest.length > 0 ? ` ${call.rest.join(' ')}` : '';
        this.followText(text + tail, {
          ...place,
          directory: folder,
          where: `the script “${name}” of ${file}`,
          at: { kind: 'file', path: file },
          depth: place.depth + 1,
        });
      }
    }
    return true;
  }

  /** The package.json of a folder of the image, or of a package of the workspace that lies there. */
  private manifestOf(
    folder: ImagePath | undefined,
    workspace: string | undefined,
  ): { readonly found: NodePackage; readonly file: ContextPath; readonly folder: ImagePath } | undefined {
    const around = { dockerfile: this.dockerfile, project: this.project };
    // The file tells of the folder also where files are copied one by one: `COPY package*.json ./`.
    const path =
      folder === undefined
        ? undefined
        : imageFile(around, this.stage, joinImage(folder, 'package.json'))?.path;
    const directory = path === undefined ? undefined : directoryOf(path);
    const found = directory === undefined ? undefined : readNodePackage(this.project, directory);
    if (folder === undefined || directory === undefined || found === undefined) {
      return undefined;
    }
    if (workspace === undefined) {
      return { found, file: joinPath(directory, 'package.json'), folder };
    }
    const own = workspaceNamed(workspace, readWorkspaces(this.project, directory, found) ?? []);
    return own === undefined ? undefined : this.manifestOf(joinImage(folder, own.directory), undefined);
  }

  private wordsOf(command: ShellCommand, place: Place): string[] {
    const words = [command.nameWord, ...command.args].filter((word) => word.text !== '');
    return words.flatMap((word) =>
      allPassed.test(word.text) ? (place.passed.length > 0 ? place.passed : []) : [this.valueOf(word)],
    );
  }

  private valueOf(word: ShellWord): string {
    return word.value ?? expandWord(word.text, this.stage.end.environment);
  }
}

/** Replaces `$NAME`, `${NAME}` and `${NAME:-value}` where the image sets them, or a default stands there. */
function expandWord(text: string, environment: Variables): string {
  const inner = /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;
  return inner.replace(
    /\$(?:(\w+)|\{(\w+)(?::?[-=]([^{}$]*))?\})/g,
    (whole, plain: string | undefined, braced: string | undefined, preset: string | undefined) =>
      environment.get(plain ?? braced ?? '') ?? preset ?? whole,
  );
}

/** True for a redirect to a file: `2>&1` joins two outputs. */
function isOutput(operator: string, target: string | undefined): boolean {
  return operator.includes('>') && !(operator.endsWith('&') && /^(?:\d+|-)$/.test(target ?? ''));
}

function functionNames(text: string): Set<string> {
  const names = text.matchAll(/(?:^|[\n;])[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*\(\)/g);
  return new Set([...names].map((match) => match[1] ?? ''));
}

function inFolder(directory: ImagePath | undefined, path: string): string | undefined {
  if (path.startsWith('/')) {
    return normalizePath(path);
  }
  return directory === undefined ? undefined : normalizePath(`${directory}/${path}`);
}
