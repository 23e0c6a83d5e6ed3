import { joinImage, normalizePath } from '../../model/paths.ts';
import { argumentText } from '../../syntax/tree.ts';
import { type MovedFile, movedFiles } from '../built-files.ts';
import type { StartedProgram } from '../runtime-plan.ts';
import { isChangeable, type PlanInput, type Refusal, type RuntimeCopy } from '../runtime-plan.ts';
import { classFolder, startedFiles } from './image.ts';
import type { JavaProject } from './project.ts';

/** What the program is made of, and how it is started. */
export interface JavaProgram {
  readonly copies: readonly RuntimeCopy[];
  /** The new start command; undefined where the written one holds. */
  readonly start: readonly string[] | undefined;
  /** A task to run beside those written. */
  readonly task?: string;
  readonly assumptions: readonly string[];
}

/** Reads what the container starts, and which files of the build that needs. */
export function readJavaProgram(input: PlanInput, found: JavaProject): JavaProgram | Refusal {
  const started = input.facts.startedProgram();
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  const name = started.word.replace(/^.*\//, '');
  const listed = listedJar(input, found);
  if (listed !== undefined) {
    return listed;
  }
  if (name === 'java') {
    const files = startedFiles(started.args);
    const program =
      files.jar === undefined
        ? classpathProgram(input, found, files.classpath ?? [])
        : jarProgram(input, found, files.jar);
    return started.word === 'java' || 'reason' in program ? program : onPath(input, started, program);
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
    code: 'program-not-built',
    reason: `The container starts \`${started.word}\`, and whether the build writes it is not known.`,
  };
}

/** `java $JAVA_OPTS -jar $(ls build/libs/*.jar)`: the one file that the build leaves there, under its own name. */
function listedJar(input: PlanInput, found: JavaProject): JavaProgram | undefined {
  const { cmd, entrypoint } = input.start;
  const text = cmd?.form === 'shell' && entrypoint === undefined ? argumentText(cmd.step.instruction) : '';
  const match =
    /^(?:exec\s+)?(java\s[^;&|<>`()]*-jar\s+)\$\(\s*ls\s[^()&;<>`]*\.?jar\b[^()&;<>`]*\)([^;&|<>`()]*)$/.exec(
      text,
    );
  if (match === null || found.jar === undefined || !isOutput(found.jar, input)) {
    return undefined;
  }
  const needs = found.besideJar(found.jar);
  if ('reason' in needs || needs.length > 0) {
    return undefined;
  }
  const here = input.stage.end.workdir ?? '/';
  const [, before = '', behind = ''] = match;
  return {
    copies: [{ from: found.jar, to: joinImage(here, found.jarName), isFile: true }],
    start: ['sh', '-c', `exec ${before.replace(/\s+/g, ' ')}${found.jarName}${behind.trimEnd()}`],
    assumptions: [
      `The build leaves one file that the start command finds: ${found.jar.replace(/^.*\//, '')}.`,
    ],
  };
}

/** The same program started by the `java` of the new image, which lies elsewhere. */
function onPath(input: PlanInput, started: StartedProgram, program: JavaProgram): JavaProgram | Refusal {
  const words = (program.start ?? input.start.words).map((word) => (word === started.word ? 'java' : word));
  return started.needsShell || started.isWrapped
    ? {
        code: 'program-not-built',
        reason: `The container starts ${started.word}, which lies elsewhere in an image with a JRE.`,
      }
    : { ...program, start: words.filter((word) => word !== 'exec') };
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
    return { code: 'start-unknown', reason: `Which file \`${word}\` stands for is not known.` };
  }
  const path = absolute(input, named);
  const moved = movedFiles(input.commands).find((file) => file.to === path);
  const built = moved?.from ?? path;
  if (!isOutput(built, input)) {
    return {
      code: 'program-not-built',
      reason: `The container starts ${named}, and the build does not write it.`,
    };
  }
  if (built.includes('/quarkus-app/')) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    return moved === undefined
      ? { copies: [{ from: folder, to: folder, isFile: false }], start: undefined, assumptions: [] }
      : { code: 'output-unknown', reason: 'Only a part of what Quarkus builds is copied.' };
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
    return { code: 'start-unknown', reason: `Which file \`${word}\` stands for is not known.` };
  }
  const name = found.jarName;
  const started = input.facts.startedProgram();
  const words = input.start.words.map((one) => (one === word ? word.replace(/(?<![^/])[^/]*$/, name) : one));
  const rest = words.filter((one) => one !== word).join(' ');
  // What else only a shell understands stays a shell's business: the file is then found by its star as before.
  const isPlain = started?.isWrapped === false && !/[$;&|<>`*?]/.test(rest);
  const isNamed = isPlain && input.start.words.includes('java');
  return {
    // The star stays: the version in the name changes.
    copies: [{ from: path, to: isNamed ? `${folder}/${name}` : jar, isFile: true }],
    start: isNamed ? words.filter((one) => one !== 'exec') : undefined,
    assumptions: [`The build leaves one file that ${word} stands for.`],
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
      return { code: 'start-unknown', reason: `Which classes \`${word}\` stands for is not known.` };
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
    return {
      code: 'program-not-built',
      reason: `The classes in ${unknown ?? '.'} are not what the build writes.`,
    };
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
    return { code: 'start-unknown', reason: `${own}, and what that runs is not known.` };
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
    const here = input.stage.end.workdir ?? '/';
    const to = `${here === '/' ? '' : here}/${found.jarName}`;
    return {
      copies: [{ from: found.jarOfAnyVersion ?? found.jar, to, isFile: true }],
      start: ['java', '-jar', here === '/' ? to : found.jarName],
      assumptions: [`${own}, which is the same as starting ${found.jar}.`],
    };
  }
  const last = input.builds.at(-1);
  if (
    goal === 'run' &&
    last !== undefined &&
    isChangeable(last) &&
    found.distribution !== undefined &&
    found.script !== undefined
  ) {
    return {
      copies: [{ from: found.distribution, to: input.stage.end.workdir ?? input.workdir, isFile: false }],
      start: [`bin/${found.script}`],
      task: 'installDist',
      assumptions: [`${own}, which is the same as starting what \`installDist\` writes.`],
    };
  }
  return { code: 'starts-through-build-tool', reason: `${own}, which builds once more.` };
}
