import type { CommandStep } from '../../model/commands.ts';
import type { CommandChange, PlanInput, Refusal, RuntimeCopy, RuntimePlan } from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';
import { javaRuntime, needsCompiler } from './image.ts';
import { type JavaProgram, readJavaProgram } from './program.ts';
import { readJavaProject } from './project.ts';
import { goalsOf, isGradleCommand, isMavenCommand, isOffline, javaToolchain } from './toolchain.ts';

/** Takes a Java project apart: the jar alone, on a JRE of the same version. */
export function planJava(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory } = input;
  const sources = readSources(project, directory, /\.(?:java|kt|kts|groovy|scala|properties|ya?ml|xml)$/);
  if (needsCompiler(sources)) {
    return { code: 'compiles-while-running', reason: 'The program uses the Java compiler while it runs.' };
  }
  const found = readJavaProject(project, directory, input.workdir);
  const program = readJavaProgram(input, found);
  if ('reason' in program) {
    return program;
  }
  const base = javaRuntime(input);
  if (typeof base !== 'string') {
    return base;
  }
  const quoted = input.start.words.map((word) => `"${word.replace(/[=:]/g, '"')}"`).join(' ');
  const assets = input.facts.assetCopies(
    `${sources}\n${quoted}`,
    /\.(?:java|kt|kts|groovy|scala|class|jar|md|gradle|xml)$|^(?:mvnw|gradlew|gradle|LICENSE|HELP)\b/,
  );
  const isOnline = !input.commands.some(
    ({ command }) => isOffline(command) && javaToolchain.isProjectCommand(command),
  );
  const tool = input.builds.some(({ command }) => isMavenCommand(command))
    ? ['the local repository of Maven']
    : input.builds.some(({ command }) => isGradleCommand(command))
      ? ['the cache of Gradle']
      : [];
  const whole = program.copies.some((copy) => copy.from === input.workdir);
  const layers = found.hasLayers ? layersOf(program, input) : undefined;
  return {
    base,
    content: 'built',
    packages: input.facts.programPackages(
      input.facts.calledPrograms(sources),
      base.includes('alpine') ? ['wget', 'tar', 'gzip', 'unzip'] : ['bash', 'curl', 'wget', 'tar', 'gzip'],
    ),
    builderEnd: layers === undefined ? [] : [{ kind: 'run', commands: [layers.command] }],
    builderEndComment: 'Dependencies change less often than the program: each gets a layer of its own',
    change: (at) => changeBuild(at, input, program.task, isOnline),
    copies: whole ? program.copies : [...(layers?.copies ?? program.copies), ...assets.copies],
    start: program.start,
    ...(input.facts.writesBeside(sources) ? { writtenFolder: input.stage.end.workdir ?? input.workdir } : {}),
    needless: ['the Java compiler', ...tool, ...(whole ? [] : ['the sources'])],
    assumptions: [
      'The program needs no compiler while it runs, only a JRE.',
      ...program.assumptions,
      ...(assets.copies.length === 0 || whole
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}

/** How a jar of Spring Boot is extracted: its libraries in front of it, in an order in which they change ever more often. */
function layersOf(
  { copies }: JavaProgram,
  input: PlanInput,
): { readonly command: string; readonly copies: readonly RuntimeCopy[] } | undefined {
  const [jar, ...others] = copies;
  const { directory: where } = input.builds.at(-1) ?? {};
  if (jar === undefined || others.length > 0 || !jar.isFile || where !== input.workdir) {
    return undefined;
  }
  const below = (path: string): string =>
    path.startsWith(`${input.workdir}/`) ? path.slice(input.workdir.length + 1) : path;
  const target = jar.from.slice(0, jar.from.lastIndexOf('/'));
  const to = jar.to.slice(0, jar.to.lastIndexOf('/')) || '/';
  const name = jar.to.slice(jar.to.lastIndexOf('/') + 1);
  return {
    command: `java -Djarmode=tools -jar ${below(jar.from)} extract --layers --application-filename ${name} --destination ${below(target)}/layers`,
    copies: ['dependencies', 'snapshot-dependencies', 'application'].map((layer) => ({
      from: `${target}/layers/${layer}`,
      to,
      isFile: false,
    })),
  };
}

/** Caches, and the task that makes what the start command runs. */
function changeBuild(
  at: CommandStep,
  input: PlanInput,
  task: string | undefined,
  isOnline: boolean,
): CommandChange | undefined {
  const caches = isOnline ? javaToolchain.caches(at, input.traits) : [];
  const isLast = at.command === input.builds.at(-1)?.command;
  if (task !== undefined && isLast && at.command.wrapper === undefined) {
    const goals = goalsOf(at.command);
    const words = [at.command.nameWord, ...at.command.args].map((word) => word.text);
    const behind = words.lastIndexOf(goals.at(-1) ?? '') + 1;
    return { text: [...words.slice(0, behind), task, ...words.slice(behind)].join(' '), caches };
  }
  return caches.length === 0 ? undefined : { caches };
}
