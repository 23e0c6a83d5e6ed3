import { readToml } from '../../project/formats/toml.ts';
import { objectOf, valueAt } from '../../project/formats/values.ts';
import { joinPath } from '../../project/paths.ts';
import { hasOption } from '../../syntax/shell/script.ts';
import { argumentText } from '../../syntax/tree.ts';
import type { PlanInput } from '../runtime-plan.ts';
import { otherPython } from './environment.ts';
import { asProgram } from './managers/module-call.ts';
import { isUvPip, pipWords } from './managers/pip.ts';
import { pythonToolchain } from './toolchain.ts';

/** Why an install does not end in the environment that is taken over; undefined where all do. */
export function oddInstall(input: PlanInput): string | undefined {
  for (const { command: called } of input.commands) {
    const command = pipWords(called) === undefined ? asProgram(called) : called;
    const text = command.args.map((word) => word.text).join(' ');
    if (
      command !== called &&
      (called.assignments.length > 0 || called.redirects.length > 0) &&
      pythonToolchain.readInstall(called) !== undefined
    ) {
      return 'Python runs the package manager as a module, which the virtual environment does not have.';
    }
    if (
      pipWords(command) !== undefined &&
      /(?:^| )(?:--user|--target|-t|--prefix|--root)(?:[ =]|$)/.test(text)
    ) {
      return 'pip is told to install to a folder of its own.';
    }
    const isElsewhere =
      isUvPip(command) &&
      (!hasOption(command, '--system') ||
        hasOption(command, '--python', '-p') ||
        input.stage.end.environment.has('UV_SYSTEM_PYTHON') ||
        command.assignments.length > 0 ||
        command.redirects.length > 0);
    if (isElsewhere || (command.name === 'uv' && text.startsWith('venv'))) {
      return 'The stage makes a virtual environment with uv, and which one it installs to is not known.';
    }
    const problem = command.name === 'pipenv' ? oddPipenv(input, text) : undefined;
    if (problem !== undefined) {
      return problem;
    }
    if (command.name === 'pdm' && movesPdm(input, text)) {
      return 'PDM is told to install to another place than the folder .venv of the project.';
    }
    if (['conda', 'mamba', 'micromamba'].includes(command.name ?? '')) {
      return `Ballast does not yet take projects of ${command.name} apart.`;
    }
  }
  return undefined;
}

/** True where PDM does not make the environment .venv in the folder of the project. */
function movesPdm({ stage }: PlanInput, words: string): boolean {
  return (
    /(?:^| )(?:-p|--project|-g|--global|--venv|--no-isolation)(?:[ =]|$)/.test(words) ||
    /^(?:add|venv|use)\b|^config\b.*\bvenv|\buse_venv\b/.test(words) ||
    ['PDM_USE_VENV', 'PDM_PYTHON', 'PDM_VENV_IN_PROJECT', 'VIRTUAL_ENV', 'PDM_IGNORE_SAVED_PYTHON'].some(
      (name) => stage.end.environment.has(name),
    )
  );
}

/** Why a container of the project cannot do without the package manager, which stays where the dependencies are installed. */
export function startedManager({ facts }: PlanInput): string | undefined {
  const start = facts.deployedStart(['uv', 'uvx', 'poetry', 'pipenv', 'pdm']);
  return start === undefined
    ? undefined
    : `The final image would come without ${start.program}, which ${start.by} starts.`;
}

/**
 * Why the program would not run in the environment that is taken over: cron gives what it starts a path of its own, and the
 * variables of the image only where it is BusyBox.
 */
