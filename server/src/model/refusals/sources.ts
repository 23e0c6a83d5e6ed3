import { parseImageReference } from '../../images/reference.ts';
import { findFlag, type SyntaxProblem } from '../../syntax/tree.ts';
import type { Dockerfile, Stage, Step } from '../dockerfile.ts';
import { readMounts } from '../mounts.ts';

/** `--from` and `from=` that name no stage, image or context which BuildKit could take files from. */
export function sourceRefusals(dockerfile: Dockerfile, stage: Stage, step: Step): SyntaxProblem[] {
  const { instruction } = step;
  if (instruction.keyword === 'COPY') {
    const flag = findFlag(instruction, 'from');
    const name = flag?.value ?? '';
    if (flag === undefined || name === '') {
      return [];
    }
    const message = name.includes('$')
      ? '--from takes no variables; name a stage that FROM makes with one.'
      : sourceProblem(dockerfile, stage, name, true);
    return message === undefined ? [] : [{ message, span: flag.valueSpan ?? flag.span }];
  }
  if (instruction.keyword !== 'RUN') {
    return [];
  }
  return readMounts(instruction).flatMap(({ flag, options }) => {
    const name = options.get('from') ?? '';
    const message =
      name === '' || name.includes('$') ? undefined : sourceProblem(dockerfile, stage, name, false);
    return message === undefined ? [] : [{ message, span: flag.span }];
  });
}

/** COPY knows stages by their number as well, a mount only by their name. */
function sourceProblem(
  dockerfile: Dockerfile,
  own: Stage,
  name: string,
  takesNumber: boolean,
): string | undefined {
  const { stages } = dockerfile;
  const named = stages.findLast((one) => one.name?.toLowerCase() === name.toLowerCase());
  const index = takesNumber && /^[+-]?\d{1,9}$/.test(name) ? Number(name) : undefined;
  const stage = named ?? (index === undefined ? undefined : stages[index]);
  if (stage === own) {
    return 'A stage cannot take files from itself.';
  }
  if (stage !== undefined) {
    return stage.index > own.index
      ? `The stage ${name} stands below; a stage takes files from those above it.`
      : undefined;
  }
  if (index !== undefined) {
    return `There is no stage number ${name}; the first is 0, the last ${stages.length - 1}.`;
  }
  return name === 'scratch' || parseImageReference(name) !== undefined
    ? undefined
    : `“${name}” is neither a stage nor a valid image name.`;
}
