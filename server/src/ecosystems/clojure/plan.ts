import type { CommandStep } from '../../model/commands.ts';
import { normalizePath } from '../../model/paths.ts';
import { hasOption } from '../../syntax/shell/script.ts';
import { builtCopy } from '../built-program.ts';
import { javaRuntime, startedFiles } from '../java/image.ts';
import type { CommandChange, PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';
import { packsAll, repository } from './commands.ts';

/** Converts a Clojure project: its uberjar on a JRE. */
export function planClojure(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory } = input;
  const started = input.facts.startedProgram();
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  if (started.word !== 'java') {
    return {
      code: 'program-not-built',
      reason: `The container starts \`${started.word}\`, and what a JRE would have to start is not known.`,
    };
  }
  const { jar } = startedFiles(started.args);
  if (jar === undefined || /[$*]/.test(jar)) {
    return { code: 'start-unknown', reason: 'Which jar the container starts is not known.' };
  }
  const path = normalizePath(jar.startsWith('/') ? jar : `${input.stage.end.workdir ?? '/'}/${jar}`);
  const folder = `${input.workdir === '/' ? '' : input.workdir}/target/`;
  const copy = builtCopy(input, [path], (one) =>
    one.startsWith(folder) && one.endsWith('.jar') ? { path: one, isFile: true } : undefined,
  );
  if (copy === undefined) {
    return {
      code: 'program-not-built',
      reason: `The container starts ${jar}, and the build does not write it.`,
    };
  }
  if (!input.builds.some(({ command }) => packsAll(command))) {
    return {
      code: 'program-not-built',
      reason: `No uberjar is made, so that ${jar} may need other jars beside it.`,
    };
  }
  const base = javaRuntime(input);
  if (typeof base !== 'string') {
    return base;
  }
  const sources = readSources(project, directory, /\.(?:clj|cljc|edn|java)$/);
  if (/\bToolProvider\b|\bjavax\.tools\b/.test(sources)) {
    return { code: 'compiles-while-running', reason: 'The program uses the Java compiler while it runs.' };
  }
  if (/clojure\.java\.shell|babashka\.process|\bProcessBuilder\b/.test(sources)) {
    return {
      code: 'starts-other-programs',
      reason: 'The program starts other programs, and which of them it needs is not known.',
    };
  }
  const writes = /\(spit\b|io\/(?:writer|output-stream|make-parents|copy)\b|jdbc:(?:sqlite|h2):/.test(
    sources,
  );
  const assets = input.facts.assetCopies(sources, /\.(?:clj|cljc|cljs|java|class|jar|md)$|^LICENSE$/);
  return {
    base,
    content: 'built',
    packages: input.facts.programPackages(
      input.facts.calledPrograms(''),
      base.includes('alpine') ? ['wget', 'tar', 'gzip', 'unzip'] : ['bash', 'curl', 'wget', 'tar', 'gzip'],
    ),
    change: (at) => cached(at, input),
    copies: [copy, ...assets.copies],
    start: undefined,
    ...(writes ? { writtenFolder: input.stage.end.workdir ?? input.workdir } : {}),
    needless: ['the Java compiler', 'the tools of Clojure', 'the sources'],
    assumptions: [
      'The program needs no compiler of Java while it runs, only a JRE: what Clojure compiles itself comes in the jar.',
      ...(assets.copies.length === 0
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}

/** The packages come from one mount for all commands of the builder. */
function cached(at: CommandStep, { commands }: PlanInput): CommandChange | undefined {
  const { user } = at.step.before;
  const isOffline = commands.some(({ command }) => hasOption(command, '-o', '--offline'));
  const isRoot = user === undefined || /^(?:root|0)(?::|$)/.test(user);
  return ['lein', 'clojure', 'clj'].includes(at.command.name ?? '') && !isOffline && isRoot
    ? { caches: [repository] }
    : undefined;
}
