import {
  asNonRoot,
  distrolessImage,
  distrolessRelease,
  systemBase,
} from '../../images/families/runtime-bases.ts';
import type { CommandStep } from '../../model/commands.ts';
import { joinImage, normalizePath } from '../../model/paths.ts';
import { readGoMod } from '../../project/formats/go-mod.ts';
import { joinPath } from '../../project/paths.ts';
import { unknownProject } from '../../project/project.ts';
import { knownArgs } from '../../syntax/shell/script.ts';
import { memoize } from '../../text/memoize.ts';
import {
  type CommandChange,
  isChangeable,
  type PlanInput,
  type Refusal,
  type RuntimeCopy,
  type RuntimePlan,
} from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';
import { goToolchain } from './toolchain.ts';

/** Modules that are bindings to C code: they need cgo, and what they link to. */
export const cgoModules =
  /github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|davidbyttow\/govips|linxGnu\/grocksdb|go-gl\/|veandco\/go-sdl2|godror\/godror|marcboeker\/go-duckdb|tecbot\/gorocksdb|libgit2\/git2go)|gopkg\.in\/gographics\/imagick/;

/** Modules whose C code comes with them and needs nothing but the C library. */
const bundledModules = /github\.com\/mattn\/go-sqlite3/g;

/** Takes a Go project apart: the binary alone, on an image without a shell where it is linked to nothing. */
export function planGo(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, builds, traits } = input;
  const sources = readSources(project, directory, /\.go$/);
  const modules = project.reader.read(joinPath(directory, 'go.mod')) ?? otherModules(input);
  const last = builds.at(-1);
  if (last === undefined || modules === '') {
    return { code: 'manifest-unreadable', reason: 'There is no readable go.mod where the build runs.' };
  }
  if (input.facts.startedProgram()?.word === 'go') {
    return { code: 'starts-through-build-tool', reason: 'The container starts through the Go toolchain.' };
  }
  const binaries: { at: CommandStep; path: string }[] = [];
  for (const at of builds) {
    const path = binaryOf(at, modules);
    if (path === undefined) {
      return {
        code: 'output-unknown',
        reason: `Where \`go ${knownArgs(at.command).join(' ')}\` writes the program is not known.`,
      };
    }
    binaries.push({ at, path });
  }
  const setting = cgoSetting(last);
  const usesC = /^[ \t]*import\s+"C"/m.test(sources) || cgoModules.test(`${modules}\n${sources}`);
  const isMusl = traits?.libc === 'musl';
  // Where cgo is on unless it is switched off, the command has to be one that can be changed.
  const isStatic = setting === '0' || (setting === undefined && !usesC && builds.every(isPlainBuild));
  const needsOther = cgoModules.test(`${modules}\n${sources}`.replace(bundledModules, ''));
  if (!isStatic && needsOther && input.packages.length === 0) {
    return {
      code: 'libraries-unknown',
      reason: 'The program is linked to C libraries, and which packages bring them is not known.',
    };
  }
  const started = startedBinary(
    input,
    binaries.map((one) => one.path),
  );
  if ('reason' in started) {
    return started;
  }
  const assets = input.facts.assetCopies(
    withoutImports(sources),
    /\.(?:go|mod|sum|md)$|^(?:Makefile|LICENSE)$/,
  );
  const called = input.facts.calledPrograms(sources);
  const writes = input.facts.writesBeside(sources);
  const needsSystem =
    input.needsShell ||
    input.packages.length > 0 ||
    (!isStatic && isMusl) ||
    started.needsShell ||
    called.length > 0 ||
    writes;
  // Go's own images bring the time zones inside of the toolchain; the distroless ones have them as well.
  const zones = /\btime\.LoadLocation\(/.test(sources) ? ['tzdata'] : [];
  const release = distrolessRelease(traits);
  const base = needsSystem
    ? systemBase(traits, input.packages.length === 0)
    : isStatic
      ? asNonRoot(distrolessImage('static'))
      : release === undefined
        ? undefined
        : asNonRoot(distrolessImage('base', release));
  if (base === undefined) {
    return { code: 'base-image-unknown', reason: 'The system that the program is built on is not known.' };
  }
  const kept = binaries.filter((one, i) => binaries.findIndex((other) => other.path === one.path) === i);
  return {
    base,
    content: 'built',
    packages: needsSystem
      ? [
          ...['ca-certificates', ...zones].filter((name) => !input.packages.includes(name)),
          ...input.facts.programPackages(
            called,
            isMusl ? ['wget', 'tar', 'gzip', 'unzip'] : ['bash', 'tar', 'gzip'],
          ),
        ]
      : [],
    change: (at) => changeBuild(at, traits, isStatic && setting === undefined),
    copies: [
      ...kept.map((one): RuntimeCopy => ({ from: one.path, to: one.path, isFile: true })),
      ...assets.copies,
    ],
    start: started.words,
    ...(writes ? { writtenFolder: input.stage.end.workdir ?? input.workdir } : {}),
    needless: ['the Go toolchain', 'the module cache', 'the sources'],
    assumptions: [
      isStatic
        ? 'The program uses no C code: it is linked to nothing and needs no system around it.'
        : 'The program uses C code and runs on the C library of the same release.',
      ...(assets.copies.length === 0
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}

/** The sources without their imports and comments: a package is compiled in, and is no folder that is read. */
const withoutImports = memoize(
  (sources: string): string =>
    sources
      .replace(/^[ \t]*\/\/(?!go:embed).*$/gm, '')
      .replace(/^import\s*\([^()]*\)|^import\s[^\n"]*"[^"\n]*"/gm, ''),
  8,
);

/**
 * Where there is no go.mod: the manifests of all modules that a go.work names, as one text, or what a `go mod init` of the
 * stage writes. Empty where neither is there.
 */
function otherModules({ project, directory, commands }: PlanInput): string {
  const made = commands.find(
    ({ command }) =>
      command.name === 'go' && command.args[0]?.value === 'mod' && command.args[1]?.value === 'init',
  )?.command.args[2]?.value;
  if (made !== undefined) {
    return `module ${made}`;
  }
  const work = project.reader.read(joinPath(directory, 'go.work')) ?? '';
  const block = /^use\s*\(([^)]*)\)/m.exec(work)?.[1] ?? '';
  const named = [...block.split('\n'), ...work.split('\n').filter((line) => /^use\s+[^(]/.test(line))];
  return named
    .map((line) =>
      line
        .replace(/^use\s+|\/\/.*/g, '')
        .trim()
        .replace(/^\.\/|\/$/g, ''),
    )
    .filter((path) => path !== '')
    .map((path) => project.reader.read(joinPath(directory, path === '.' ? 'go.mod' : `${path}/go.mod`)) ?? '')
    .join('\n');
}

/** True for a build whose text can be given another form without loss. */
function isPlainBuild(at: CommandStep): boolean {
  const { assignments, redirects } = at.command;
  return (
    isChangeable(at) &&
    redirects.length === 0 &&
    assignments.every((one) => /^[\w./:-]*$/.test(one.value ?? '$'))
  );
}

/** `CGO_ENABLED` as the command sees it. */
export function cgoSetting(at: CommandStep): string | undefined {
  const own = at.command.assignments.find((one) => one.name === 'CGO_ENABLED')?.value;
  return own ?? at.step.before.variables.get('CGO_ENABLED');
}

/** The path in the image of what a build writes. */
export function binaryOf(at: CommandStep, modules: string): string | undefined {
  const words = at.command.args.map((word) => word.value);
  const { directory } = at;
  if (directory === undefined) {
    return undefined;
  }
  const packages = packagesOf(at);
  const [first] = packages;
  const named = words[0] === 'build' ? outputOf(words) : undefined;
  if (typeof named === 'string' && !/(?:^|\/)\.{0,2}$/.test(named)) {
    // A file can only be named for one program, whatever the pattern of packages.
    return normalizePath(named.startsWith('/') ? named : `${directory}/${named}`);
  }
  if (packages.length > 1 || first === undefined || first.includes('...')) {
    return undefined;
  }
  const name = first.endsWith('.go') ? first.replace(/^.*\//, '').slice(0, -3) : packageName(first, modules);
  if (words[0] === 'install') {
    return first.endsWith('.go') ? undefined : `/go/bin/${name}`;
  }
  const output = outputOf(words);
  if (output === null) {
    return undefined;
  }
  if (output === undefined) {
    return joinImage(directory, name);
  }
  const path = output.startsWith('/') ? output : `${directory}/${output}`;
  return output.endsWith('/') || output === '.' ? normalizePath(`${path}/${name}`) : normalizePath(path);
}

/** The value of `-o`; undefined where there is none, null where a variable hides it. */
function outputOf(words: readonly (string | undefined)[]): string | undefined | null {
  for (const [i, word] of words.entries()) {
    if (word === '-o' || word === '--o') {
      return words[i + 1] ?? null;
    }
    if (word?.startsWith('-o=')) {
      return word.slice(3);
    }
  }
  return undefined;
}

const valued = [
  '-o',
  '-ldflags',
  '-tags',
  '-gcflags',
  '-asmflags',
  '-mod',
  '-p',
  '-buildmode',
  '-installsuffix',
  '-pkgdir',
  '-overlay',
  '-pgo',
  '-C',
];

function packagesOf(at: CommandStep): string[] {
  const words = at.command.args.slice(1);
  const found = words.filter((word, i) => {
    const before = words[i - 1]?.text ?? '';
    return !word.text.startsWith('-') && !valued.includes(before.replace(/^--/, '-'));
  });
  return found.length === 0 ? ['.'] : found.map((word) => word.value ?? '...');
}

/** The name that Go gives to a program: the last part of its package's path, a major version left off. */
function packageName(path: string, modules: string): string {
  const module = readGoMod(modules).path ?? 'main';
  const whole = path === '.' || path === './' ? module : path.replace(/\/$/, '');
  const parts = whole.split('/').filter((part) => part !== '.');
  const last = parts.at(-1) ?? 'main';
  return /^v\d+$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? last) : last;
}

/** Which binary the container starts, and how to say it without a shell. */
function startedBinary(
  input: PlanInput,
  paths: readonly string[],
): { words: readonly string[] | undefined; needsShell: boolean } | Refusal {
  const { start, stage } = input;
  const { words } = start;
  const program = words.find((word) => !['exec', 'sh', '-c'].includes(word)) ?? '';
  const workdir = stage.end.workdir ?? '/';
  const absolute = normalizePath(program.startsWith('/') ? program : `${workdir}/${program}`);
  const inPath = ['/usr/local/bin', '/usr/bin', '/bin', '/go/bin', '/usr/local/sbin', '/sbin'].map(
    (one) => `${one}/${program}`,
  );
  const path = paths.find((one) => one === absolute) ?? paths.find((one) => inPath.includes(one));
  if (path === undefined) {
    return {
      code: 'program-not-built',
      reason: `The container starts \`${program}\`, and the build does not write it.`,
    };
  }
  const isShell = start.entrypoint?.form === 'shell' || start.cmd?.form === 'shell';
  const written = words.join(' ');
  const needsShell = isShell && /[$;&|<>`]/.test(written);
  // The folder of Go's own programs is on the path of its image alone.
  const first = path.startsWith('/go/bin/') && !program.startsWith('/') ? path : program;
  const changed = isShell || first !== program;
  const rest = words.slice(words.indexOf(program) + 1);
  return { words: changed && !needsShell ? [first, ...rest] : undefined, needsShell };
}

/** Builds without cgo and without what only a debugger reads, where the command does not say otherwise. */
function changeBuild(
  at: CommandStep,
  traits: PlanInput['traits'],
  setsCgo: boolean,
): CommandChange | undefined {
  const caches = goToolchain.caches(at, traits);
  if (caches.length === 0) {
    return undefined;
  }
  const { command } = at;
  if (!goToolchain.isBuild(command, unknownProject, '')) {
    return { caches };
  }
  const words = [command.nameWord, ...command.args].map((word) => word.text);
  const has = (name: string): boolean => words.some((word) => word.replace(/^--/, '-').startsWith(name));
  const flags = [
    ...(has('-trimpath') ? [] : ['-trimpath']),
    ...(has('-ldflags') ? [] : ['-ldflags="-s -w"']),
  ];
  const assignments = command.assignments.map((one) => `${one.name}=${one.value ?? ''}`);
  if (!isPlainBuild(at)) {
    return { caches };
  }
  const isSet = command.assignments.some((one) => one.name === 'CGO_ENABLED');
  const cgo = setsCgo && !isSet ? ['CGO_ENABLED=0'] : [];
  return {
    text: [...cgo, ...assignments, ...words.slice(0, 2), ...flags, ...words.slice(2)].join(' '),
    caches,
  };
}
