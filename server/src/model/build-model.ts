import { imageFolder } from '../images/image-folder.ts';
import { parseImageReference } from '../images/reference.ts';
import { precedingComments } from '../syntax/comments.ts';
import type { ShellParser } from '../syntax/shell/parser.ts';
import { argumentText, type DockerfileSyntax, findFlag, type Instruction } from '../syntax/tree.ts';
import { automaticArguments } from './automatic-arguments.ts';
import type { Base, Dockerfile, Stage, State, Step } from './dockerfile.ts';
import type { Variables } from './expansion.ts';
import { boundedPath } from './paths.ts';
import { readRunScript } from './run-script.ts';
import { Scope } from './scope.ts';
import { expand } from './variables.ts';

/** What the build is told from outside: `--target`, `--build-arg`. */
export interface BuildOptions {
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
}

const defaultShell = ['/bin/sh', '-c'];

/** Works out the stages of a Dockerfile and what holds at each of their instructions. Linear in the file. */
export function buildModel(
  syntax: DockerfileSyntax,
  shell: ShellParser,
  options: BuildOptions = {},
): Dockerfile {
  const builder = new ModelBuilder(syntax, shell, options);
  const stages = builder.build();
  const target = options.target?.toLowerCase();
  const final =
    target === undefined
      ? stages.at(-1)
      : (stages.find((stage) => stage.name?.toLowerCase() === target) ?? stages.at(-1));
  return { text: syntax.text, syntax, stages, final };
}

interface OpenStage {
  readonly index: number;
  readonly from: Instruction;
  readonly base: Base;
  readonly steps: Step[];
  state: State;
}

class ModelBuilder {
  private readonly syntax: DockerfileSyntax;
  private readonly shell: ShellParser;
  private readonly args: Readonly<Record<string, string>>;
  private readonly globals = new Map<string, string | undefined>();
  private readonly stages: Stage[] = [];
  private open: OpenStage | undefined;

  constructor(syntax: DockerfileSyntax, shell: ShellParser, options: BuildOptions) {
    this.syntax = syntax;
    this.shell = shell;
    this.args = options.args ?? {};
    for (const name of automaticArguments.keys()) {
      this.globals.set(name, undefined);
    }
  }

  build(): Stage[] {
    for (const instruction of this.syntax.instructions) {
      if (instruction.keyword === 'FROM') {
        this.close();
        this.openStage(instruction);
      } else if (this.open !== undefined) {
        this.addStep(this.open, instruction);
      } else if (instruction.keyword === 'ARG') {
        for (const pair of instruction.pairs) {
          this.globals.set(pair.name, this.argValue(pair.name, pair.value, this.globals));
        }
      }
    }
    this.close();
    return this.stages;
  }

  private argValue(name: string, value: string | undefined, variables: Variables): string | undefined {
    if (Object.hasOwn(this.args, name)) {
      return this.args[name];
    }
    return value === undefined ? undefined : expand(value, variables, this.syntax.escape);
  }

  private hasGlobal(name: string): boolean {
    return this.globals.get(name) !== undefined || automaticArguments.has(name);
  }

  private openStage(from: Instruction): void {
    const base = this.readBase(from);
    const state: State =
      base.kind === 'stage'
        ? base.stage.end
        : {
            user: undefined,
            workdir:
              base.kind === 'image' ? imageFolder(base.reference) : base.kind === 'scratch' ? '/' : undefined,
            shell: defaultShell,
            hasShell: false,
            variables: Scope.empty(),
            environment: Scope.empty(),
          };
    this.open = { index: this.stages.length, from, base, steps: [], state };
  }

  private readBase(from: Instruction): Base {
    const written = from.words[0]?.value ?? '';
    const name = expand(written, this.globals, this.syntax.escape);
    if (name === undefined || name === '') {
      return { kind: 'unknown' };
    }
    const stage = this.stages.findLast((one) => one.name?.toLowerCase() === name.toLowerCase());
    if (stage !== undefined) {
      return { kind: 'stage', stage };
    }
    if (name === 'scratch') {
      return { kind: 'scratch' };
    }
    const reference = parseImageReference(name);
    return reference === undefined ? { kind: 'unknown' } : { kind: 'image', name, reference };
  }

