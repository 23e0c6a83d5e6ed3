import { normalizePath } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import { type BuildOutput, builtCopy } from '../built-program.ts';
import { javaRuntime, needsCompiler, startedFiles } from '../java/image.ts';
import type { PlanInput, Refusal, RuntimeCopy, RuntimePlan, StartedProgram } from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';
import { sbtTasks } from './sbt.ts';
import { scalaToolchain } from './toolchain.ts';

/** Converts a Scala project: one jar with everything in it, or the folder that sbt-native-packager stages, on a JRE. */
export function planScala(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, traits } = input;
  const started = input.facts.startedProgram();
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  const copy = started.word === 'java' ? jarProgram(input, started) : scriptProgram(input, started);
  if ('reason' in copy) {
    return copy;
  }
  const sources = readSources(project, directory, /\.(?:scala|java|conf|xml|properties)$/);
  if (needsCompiler(sources) || /\bscala\.tools\.|\bdotty\.tools\./.test(sources)) {
    return { code: 'compiles-while-running', reason: 'The program uses a compiler while it runs.' };
  }
  const base = javaRuntime(input);
  if (typeof base !== 'string') {
    return base;
  }
  const isAlpine = base.includes('alpine');
  // Play keeps its process number and its logs in the folder that it starts from.
  const isPlay = /"(?:sbt-plugin|play)"/.test(
    project.reader.read(joinPath(directory, 'project/plugins.sbt')) ?? '',
  );
  const assets = input.facts.assetCopies(sources, /\.(?:scala|java|class|jar|sbt|md)$|^(?:project|LICENSE)$/);
  const called = input.facts.calledPrograms(sources);
  const programs = input.facts.programPackages(
    called,
    isAlpine ? ['wget', 'tar', 'gzip', 'unzip'] : ['bash', 'curl', 'wget', 'tar', 'gzip'],
  );
  const scripted = isAlpine && !copy.isFile && !programs.includes('bash') ? ['bash'] : [];
  return {
    base,
    content: 'built',
    packages: [...scripted.filter((name) => !input.packages.includes(name)), ...programs],
    change: (at) => {
      const caches = scalaToolchain.caches(at, traits, project);
      return caches.length === 0 ? undefined : { caches };
    },
    copies: [copy, ...assets.copies],
    start: undefined,
    ...(isPlay
      ? { writtenFolder: copy.to, writtenFolders: [`${copy.to}/logs`] }
      : input.facts.writesBeside(sources)
        ? { writtenFolder: input.stage.end.workdir ?? input.workdir }
        : {}),
    needless: ['the Java compiler', 'sbt and Scala', 'the sources'],
    assumptions: [
      'The program needs no compiler while it runs, only a JRE.',
      ...(assets.copies.length === 0
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}

/** `java -jar`: the jar has to hold all dependencies, which only the task `assembly` sees to. */
function jarProgram(input: PlanInput, { args }: StartedProgram): RuntimeCopy | Refusal {
  const { jar } = startedFiles(args);
  if (jar === undefined || /[$*]/.test(jar)) {
    return { code: 'start-unknown', reason: 'Which jar the container starts is not known.' };
  }
  const here = input.stage.end.workdir ?? '/';
  const path = normalizePath(jar.startsWith('/') ? jar : `${here}/${jar}`);
  const copy = builtCopy(input, [path], (one) =>
    isBelow(one, input) && /\/target\/(?:scala-[^/]+|out\/.+)\/[^/]+\.jar$/.test(one)
      ? { path: one, isFile: true }
      : undefined,
  );
  if (copy === undefined) {
    return { code: 'program-not-built', reason: `The container starts ${jar}, and sbt does not write it.` };
  }
  return runs(input, 'assembly')
    ? copy
    : {
        code: 'program-not-built',
        reason: `No task \`assembly\` runs, so that ${jar} may need other jars beside it.`,
      };
}

/** The start script of a staged program, with the folder of its jars. */
function scriptProgram(input: PlanInput, { word, paths }: StartedProgram): RuntimeCopy | Refusal {
  if (word === 'sbt' || word === 'scala' || word.endsWith('/sbt')) {
    return {
      code: 'starts-through-build-tool',
      reason: `The container starts through \`${word}\`, which builds once more.`,
    };
  }
  const copy = builtCopy(input, paths, (path) => stagedFolder(path, input));
  return copy === undefined
    ? {
        code: 'program-not-built',
        reason: `The container starts \`${word}\`, and whether sbt writes it is not known.`,
      }
    : copy;
}

function stagedFolder(path: string, input: PlanInput): BuildOutput | undefined {
  const folder = /^(.*\/target\/(?:universal\/stage|pack))(?:\/|$)/.exec(path)?.[1];
  const task = folder?.endsWith('/pack') === true ? 'pack' : 'stage';
  return folder !== undefined && isBelow(folder, input) && runs(input, task)
    ? { path: folder, isFile: false }
    : undefined;
}

function runs({ builds }: PlanInput, task: string): boolean {
  return builds.some(({ command }) => sbtTasks(command).includes(task));
}

function isBelow(path: string, { workdir }: PlanInput): boolean {
  return path.startsWith(workdir === '/' ? '/' : `${workdir}/`);
}
