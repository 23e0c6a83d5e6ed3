import type { ImageTraits } from '../../images/knowledge.ts';
import { rangeAllows } from '../../images/version-range.ts';
import { joinImage } from '../../model/paths.ts';
import { readToml } from '../../project/formats/toml.ts';
import { textOf, valueAt } from '../../project/formats/values.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { operands } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { PlanInput } from '../runtime-plan.ts';

/**
 * The folder of a virtual environment that the stage makes itself and that is on the path, or whose pip is called by its
 * path; null where that is not certain, undefined where it makes none.
 */
export function ownEnvironment({ commands, stage }: PlanInput): string | null | undefined {
  const made = commands.filter(
    ({ command }) =>
      command.name === 'virtualenv' ||
      (/^python[\d.]*$/.test(command.name ?? '') &&
        command.args[0]?.text === '-m' &&
        ['venv', 'virtualenv'].includes(command.args[1]?.text ?? '')),
  );
  const [first] = made;
  if (first === undefined) {
    return undefined;
  }
  const word = operands(first.command).at(-1);
  const variable = /^"?\$\{?(\w+)\}?"?$/.exec(word?.text ?? '')?.[1];
  const path = variable === undefined ? word?.value : first.step.before.variables.get(variable);
  if (made.length > 1 || path === undefined || (!path.startsWith('/') && first.directory === undefined)) {
    return null;
  }
  const folder = path.startsWith('/') ? path : joinImage(first.directory ?? '/', path);
  return isOnPath(stage, folder) ? folder : null;
}

/** True where the stage itself puts the programs of an environment on the path, whatever else stands on it. */
export function isOnPath({ steps }: PlanInput['stage'], folder: string): boolean {
  return steps.some(
    ({ instruction, before }) =>
      instruction.keyword === 'ENV' &&
      instruction.pairs.some(
        (pair) =>
          pair.name === 'PATH' &&
          (pair.value ?? '')
            .replace(/\$\{?VIRTUAL_ENV\}?/, before.variables.get('VIRTUAL_ENV') ?? folder)
            .includes(`${folder}/bin`),
      ),
  );
}

/** A version of Python that the project asks for and its image does not have. */
interface OtherPython {
  readonly file: string;
  readonly wanted: string;
}

/**
 * The version that `.python-version` or the `requires-python` of pyproject.toml asks for, where the image has another one: uv
 * then fetches an interpreter of its own.
 */
export function otherPython(
  project: Project,
  directory: ContextPath,
  traits: ImageTraits | undefined,
): OtherPython | undefined {
  const has = traits?.version;
  if (has === undefined) {
    return undefined;
  }
  const read = (file: string): string | undefined => project.reader.read(joinPath(directory, file));
  const pinned = read('.python-version')?.trim();
  if (pinned !== undefined && !pinned.startsWith(has) && !has.startsWith(pinned)) {
    return { file: '.python-version', wanted: pinned };
  }
  const range = textOf(valueAt(readToml(read('pyproject.toml') ?? ''), 'project', 'requires-python'));
  return range !== undefined && rangeAllows(range, has) === false
    ? { file: 'pyproject.toml', wanted: range }
    : undefined;
}
