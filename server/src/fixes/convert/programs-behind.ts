import { systemManagers } from '../../distros/build-packages.ts';
import { contextFile } from '../../facts/start/context-file.ts';
import { commandSteps } from '../../model/commands.ts';
import type { Dockerfile, Stage, Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import type { Project } from '../../project/project.ts';
import { operands, type ShellCommand } from '../../syntax/shell/script.ts';

/** Texts that call a program of a package of another name. */
const callers: readonly { readonly says: RegExp; readonly packages: readonly string[] }[] = [
  { says: /\b(?:compilemessages|makemessages|msgfmt)\b/, packages: ['gettext'] },
  { says: /\bprotoc\b/, packages: ['protobuf-compiler', 'protoc'] },
  { says: /\$[({]CC[)}]|\b(?:gcc|cc)\s/, packages: ['gcc', 'build-essential', 'build-base'] },
  { says: /\$[({]CXX[)}]|\bg\+\+\s/, packages: ['g++', 'build-essential', 'build-base'] },
  { says: /\$[({]MAKE[)}]|\bmake\s/, packages: ['make', 'build-essential', 'build-base'] },
];

/**
 * The programs that RUNs behind the install call: of an interpreted language they stay in the final stage. What a Makefile
 * or a script of the project calls counts as well; `unread` names one that was not found.
 */
export function programsBehind(
  dockerfile: Dockerfile,
  project: Project,
  stage: Stage,
  lastBuild: Step,
): { readonly called: ReadonlySet<string>; readonly unread?: string } {
  const behind = commandSteps(stage).filter(
    ({ step }) => step.instruction.span.start > lastBuild.instruction.span.start,
  );
  const files: string[] = [];
  let unread: string | undefined;
  for (const { command, directory } of behind) {
    const paths = filesRun(command);
    const found = paths.flatMap((path) => {
      const full = path.startsWith('/') ? path : directory === undefined ? undefined : `${directory}/${path}`;
      const file =
        full === undefined ? undefined : contextFile(dockerfile, project, stage, normalizePath(full));
      return file?.text ?? [];
    });
    files.push(...found);
    unread ??= project.isKnown && paths.length > 0 && found.length === 0 ? paths[0] : undefined;
  }
  const words = behind
    .filter(({ command }) => !systemManagers.includes(command.name ?? ''))
    .map(({ command }) => [command.name, ...command.args.map((word) => word.text)].join(' '));
  const text = [...words, ...files].join('\n');
  const called = new Set([
    ...behind.map(({ command }) => command.name ?? ''),
    ...files.flatMap((file) => file.split(/[^\w.+-]+/)),
    ...callers.filter((one) => one.says.test(text)).flatMap((one) => one.packages),
  ]);
  return { called, ...(unread === undefined ? {} : { unread }) };
}

/** The files of the project that a command runs: the Makefile, of which one of several names is there, or a script. */
function filesRun(command: ShellCommand): string[] {
  const words = operands(command).map((word) => word.value ?? '');
  if (command.name === 'make') {
    const at = command.args.findIndex((word) => word.text === '-C');
    const folder = at < 0 ? '' : `${command.args[at + 1]?.value ?? ''}/`;
    return ['Makefile', 'makefile', 'GNUmakefile'].map((name) => `${folder}${name}`);
  }
  const program = command.nameWord.value ?? '';
  const script = ['sh', 'bash', 'ash'].includes(program) ? words[0] : program;
  return script !== undefined && /\.(?:sh|bash)$/.test(script) ? [script] : [];
}
