import type { Dockerfile, Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { nameOf } from '../../project/paths.ts';
import type { ShellParser } from '../../syntax/shell/parser.ts';
import type { ShellScript } from '../../syntax/shell/script.ts';
import { argumentText } from '../../syntax/tree.ts';
import type { ProjectScripts } from './project-scripts.ts';
import { scriptCalls } from './script-calls.ts';

/** A command that a build or its container runs, itself or through scripts of the project. */
export interface CalledCommand {
  /** Name of the program without its folder, and its words; what the shell would have to work out stands as written. */
  readonly words: readonly string[];
  /** The file that calls it: a script or manifest of the project; undefined for the Dockerfile. */
  readonly file: string | undefined;
}

/** What a Dockerfile runs, as far as the project's files tell. */
export interface Called {
  readonly commands: readonly CalledCommand[];
  /** Files whose whole text runs with it: scripts, makefiles, programs that are called by name. */
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  /** Scripts that are called and could not be read. */
  readonly unread: readonly string[];
}

const maxCommands = 600;

/** Follows everything that RUN, CMD, ENTRYPOINT and HEALTHCHECK of a Dockerfile call, in all of its stages. */
export function calledBy(dockerfile: Dockerfile, scripts: ProjectScripts, shell: ShellParser): Called {
  const follower = new Follower(scripts, shell);
  for (const stage of dockerfile.stages) {
    for (const { instruction, script } of stage.steps) {
      if (instruction.keyword === 'RUN' && script !== undefined) {
        follower.follow(script, undefined);
      } else if (instruction.keyword === 'RUN') {
        follower.followText(dockerfile.text.slice(instruction.span.start, instruction.span.end), undefined);
      } else if (instruction.keyword === 'ONBUILD' || instruction.keyword === 'HEALTHCHECK') {
        follower.followText(argumentText(instruction).replace(/^[A-Z]+\s+/, ''), undefined);
      }
    }
    follower.followStart(stage);
  }
  return follower.result;
}

/** Follows a command that stands outside of a Dockerfile: in a Compose file, or behind `docker run`. */
export function calledByText(text: string, scripts: ProjectScripts, shell: ShellParser): Called {
  const follower = new Follower(scripts, shell);
  follower.followText(text, undefined);
  return follower.result;
}

class Follower {
  private readonly scripts: ProjectScripts;
  private readonly shell: ShellParser;
  private readonly commands: CalledCommand[] = [];
  private readonly texts = new Map<string, string>();
  private readonly unread = new Set<string>();
  private readonly seen = new Set<string>();

  constructor(scripts: ProjectScripts, shell: ShellParser) {
    this.scripts = scripts;
    this.shell = shell;
  }

  get result(): Called {
    return {
      commands: this.commands,
      texts: [...this.texts].map(([path, text]) => ({ path, text })),
      unread: [...this.unread],
    };
  }

  followStart(stage: Stage): void {
    const { entrypoint, cmd, words } = startCommand(stage);
    for (const one of [entrypoint, cmd]) {
      if (one?.form === 'shell') {
        this.followText(argumentText(one.step.instruction), undefined);
      }
    }
    if (entrypoint?.form === 'json' || (entrypoint === undefined && cmd?.form === 'json')) {
      this.followText(words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' '), undefined);
    }
  }

  followText(text: string, file: string | undefined): void {
    this.follow(this.shell.parse(text), file);
  }

  follow(script: ShellScript, file: string | undefined): void {
    if (!script.isUnderstood) {
      // What it calls is somewhere among its words.
      this.add(script.text.split(/\s+/), file);
    }
    for (const command of script.commands) {
      const name = command.name ?? nameOf(command.nameWord.text);
      const written = command.nameWord.value ?? command.nameWord.text;
      this.call(
        [written.includes('/') ? written : name, ...command.args.map((word) => word.value ?? word.text)],
        file,
      );
    }
  }

  private call(words: readonly string[], file: string | undefined): void {
    if (this.commands.length >= maxCommands) {
      return;
    }
    this.add(words, file);
    const { inner, calls, path, reads = [], isMissing } = scriptCalls(words, this.scripts);
    if (inner !== undefined) {
      this.call(inner, file);
    }
    for (const call of calls ?? []) {
      if (this.isNew(`${call.file}\0${call.text}`)) {
        this.followText(call.text, call.file);
      }
    }
    for (const read of reads) {
      const text = this.scripts.read(read);
      if (text !== undefined) {
        this.texts.set(read, text);
      }
    }
    if (path !== undefined && this.isNew(path)) {
      this.followFile(path);
    }
    if (isMissing === true && !this.hasLoaded()) {
      this.unread.add(words.join(' '));
    }
  }

  /** True where a command before the last one fetches or unpacks files. */
  private hasLoaded(): boolean {
    return this.commands
      .slice(0, -1)
      .some(({ words }) => /^(?:curl|wget|tee|unzip|tar|git)$/.test(words[0] ?? ''));
  }

  private followFile(path: string): void {
    const text = this.scripts.read(path);
    if (text === undefined) {
      this.unread.add(path);
      return;
    }
    this.texts.set(path, text);
    if (/\.(?:sh|bash)$/.test(path) || /^#!.*\b(?:ba|da|a|z|k)?sh\b/.test(text)) {
      this.followText(text, path);
    }
  }

  private add(words: readonly string[], file: string | undefined): void {
    this.commands.push({ words: [nameOf(words[0] ?? ''), ...words.slice(1)], file });
  }

  private isNew(key: string): boolean {
    const isNew = !this.seen.has(key);
    this.seen.add(key);
    return isNew;
  }
}