  private close(): void {
    const open = this.open;
    if (open === undefined) {
      return;
    }
    const words = open.from.words;
    const platform = findFlag(open.from, 'platform')?.value;
    const stage: { -readonly [key in keyof Stage]: Stage[key] } = {
      index: open.index,
      name: words[1]?.value.toUpperCase() === 'AS' ? words[2]?.value : undefined,
      from: open.from,
      imageSpan: words[0]?.span ?? open.from.keywordSpan,
      base: open.base,
      platform: platform === undefined ? undefined : expand(platform, this.globals, this.syntax.escape),
      steps: open.steps,
      end: open.state,
      triggered: undefined,
    };
    stage.triggered = this.triggeredBy(stage);
    this.stages.push(stage);
    this.open = undefined;
  }

  /** The build's arguments end with a stage; all else that it set holds where its ONBUILDs run. */
  private triggeredBy(base: Stage): Stage | undefined {
    const steps: Step[] = [];
    const state = { ...base.end, variables: base.end.environment };
    const open: OpenStage = {
      index: base.index,
      from: base.from,
      base: { kind: 'stage', stage: base },
      steps,
      state,
    };
    for (const { instruction } of base.steps) {
      if (instruction.trigger !== undefined) {
        this.addStep(open, instruction.trigger, instruction);
      }
    }
    return steps.length === 0
      ? undefined
      : { ...base, base: open.base, steps, end: open.state, triggered: undefined };
  }

  private addStep(open: OpenStage, instruction: Instruction, written = instruction): void {
    const named = this.namedShell(written);
    const before = named === undefined ? open.state : { ...open.state, shell: [named] };
    open.steps.push({ instruction, before, script: readRunScript(instruction, before, this.shell) });
    open.state = this.after(before, instruction);
  }

  /** The shell of the base image, where a comment above says it: `# hadolint shell=powershell`. */
  private namedShell(instruction: Instruction): string | undefined {
    return precedingComments(this.syntax, instruction)
      .map((comment) => /^hadolint\s+shell\s*=\s*(\S+)/.exec(comment.text)?.[1])
      .findLast((name) => name !== undefined);
  }

  private after(state: State, instruction: Instruction): State {
    const text = argumentText(instruction);
    switch (instruction.keyword) {
      case 'USER':
        return { ...state, user: expand(text, state.variables, this.syntax.escape) ?? text };
      case 'WORKDIR':
        return { ...state, workdir: this.workdirAfter(state, text) };
      case 'SHELL':
        return instruction.form === 'json'
          ? { ...state, shell: instruction.words.map((word) => word.value), hasShell: true }
          : state;
      case 'ENV': {
        // All pairs of one ENV see the values from before it.
        const pairs = instruction.pairs.map(({ name, value }): [string, string | undefined] => [
          name,
          value === undefined ? '' : expand(value, state.variables, this.syntax.escape),
        ]);
        return {
          ...state,
          variables: state.variables.with(pairs),
          environment: state.environment.with(pairs),
        };
      }
      case 'ARG': {
        let { variables } = state;
        for (const { name, value } of instruction.pairs) {
          const given = Object.hasOwn(this.args, name) || value !== undefined;
          // Without a default it takes that of the file's head; without that one, an ENV of the name stays.
          if (given || this.hasGlobal(name) || !variables.has(name)) {
            variables = variables.with([
              [name, given ? this.argValue(name, value, variables) : this.globals.get(name)],
            ]);
          }
        }
        return { ...state, variables };
      }
      default:
        return state;
    }
  }

  private workdirAfter(state: State, text: string): string | undefined {
    const path = expand(text, state.variables, this.syntax.escape);
    if (path === undefined) {
      return undefined;
    }
    if (path.startsWith('/')) {
      return boundedPath(path);
    }
    return state.workdir === undefined ? undefined : boundedPath(`${state.workdir}/${path}`);
  }
}
