import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, lineage, type Stage } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import type { Word } from '../../syntax/tree.ts';
import type { AnalysisContext } from '../context.ts';
import { environmentOf } from './environments.ts';
import { originOf } from './origin.ts';

/** A virtual environment that a stage takes over, and whose interpreter uv fetched and keeps in another folder. */
export interface LostPython {
  /** The source of the copy that brings the environment. */
  readonly source: Word;
  readonly environment: string;
  /** Where uv keeps the interpreter, in the stage that made the environment. */
  readonly folder: string;
}

/** An environment of uv that a stage takes over without its interpreter; undefined where none is, or it comes along. */
export function lostPython(context: AnalysisContext, stage: Stage): LostPython | undefined {
  const { dockerfile, images } = context;
  const copies = allSteps(stage)
    .flatMap((step) => readCopy(step, dockerfile) ?? [])
    .filter((copy) => copy.from !== 'context');
  for (const copy of copies) {
    for (const source of copy.sources) {
      const origin = originOf(dockerfile, images, copy, source.value);
      const made =
        origin?.stage === undefined ? undefined : managedEnvironment(origin.stage, origin.traits?.tools);
      const isTaken = made !== undefined && isWithin(made.environment, origin?.path ?? '');
      // Whoever copies the folder of the interpreter, or one above it, brings it along.
      const isBrought = copies.some((one) =>
        one.sources.some((word) => {
          const other = originOf(dockerfile, images, one, word.value);
          return other === undefined || isWithin(made?.folder ?? '/', other.path);
        }),
      );
      if (made !== undefined && isTaken && !isBrought) {
        return { source, ...made };
      }
    }
  }
  return undefined;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder === '/' ? '' : folder}/`);
}

/** The environment that uv makes in a stage with an interpreter of its own, and the folder of that interpreter. */
function managedEnvironment(
  stage: Stage,
  tools: readonly string[] | undefined,
): Pick<LostPython, 'environment' | 'folder'> | undefined {
  const steps = lineage(stage).flatMap((one) => commandSteps(one));
  const environmentStep = steps.find(
    (at) => at.command.name === 'uv' && ['sync', 'venv'].includes(at.command.args[0]?.value ?? ''),
  );
  if (environmentStep === undefined || tools === undefined) {
    return undefined;
  }
  const { variables } = environmentStep.step.before;
  const words = environmentStep.command.args.map((word) => word.text);
  const isRefused =
    variables.get('UV_PYTHON_DOWNLOADS') === 'never' ||
    variables.has('UV_NO_MANAGED_PYTHON') ||
    variables.get('UV_PYTHON_PREFERENCE') === 'only-system' ||
    words.includes('--no-managed-python') ||
    words.some((word) => /^(?:--python|-p)(?:=|$)/.test(word));
  const hasPython =
    tools.includes('python3') ||
    tools.includes('python') ||
    ['python3', 'python3-venv', 'python3-dev', 'python3-minimal', 'python'].some((name) =>
      installsPackage(stage, name),
    );
  const environment = environmentOf(environmentStep, stage);
  const user = environmentStep.step.before.user ?? 'root';
  const set = variables.get('UV_PYTHON_INSTALL_DIR') ?? variables.get('XDG_DATA_HOME');
  const isSet = ['UV_PYTHON_INSTALL_DIR', 'XDG_DATA_HOME', 'HOME'].some((name) => variables.has(name));
  if (isRefused || hasPython || environment === undefined || (isSet && set === undefined)) {
    return undefined;
  }
  const folder = set ?? (/^(?:root|0)(?::|$)/.test(user) ? '/root/.local/share/uv/python' : undefined);
  return folder === undefined ? undefined : { environment, folder };
}
