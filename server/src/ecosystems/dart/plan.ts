import { asNonRoot, distrolessImage } from '../../images/families/runtime-bases.ts';
import { parseImageReference } from '../../images/reference.ts';
import type { CommandStep } from '../../model/commands.ts';
import { normalizePath } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import { hasOption, knownArgs } from '../../syntax/shell/script.ts';
import { builtCopy } from '../built-program.ts';
import type { CommandChange, PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';

/** Packages that load a library of the system, or bring one that lies beside the program. */
const nativePackages =
  /^ {0,4}(?:sqlite3|sqlite3_flutter_libs|drift|objectbox|isar|realm|libserialport|grpc_native)\s*:/m;

/** Converts a Dart program: what `dart compile exe` writes, on an image with the C library alone. */
export function planDart(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory } = input;
  const reference = parseImageReference(input.baseName);
  if (reference?.repository !== 'library/dart') {
    return {
      code: 'base-image-unknown',
      reason: `${input.baseName} is not the image of Dart, and which C library it compiles for is not known.`,
    };
  }
  const started = input.facts.startedProgram();
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  if (['dart', 'dart_frog'].includes(started.word)) {
    return {
      code: 'starts-through-build-tool',
      reason:
        'The container starts through Dart, which runs the sources. `dart compile exe` would make a program that needs neither.',
    };
  }
  const outputs = input.builds.map(outputOf);
  const copy = builtCopy(input, started.paths, (path) =>
    outputs.includes(path) ? { path, isFile: true } : undefined,
  );
  if (copy === undefined) {
    return {
      code: 'program-not-built',
      reason: `The container starts \`${started.word}\`, and \`dart compile exe\` does not write it.`,
    };
  }
  const manifests = ['pubspec.yaml', 'pubspec.lock']
    .map((name) => project.reader.read(joinPath(directory, name)) ?? '')
    .join('\n');
  // The folder bin holds the programs, and sources are elsewhere not looked for in it.
  const sources = [directory, joinPath(directory, 'bin')]
    .map((folder) => readSources(project, folder, /\.dart$/))
    .join('\n');
  if (nativePackages.test(manifests) || /\bDynamicLibrary\.open\(/.test(sources)) {
    return {
      code: 'libraries-unknown',
      reason: 'The program loads a library of the system, and which one it needs is not known.',
    };
  }
  if (/\bProcess\.(?:run|start)(?:Sync)?\(/.test(sources)) {
    return {
      code: 'starts-other-programs',
      reason: 'The program starts other programs, and which of them it needs is not known.',
    };
  }
  if (/\.(?:writeAs(?:String|Bytes)|openWrite|createTemp|create)(?:Sync)?\(/.test(sources)) {
    return {
      code: 'writes-as-root',
      reason: 'The program writes files, which needs a folder of its own on an image with nothing else.',
    };
  }
  if (input.needsShell || started.needsShell || started.isWrapped || input.packages.length > 0) {
    return {
      code: 'base-image-unknown',
      reason:
        'The program needs a shell or packages beside it, and the system of the final stage is not known.',
    };
  }
  const assets = input.facts.assetCopies(sources, /\.(?:dart|yaml|lock|md)$|^LICENSE$/);
  return {
    base: asNonRoot(distrolessImage('base')),
    content: 'built',
    packages: [],
    change: (at) => cached(at, input),
    copies: [copy, ...assets.copies],
    start: started.isShell ? [started.word, ...started.args] : undefined,
    needless: ['the Dart SDK', 'the packages', 'the sources'],
    assumptions: [
      'What `dart compile exe` writes holds the program and the part of Dart that runs it; it needs the C library alone.',
      ...(assets.copies.length === 0
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}

/** Where `dart compile exe` writes: to what it names, or beside the file with the ending `.exe`. */
function outputOf({ command, directory }: CommandStep): string | undefined {
  const words = knownArgs(command);
  if (words[0] !== 'compile' || words[1] !== 'exe' || directory === undefined) {
    return undefined;
  }
  const option = words.findIndex((word) => word === '-o' || word === '--output');
  const entry = words.find((word) => word.endsWith('.dart'));
  const named =
    (option >= 0 ? words[option + 1] : words.find((word) => word.startsWith('--output='))?.slice(9)) ??
    entry?.replace(/\.dart$/, '.exe');
  return named === undefined
    ? undefined
    : normalizePath(named.startsWith('/') ? named : `${directory}/${named}`);
}

/** The packages come from one mount for all commands of the builder. */
function cached(at: CommandStep, { commands }: PlanInput): CommandChange | undefined {
  const { variables, user } = at.step.before;
  const isOffline = commands.some(({ command }) => hasOption(command, '--offline'));
  const isRoot = user === undefined || /^(?:root|0)(?::|$)/.test(user);
  return at.command.name === 'dart' && !isOffline && isRoot && !variables.has('PUB_CACHE')
    ? { caches: [{ path: '/root/.pub-cache/hosted' }] }
    : undefined;
}
