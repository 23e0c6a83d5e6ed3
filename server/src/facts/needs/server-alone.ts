import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { joinPath } from '../../project/paths.ts';
import type { AnalysisContext } from '../context.ts';

/** Servers whose images are made of one program, with the commands that start it. */
const servers: readonly { readonly family: RegExp; readonly start: RegExp }[] = [
  { family: /^nginx/, start: /^(?:\S*\/)?(?:nginx|docker-entrypoint\.sh nginx)(?: |$)/ },
  { family: /^httpd$/, start: /^httpd(?:-foreground)?(?: |$)/ },
];

/** Commands that every system has, and that only touch files. */
const fileCommands = /^(?:rm|mkdir|mv|cp|ln|touch|chmod|chown|echo|sed|cat|printf|true|set|cd|ls|)$/;

/**
 * True where nothing but the server of its image runs in the stages: they only bring and change files, none of them a
 * script, and no configuration loads a module. Then it does not matter which C library the image has.
 */
export function runsServerAlone(
  context: AnalysisContext,
  stages: readonly Stage[],
  family: string | undefined,
): boolean {
  const server = servers.find((one) => one.family.test(family ?? ''));
  return (
    server !== undefined &&
    context.project.isKnown &&
    stages.every(
      (stage) =>
        allSteps(stage).every(
          (step) => step.instruction.keyword !== 'RUN' || step.script?.isUnderstood === true,
        ) &&
        commandSteps(stage).every(({ command }) => fileCommands.test(command.name ?? 'unknown')) &&
        isStartedBy(stage, server.start) &&
        !bringsPrograms(context, stage),
    )
  );
}

function isStartedBy(stage: Stage, start: RegExp): boolean {
  const { entrypoint, cmd, words } = startCommand(stage);
  return (
    (entrypoint === undefined && cmd === undefined) ||
    start.test(words.join(' ').replace(/^\/\S+\/(?=docker-)/, ''))
  );
}

/** True where a COPY may bring a script, a module or a program. */
function bringsPrograms({ project, dockerfile }: AnalysisContext, stage: Stage): boolean {
  return allSteps(stage).some((step) => {
    const copy = readCopy(step, dockerfile);
    if (copy === undefined) {
      return ['COPY', 'ADD'].includes(step.instruction.keyword);
    }
    const isProgram = /\.(?:sh|so)$|\/docker-entrypoint\.d|\/s?bin(?:\/|$)|\/modules(?:\/|$)/.test(
      [copy.target ?? '', ...copy.sources.map((word) => word.value)].join('\n'),
    );
    return (
      isProgram || (copy.from === 'context' && copy.sources.some((word) => loadsModule(project, word.value)))
    );
  });
}

function loadsModule(project: AnalysisContext['project'], source: string): boolean {
  const path = source.replace(/^(?:\.\/)+|(?<!\/)\/+$/g, '').replace(/^\.$/, '');
  const own = project.reader.read(path);
  const below = own === undefined ? (project.reader.list(path) ?? []) : [];
  const texts = [
    own ?? '',
    ...below
      .filter(({ name, kind }) => kind === 'file' && name.endsWith('.conf'))
      .map(({ name }) => project.reader.read(joinPath(path, name)) ?? ''),
  ];
  return texts.some((text) => /^[ \t]{0,20}load_module\b/m.test(text));
}