export function startedByCron({ commands, packages, start, stage }: PlanInput): string | undefined {
  const isCron = (word: string): boolean => /(?:^|[\s/"'])(?:crond?|anacron)(?:["']|\s|$)/.test(word);
  const hasCron =
    commands.some(({ command }) => command.name === 'crontab') ||
    packages.some((name) => /^(?:cron|cronie|dcron|anacron)$/.test(name)) ||
    start.words.some(isCron) ||
    stage.steps.some(
      ({ instruction }) =>
        /^(?:COPY|ADD)$/.test(instruction.keyword) &&
        /\/etc\/cron|\/var\/spool\/cron/.test(argumentText(instruction)),
    );
  return hasCron
    ? 'cron starts the program, and does not look for it in the virtual environment that would be taken over.'
    : undefined;
}

/** A file of requirements that an install reads and that cannot be read here; undefined where there is none. */
export function unreadRequirements({ project, directory, installs }: PlanInput): string | undefined {
  return project.isKnown
    ? installs
        .flatMap((install) => [...pythonToolchain.manifests(install, project, directory).files])
        .find(
          (file) =>
            /\.(?:txt|in)$/.test(file) && project.reader.read(joinPath(directory, file)) === undefined,
        )
    : undefined;
}

/** Why the start needs PDM itself, whose scripts are no programs of the environment. */
export function startedScript({ start, project, directory }: PlanInput): string | undefined {
  const [program, verb, name = ''] = start.words;
  const manifest = readToml(project.reader.read(joinPath(directory, 'pyproject.toml')) ?? '');
  const scripts = objectOf(valueAt(manifest, 'tool', 'pdm', 'scripts'));
  const isScript = program === 'pdm' && (verb !== 'run' || Object.hasOwn(scripts, name));
  return isScript ? `The container starts the script ${verb === 'run' ? name : verb} of PDM.` : undefined;
}

/** Why a command of Pipenv does not work on the environment that is taken over. */
function oddPipenv({ stage, project, directory, start }: PlanInput, words: string): string | undefined {
  if (/^(?:run|shell)\b/.test(words) || start.words[1] === 'shell') {
    return 'Pipenv makes an environment of its own for what it runs.';
  }
  if (isInProject(stage)) {
    return / --system\b/.test(words) ? 'Pipenv is told to install to two places.' : undefined;
  }
  if (stage.steps.some(({ instruction }) => /\.venv\b/.test(argumentText(instruction)))) {
    return 'The file names .venv, and Pipenv makes its environment elsewhere: PIPENV_VENV_IN_PROJECT is not set.';
  }
  // With --system, which the environment that is taken over needs, Pipenv refuses to make a lock file.
  if (!/ --system\b/.test(words) && project.reader.read(joinPath(directory, 'Pipfile.lock')) === undefined) {
    return 'There is no readable Pipfile.lock, without which Pipenv cannot install to an environment that is there.';
  }
  const pipfile = readToml(project.reader.read(joinPath(directory, 'Pipfile')) ?? '');
  const name = start.words[0] === 'pipenv' ? start.words[2] : undefined;
  return name !== undefined && Object.hasOwn(objectOf(pipfile?.['scripts']), name)
    ? `The container starts the script ${name} of the Pipfile.`
    : undefined;
}

/** Scripts of dependencies move with the environment: a path that names the old place would break. */
export function absolutePath({ stage }: PlanInput): string | undefined {
  const step = stage.steps.find(
    (one) =>
      ['CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'COPY', 'RUN', 'ENV'].includes(one.instruction.keyword) &&
      /\/usr\/local\/(?:bin\/(?!python|uv\b)[\w-]+|lib\/python)/.test(argumentText(one.instruction)) &&
      !/^(?:COPY|ADD)$/.test(one.instruction.keyword),
  );
  return step === undefined ? undefined : 'An instruction names the place where pip installed something.';
}

/** uv would fetch an interpreter of its own where the file asks for another version than the image has. */
export function versionFile({ project, directory, traits }: PlanInput, tool: string): string | undefined {
  const other = tool === 'uv' ? otherPython(project, directory, traits) : undefined;
  return other === undefined
    ? undefined
    : `${other.file} asks for Python ${other.wanted} and the image has ${traits?.version}, so that uv fetches one of its own.`;
}

export function isInProject({ end }: PlanInput['stage']): boolean {
  return /^(?:1|true|yes|on)$/i.test(end.environment.get('PIPENV_VENV_IN_PROJECT') ?? '');
}
