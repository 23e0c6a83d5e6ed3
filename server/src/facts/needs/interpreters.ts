import type { ImageTraits } from '../../images/knowledge.ts';
import { versionNumbers } from '../../images/tag.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import { table } from '../../text/table.ts';

export type Interpreter = 'python' | 'node' | 'ruby' | 'php';

/**
 * The version of Python in the packages of a system. Debian: its package lists, read 2026-11-30. Those of Ubuntu and Alpine
 * were not read again.
 */
const systemPython: Readonly<Record<string, string>> = table({
  'debian 11': '3.9',
  'debian 12': '3.11',
  'debian 13': '3.13',
  'ubuntu 20.04': '3.8',
  'ubuntu 22.04': '3.10',
  'ubuntu 24.04': '3.12',
  'alpine 3.18': '3.11',
  'alpine 3.19': '3.11',
  'alpine 3.20': '3.12',
  'alpine 3.21': '3.12',
  'alpine 3.22': '3.12',
});

/** The interpreter that a stage has. */
export interface StageInterpreter {
  /** As compiled packages depend on it: `3.12` of Python and Ruby, `22` of Node.js. */
  readonly version: string;
  /** Where the image has it from: `python:3.12-slim`, `Debian 12`. */
  readonly isOfSystem: boolean;
}

/**
 * The interpreter of a language that a stage runs; undefined where it has none, several, or where the version is not
 * known.
 */
export function interpreterOf(
  language: Interpreter,
  stage: Stage | undefined,
  traits: ImageTraits | undefined,
): StageInterpreter | undefined {
  const system = `${traits?.distribution?.id} ${traits?.distribution?.version?.replace(/^(\d+\.\d+)\..*$/, '$1')}`;
  if (traits?.family === 'distroless' && traits.variant === `${language}3`) {
    return ofSystem(systemPython[system]);
  }
  const isDistrolessNode =
    traits?.family === 'distroless' && traits.variant === 'nodejs' && language === 'node';
  if (traits?.family === language || isDistrolessNode) {
    const numbers = versionNumbers(traits.version ?? '');
    const wanted = language === 'node' ? 1 : 2;
    return numbers.length < wanted || (stage !== undefined && changesInterpreter(stage))
      ? undefined
      : { version: numbers.slice(0, wanted).join('.'), isOfSystem: false };
  }
  const isInstalled =
    language === 'python' &&
    stage !== undefined &&
    ['python3', 'python3-venv', 'python3-pip', 'py3-pip'].some((name) => installsPackage(stage, name)) &&
    !changesInterpreter(stage);
  return isInstalled ? ofSystem(systemPython[system]) : undefined;
}

function ofSystem(version: string | undefined): StageInterpreter | undefined {
  return version === undefined ? undefined : { version, isOfSystem: true };
}

/** True where a stage may bring an interpreter of its own. */
function changesInterpreter(stage: Stage): boolean {
  return lineage(stage)
    .flatMap((one) => commandSteps(one))
    .some(({ command }: CommandStep) => {
      const words = command.args.map((word) => word.text);
      return (
        [
          'pyenv',
          'conda',
          'mamba',
          'micromamba',
          'nvm',
          'n',
          'fnm',
          'rbenv',
          'asdf',
          'mise',
          'add-apt-repository',
        ].includes(command.name ?? '') ||
        (command.name === 'uv' &&
          (words[0] === 'python' || words.some((word) => /^(?:-p|--python)/.test(word)))) ||
        words.some((word) => /^python3\.\d+/.test(word))
      );
    });
}
