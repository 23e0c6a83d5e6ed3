import { parseImageReference } from '../../images/reference.ts';
import { findFlag, type SyntaxProblem } from '../../syntax/tree.ts';
import { span } from '../../text/span.ts';
import { automaticArguments } from '../automatic-arguments.ts';
import type { Dockerfile, Stage } from '../dockerfile.ts';
import { expandText } from '../expansion.ts';
import { textProblem } from './texts.ts';

/** Files without a stage, and FROM lines that name no image whatever a build argument says. */
export function stageRefusals(dockerfile: Dockerfile): SyntaxProblem[] {
  const { syntax, stages } = dockerfile;
  const [first] = syntax.instructions;
  if (first === undefined) {
    return [{ message: 'There is no instruction to build.', span: span(0, 0) }];
  }
  if (stages.length === 0) {
    return syntax.instructions.every((one) => one.keyword === 'ARG')
      ? [{ message: 'There is no FROM, and so nothing to build.', span: first.keywordSpan }]
      : [];
  }
  const head = headValues(dockerfile);
  return [...head.problems, ...stages.flatMap((stage) => fromRefusals(stage, dockerfile, head.values))];
}

interface Head {
  /** What FROM sees: undefined for what a build argument decides. */
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly problems: readonly SyntaxProblem[];
}

function headValues({ syntax }: Dockerfile): Head {
  const values = new Map<string, string | undefined>(automaticArguments);
  const problems: SyntaxProblem[] = [];
  for (const instruction of syntax.instructions) {
    if (instruction.keyword === 'FROM') {
      break;
    }
    for (const pair of instruction.keyword === 'ARG' ? instruction.pairs : []) {
      if (pair.value !== undefined && expandText(pair.value, values, { escape: syntax.escape }).isRefused) {
        problems.push({ message: textProblem(pair.value), span: pair.valueSpan ?? pair.span });
      }
      // A build argument may say something else than the default.
      values.set(pair.name, undefined);
    }
  }
  return { values, problems };
}

function fromRefusals(stage: Stage, { syntax }: Dockerfile, values: Head['values']): SyntaxProblem[] {
  const word = stage.from.words[0];
  const flag = findFlag(stage.from, 'platform');
  const options = { escape: syntax.escape };
  const problems: SyntaxProblem[] = [];
  if (word !== undefined) {
    const { value, isRefused } = expandText(word.value, values, options);
    // FROM looks for stages by their name in lower case, whatever way it is written.
    const isStage = stage.base.kind === 'stage' && value === value?.toLowerCase();
    if (isRefused) {
      problems.push({ message: textProblem(word.value), span: word.span });
    } else if (
      value !== undefined &&
      value !== 'scratch' &&
      !isStage &&
      parseImageReference(value) === undefined
    ) {
      const message =
        stage.base.kind === 'stage'
          ? `FROM finds a stage by its name in lowercase: ${value.toLowerCase()}.`
          : nameProblem(word.value, value);
      problems.push({ message, span: word.span });
    }
  }
  if (flag?.value !== undefined && flag.value !== '') {
    const { value, isRefused } = expandText(flag.value, values, options);
    if (isRefused) {
      problems.push({ message: textProblem(flag.value), span: flag.span });
    } else if (value !== undefined && !isPlatform(value)) {
      problems.push({
        message:
          value === ''
            ? '--platform is empty here.'
            : `“${value}” is no platform; one is written linux/amd64 or linux/arm/v7.`,
        span: flag.span,
      });
    }
  }
  return problems;
}

function nameProblem(written: string, name: string): string {
  if (name === '') {
    return `${written} is empty: FROM sees only the ARGs above the first FROM.`;
  }
  const lower = name.toLowerCase();
  return lower !== name && parseImageReference(lower) !== undefined
    ? `Image names are lowercase: ${lower}.`
    : `“${name}” is no valid image name.`;
}

const systems =
  /^(?:aix|android|darwin|macos|dragonfly|freebsd|hurd|illumos|ios|js|linux|nacl|netbsd|openbsd|plan9|solaris|windows|zos)$/i;
const architectures =
  /^(?:386|i386|amd64|x86_64|x86-64|amd64p32|arm|armhf|armel|armbe|arm64|aarch64|arm64be|ppc64|ppc64le|loong64|mips|mipsle|mips64|mips64le|mips64p32|mips64p32le|ppc|riscv|riscv64|s390|s390x|sparc|sparc64|wasm)$/i;

/** As containerd reads a platform (platforms.Parse, read 2026-11). */
function isPlatform(text: string): boolean {
  const [system = '', ...rest] = text.split('/');
  const option = /^([\w-]+)(?:\([\w.%-]*(?:\+[\w.%-]+)*\))?$/.exec(system);
  if (option === null || rest.length > 2 || rest.some((part) => !/^[\w.-]+$/.test(part))) {
    return false;
  }
  return rest.length > 0 || systems.test(option[1] ?? '') || architectures.test(system);
}
