import type { AnalysisContext } from '../facts/context.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import { baseTraits, isDevContainer, isWindows, runningStage } from '../facts/stage.ts';
import { calledAtStart } from '../facts/start/started-process.ts';
import { hasOldRust } from '../facts/versions/rust-version.ts';
import type { Fix } from '../fixes/fix.ts';
import { insertWords } from '../fixes/insert-words.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { findStage } from '../model/copy.ts';
import { type Dockerfile, lineage, type Stage } from '../model/dockerfile.ts';
import { joinPath } from '../project/paths.ts';
import { hasOption, type ShellCommand } from '../syntax/shell/script.ts';
import { findFlag } from '../syntax/tree.ts';
import { sortEdits } from '../text/edits.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const unstrippedBinary: Rule = {
  meta: {
    id: 'unstripped-binary',
    aliases: [],
    summary: 'A program ships with what only a debugger reads.',
    category: 'size',
    severity: 'information',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: 'A Go or Rust program is built for the image that ships without leaving out its symbol table and debugging information.',
      why: 'A good part of a program is read by debuggers alone, and it is stored, pulled and loaded with every copy. Stack traces of Go need none of it.',
      silent:
        'The build already strips, by an option, a variable or the release profile of `Cargo.toml`; another command does (`strip`, `upx`); options of the linker are given (`-ldflags`), which may be about anything; a debugger is installed or started; the stage ships nothing; a debug build of Rust, or one by a Rust before 1.59, which stops at the setting; a container that starts through Cargo, which would compile everything once more.',
      fix: 'Adds `-ldflags="-s -w"` to `go build`, or sets `CARGO_PROFILE_RELEASE_STRIP=true` for `cargo build`. For review: a Rust program then names no functions in its stack traces, and no debugger can be attached with names.',
      bad: {
        dockerfile:
          'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\nFROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n',
      },
      good: {
        dockerfile:
          'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -ldflags="-s -w" -o /app .\n\nFROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n',
      },
      switchOff: 'Where programs are debugged or profiled in the container they run in.',
      references: [
        'https://pkg.go.dev/cmd/link',
        'https://doc.rust-lang.org/cargo/reference/profiles.html#strip',
      ],
    },
  },

  *check(context) {
    const shipped = runningStage(context);
    if (shipped === undefined || isDevContainer(context)) {
      return;
    }
    for (const stage of context.dockerfile.stages) {
      const steps = commandSteps(stage);
      if (isWindows(stage) || !ships(context.dockerfile, stage, shipped) || debugs(steps)) {
        continue;
      }
      for (const at of steps) {
        const fix = at.command.isUnconditional
          ? (stripGo(at) ?? stripRust(context, stage, shipped, at))
          : undefined;
        if (fix !== undefined) {
          yield {
            message:
              at.command.name === 'go'
                ? 'The program ships with its symbol table and debugging information, which only a debugger reads.'
                : 'The program ships with its symbol table, which only debuggers and stack traces read.',
            span: at.script.sourceSpan(
              span(
                at.command.nameWord.span.start,
                at.command.args[0]?.span.end ?? at.command.nameWord.span.end,
              ),
            ),
            fixes: [fix],
          };
        }
      }
    }
  },
};

/** True for the stage that ships, and for one that it takes files from. */
function ships(dockerfile: Dockerfile, stage: Stage, shipped: Stage): boolean {
  return (
    stage === shipped ||
    shipped.steps.some((step) => {
      const from =
        step.instruction.keyword === 'COPY' ? findFlag(step.instruction, 'from')?.value : undefined;
      return from !== undefined && findStage(from, dockerfile) === stage;
    })
  );
}

/** True where something strips by itself, or somebody means to debug. */
function debugs(steps: readonly CommandStep[]): boolean {
  return steps.some(
    ({ command }) =>
      ['strip', 'upx', 'dlv', 'gdb', 'goreleaser'].includes(command.name ?? '') ||
      command.args.some((word) => /go-delve\/delve|^(?:upx|upx-ucl|gdb)$/.test(word.text)),
  );
}

