import type { CommandStep } from '../model/commands.ts';
import { normalizePath } from '../model/paths.ts';
import { argumentText } from '../syntax/tree.ts';
import { type MovedFile, movedFiles } from './built-files.ts';
import { goalsOf, isGradleCommand, isMavenCommand, isOffline, java } from './java.ts';
import { classFolder, javaRuntime, needsCompiler, startedFiles } from './java-image.ts';
import { type JavaProject, readJavaProject } from './java-project.ts';
import { assetCopies } from './run-time-assets.ts';
import type { CommandChange, PlanInput, Refusal, RuntimeCopy, RuntimePlan } from './runtime-plan.ts';
import { readSources } from './source-text.ts';
import { startedProgram } from './started-program.ts';
import { writesBeside } from './written-files.ts';

/** What the program is made of, and how it is started. */
interface JavaProgram {
  readonly copies: readonly RuntimeCopy[];
  /** The new start command; undefined where the written one holds. */
  readonly start: readonly string[] | undefined;
  /** A task to run beside those written. */
  readonly task?: string;
  readonly assumptions: readonly string[];
}

/** Takes a Java project apart: the jar alone, on a JRE of the same version. */
export function planJava(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory } = input;
  const sources = readSources(project, directory, /\.(?:java|kt|kts|groovy|scala|properties|ya?ml|xml)$/);
  if (needsCompiler(sources)) {
    return { reason: 'The program uses the Java compiler while it runs.' };
  }
  const found = readJavaProject(project, directory, input.workdir);
  const program = readProgram(input, found);
  if ('reason' in program) {
    return program;
  }
  const base = javaRuntime(input);
  if (typeof base !== 'string') {
    return base;
  }
  const quoted = input.start.words.map((word) => `"${word.replace(/[=:]/g, '"')}"`).join(' ');
  const assets = assetCopies(
    input,
    `${sources}\n${quoted}`,
    /\.(?:java|kt|kts|groovy|scala|class|jar|md|gradle|xml)$|^(?:mvnw|gradlew|gradle|LICENSE|HELP)\b/,
  );
  const isOnline = !input.commands.some(
    ({ command }) => isOffline(command) && java.isProjectCommand(command),
  );
  const tool = input.builds.some(({ command }) => isMavenCommand(command))
    ? ['Maven and its repository']
    : input.builds.some(({ command }) => isGradleCommand(command))
      ? ['Gradle and its cache']
      : [];
  const whole = program.copies.some((copy) => copy.from === input.workdir);
  return {
    base,
    content: 'built',
    packages: probePackages(input, base),
    builderStart: [],
    builderEnd: [],
    change: (at) => changeBuild(at, input, program.task, isOnline),
    copies: whole ? program.copies : [...program.copies, ...assets.copies],
    beforeCopies: [],
    afterCopies: [],
    start: program.start,
    ...(writesBeside(sources) ? { writtenFolder: input.stage.end.workdir ?? input.workdir } : {}),
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

/** Programs of a probe that the images of Maven and Gradle have on Alpine, and those with a JRE lack. */
function probePackages(input: PlanInput, base: string): string[] {
  const isTool = ['maven', 'gradle'].includes(input.traits?.family ?? '') && base.endsWith('-alpine');
  const said = input.stage.steps
    .filter((step) => ['HEALTHCHECK', 'CMD', 'ENTRYPOINT'].includes(step.instruction.keyword))
    .map((step) => argumentText(step.instruction))
    .join(' ');
  return isTool
    ? ['bash', 'curl'].filter(
        (name) => new RegExp(`\\b${name}\\b`).test(said) && !input.packages.includes(name),
      )
    : [];
}

/** Caches, and the task that makes what the start command runs. */
function changeBuild(
  at: CommandStep,
  input: PlanInput,
  task: string | undefined,
  isOnline: boolean,
): CommandChange | undefined {
  const caches = isOnline ? java.caches(at, input.traits) : [];
  const isLast = at.command === input.builds.at(-1)?.command;
  if (task !== undefined && isLast && at.command.wrapper === undefined) {
    const goals = goalsOf(at.command);
    const words = [at.command.nameWord, ...at.command.args].map((word) => word.text);
    const behind = words.lastIndexOf(goals.at(-1) ?? '') + 1;
    return { text: [...words.slice(0, behind), task, ...words.slice(behind)].join(' '), caches };
  }
  return caches.length === 0 ? undefined : { caches };
}

function readProgram(input: PlanInput, found: JavaProject): JavaProgram | Refusal {
  const started = startedProgram(input);
  if (started === undefined) {
    return { reason: 'What the container starts is not known.' };
  }
  const name = started.word.replace(/^.*\//, '');
  if (name === 'java') {
    const files = startedFiles(started.args);
    return files.jar === undefined
      ? classpathProgram(input, found, files.classpath ?? [])
      : jarProgram(input, found, files.jar);
  }
  if (['mvn', 'mvnw', 'gradle', 'gradlew'].includes(name)) {
    return toolProgram(input, found, started.args);
  }
  const script = started.paths.find(
    (path) => found.distribution !== undefined && path.startsWith(`${found.distribution}/`),
  );
  if (script !== undefined && found.distribution !== undefined) {
    return {
      copies: [{ from: found.distribution, to: found.distribution, isFile: false }],
      start: undefined,
      assumptions: [],
    };
  }
  return {
    reason: `The container starts \`${started.word}\`, and whether the build writes it is not known.`,
  };
}

function absolute(input: PlanInput, path: string): string {
  return normalizePath(path.startsWith('/') ? path : `${input.stage.end.workdir ?? '/'}/${path}`);
}

/** The value of a word, variables of the image replaced; undefined where one is not known. */
function expanded(input: PlanInput, word: string): string | undefined {
  const text = word.replace(
    /\$\{?(\w+)\}?/g,
    (all, name: string) => input.stage.end.environment.get(name) ?? all,
  );
  return text.includes('$') ? undefined : text.replace(/^["']|["']$/g, '');
}

function jarProgram(input: PlanInput, found: JavaProject, word: string): JavaProgram | Refusal {
  const named = expanded(input, word);
  if (named === undefined) {
    return { reason: `Which file \`${word}\` stands for is not known.` };
  }
  const path = absolute(input, named);
  const moved = movedFiles(input.commands).find((file) => file.to === path);
  const built = moved?.from ?? path;
  if (!isOutput(built, input)) {
    return { reason: `The container starts ${named}, and the build does not write it.` };
  }
  if (built.includes('/quarkus-app/')) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    return moved === undefined
      ? { copies: [{ from: folder, to: folder, isFile: false }], start: undefined, assumptions: [] }
      : { reason: 'Only a part of what Quarkus builds is copied.' };
  }
  const needs = found.besideJar(built);
  if (typeof needs === 'object' && 'reason' in needs) {
    return needs;
  }
  if (path.includes('*')) {
    return starProgram(input, found, path, word);
  }
  const folder = path.slice(0, path.lastIndexOf('/'));
  return {
    copies: [
      { from: path, to: path, isFile: true },
      ...needs.map((one) => ({ from: `${folder}/${one}`, to: `${folder}/${one}`, isFile: false })),
    ],
    start: undefined,
    assumptions: [],
  };
}

/** `java -jar target/*.jar`: the one file that the build leaves there. */
function starProgram(
  input: PlanInput,
  found: JavaProject,
  path: string,
  word: string,
): JavaProgram | Refusal {
  const { jar } = found;
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (jar === undefined || jar.slice(0, jar.lastIndexOf('/')) !== folder) {
    return { reason: `Which file \`${word}\` stands for is not known.` };
  }
  const name = jar.slice(jar.lastIndexOf('/') + 1);
  const started = startedProgram(input);
  const words = input.start.words.map((one) => (one === word ? word.replace(/[^/]*$/, name) : one));
  const rest = words.filter((one) => one !== word).join(' ');
  // What else only a shell understands stays a shell's business: the file is then found by its star as before.
  const isPlain = started?.isWrapped === false && !/[$;&|<>`*?]/.test(rest);
  return {
    copies: [{ from: jar, to: jar, isFile: true }],
    start: isPlain && input.start.words.includes('java') ? words.filter((one) => one !== 'exec') : undefined,
    assumptions: [`The build writes ${name}.`],
  };
}

/** True for paths below the folders that Maven and Gradle write to. */
function isOutput(path: string, { workdir }: PlanInput): boolean {
  const root = workdir === '/' ? '' : workdir;
  return path.startsWith(`${root}/`) && /\/(?:target|build|out|dist)\//.test(path.slice(root.length));
}

function classpathProgram(
  input: PlanInput,
  found: JavaProject,
  words: readonly string[],
): JavaProgram | Refusal {
  const paths: string[] = [];
  for (const word of words.filter((one) => one !== '')) {
    const named = expanded(input, word);
    if (named === undefined) {
      return { reason: `Which classes \`${word}\` stands for is not known.` };
    }
    paths.push(absolute(input, named.replace(/\/\*$/, '')));
  }
  const classes = classFolder(input);
  const outputs = [
    ...movedFiles(input.commands).map((file: MovedFile) => file.to),
    ...(classes === undefined ? [] : [absolute(input, classes)]),
  ];
  const isCompiled = input.builds.some(({ command }) => command.name === 'javac');
  const here = input.stage.end.workdir ?? '/';
  if (isCompiled && here !== '/' && paths.every((path) => path === here || path.startsWith(`${here}/`))) {
    const hasOwnFolder = classes !== undefined && !paths.includes(here);
    const kept = hasOwnFolder ? paths : [here];
    return {
      copies: kept.map((path) => ({ from: path, to: path, isFile: path.endsWith('.jar') })),
      start: undefined,
      assumptions: [],
    };
  }
  const unknown = paths.find((path) => !isOutput(`${path}/`, input) && !outputs.includes(path));
  if (unknown !== undefined || paths.length === 0) {
    return { reason: `The classes in ${unknown ?? '.'} are not what the build writes.` };
  }
  const single = paths.length === 1 && paths[0]?.endsWith('.jar') === true ? found.besideJar(paths[0]) : [];
  return typeof single === 'object' && 'reason' in single
    ? single
    : {
        copies: paths.map((path) => ({ from: path, to: path, isFile: path.endsWith('.jar') })),
        start: undefined,
        assumptions: [],
      };
}

/** A start through the build tool becomes the start of what it would run. */
function toolProgram(input: PlanInput, found: JavaProject, args: readonly string[]): JavaProgram | Refusal {
  const goals = args.filter((word) => !word.startsWith('-'));
  const [goal = ''] = goals;
  const plain = args.every(
    (word) =>
      !word.startsWith('-') ||
      /^-(?:-no-daemon|B|q|-quiet|ntp|-batch-mode|-offline|o|-console=plain)$/.test(word),
  );
  const own = `The container starts through \`${input.start.words.join(' ')}\``;
  if (goals.length !== 1 || !plain) {
    return { reason: `${own}, and what that runs is not known.` };
  }
  const isPackaged = input.builds.some(({ command }) =>
    command.args.some((word) => /^(?:package|verify|install|build|assemble|bootJar)$/.test(word.text)),
  );
  if (
    ['spring-boot:run', 'bootRun'].includes(goal) &&
    found.isSpringBoot &&
    found.jar !== undefined &&
    isPackaged
  ) {
    return {
      copies: [{ from: found.jar, to: found.jar, isFile: true }],
      start: ['java', '-jar', relative(found.jar, input)],
      assumptions: [`${own}, which is the same as starting ${found.jar}.`],
    };
  }
  if (goal === 'run' && found.distribution !== undefined && found.script !== undefined) {
    return {
      copies: [{ from: found.distribution, to: input.stage.end.workdir ?? input.workdir, isFile: false }],
      start: [`bin/${found.script}`],
      task: 'installDist',
      assumptions: [`${own}, which is the same as starting what \`installDist\` writes.`],
    };
  }
  return { reason: `${own}, which builds once more.` };
}

function relative(path: string, input: PlanInput): string {
  const folder = input.stage.end.workdir ?? '/';
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}