function stripGo(at: CommandStep): Fix | undefined {
  const { command, step } = at;
  const verb = command.args[0];
  const isBuild =
    command.name === 'go' &&
    (verb?.value === 'build' || verb?.value === 'install') &&
    !command.args.some((word) => word.text.includes('@') || word.text.includes('$'));
  const isTold = /-ldflags|-gcflags|-buildmode|-race|-cover/.test(
    `${command.args.map((word) => word.text).join(' ')} ${step.before.variables.get('GOFLAGS') ?? ''}`,
  );
  if (!isBuild || isTold || verb === undefined || step.before.variables.has('GOFLAGS')) {
    return undefined;
  }
  const flags = step.instruction.form === 'json' ? '-ldflags=-s -w' : '-ldflags="-s -w"';
  const edit = insertWords(at, verb, [flags]);
  return edit === undefined
    ? undefined
    : {
        title: 'Add -ldflags="-s -w"',
        applicability: 'review',
        edits: [edit],
        assumptions: ['Nobody attaches a debugger to the program.'],
      };
}

function stripRust(context: AnalysisContext, stage: Stage, shipped: Stage, at: CommandStep): Fix | undefined {
  const { command, step } = at;
  // A start through Cargo would find another profile than that of the build, and compile everything once more.
  const startsCargo = calledAtStart(context, shipped).includes('cargo');
  if (!buildsRelease(command) || command.wrapper !== undefined || startsCargo) {
    return undefined;
  }
  const { variables } = step.before;
  const isTold =
    ['CARGO_PROFILE_RELEASE_STRIP', 'RUSTFLAGS', 'CARGO_PROFILE_RELEASE_DEBUG', 'CARGO_BUILD_RUSTFLAGS'].some(
      (name) => variables.has(name) || command.assignments.some((one) => one.name === name),
    ) || command.args.some((word) => /^--(?:profile|config)\b/.test(word.text));
  const directory =
    at.directory === undefined ? undefined : buildFolderOf(context.dockerfile, stage, at.directory);
  const manifest =
    directory === undefined ? undefined : context.project.reader.read(joinPath(directory, 'Cargo.toml'));
  const settings =
    directory === undefined
      ? undefined
      : context.project.reader.read(joinPath(directory, '.cargo/config.toml'));
  // Without its manifest nobody knows what the profile says.
  if (
    isTold ||
    hasOldRust(stage, baseTraits(stage, context.images), context.project, [directory ?? '', '']) ||
    manifest === undefined ||
    /^[ \t]*(?:strip|debug)\s*=/m.test(manifest) ||
    settings !== undefined
  ) {
    return undefined;
  }
  // Every command of the profile gets the setting: with another one Cargo would compile all dependencies once more.
  const own = new Set(lineage(stage));
  const all = context.dockerfile.stages.flatMap((one) =>
    commandSteps(one).filter(
      (each) => cooks(each.command) || (own.has(one) && compilesRelease(each.command)),
    ),
  );
  if (
    all.some(
      (one) =>
        one.step.instruction.form === 'json' ||
        one.command.wrapper !== undefined ||
        one.command.assignments.some(({ name }) => name.startsWith('CARGO_PROFILE_')),
    )
  ) {
    return undefined;
  }
  return {
    title: 'Strip the program (CARGO_PROFILE_RELEASE_STRIP=true)',
    applicability: 'review',
    edits: sortEdits(
      all.map((one) => {
        const { start } = one.script.sourceSpan(one.command.span);
        return { span: span(start, start), text: 'CARGO_PROFILE_RELEASE_STRIP=true ' };
      }),
    ),
    assumptions: ['Stack traces of the program may do without the names of functions.'],
  };
}

/** True for Cargo where it compiles what ships. */
function buildsRelease(command: ShellCommand): boolean {
  const verb = command.args.find((word) => !word.text.startsWith('+'))?.value;
  const isRelease = verb === 'build' && hasOption(command, '--release', '-r');
  const isInstall = verb === 'install' && hasOption(command, '--path') && !hasOption(command, '--debug');
  return command.name === 'cargo' && (isRelease || isInstall);
}

/** True for Cargo where it compiles with the profile of what ships, for tests or to run something during the build too. */
function compilesRelease(command: ShellCommand): boolean {
  const verb = command.args.find((word) => !word.text.startsWith('+'))?.value ?? '';
  return (
    buildsRelease(command) ||
    (command.name === 'cargo' && /^(?:run|test|rustc)$/.test(verb) && hasOption(command, '--release', '-r'))
  );
}

/** True for cargo-chef where it compiles the dependencies of what ships. */
function cooks(command: ShellCommand): boolean {
  const words = command.args.map((word) => word.value);
  const at = words.indexOf('cook');
  return (
    hasOption(command, '--release', '-r') &&
    ((command.name === 'cargo' && at > 0 && words[at - 1] === 'chef') ||
      (command.name === 'cargo-chef' && at >= 0))
  );
}
