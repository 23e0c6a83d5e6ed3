import type { Dockerfile, Stage, Step } from '../model/dockerfile.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Commands that run once everything is in the image. */
export interface FinalCommand {
  readonly commands: readonly string[];
  /** True when the container runs as root, so that the last step does. */
  readonly endsAsRoot: boolean;
}

const writes = ['RUN', 'COPY', 'ADD', 'WORKDIR'];
const closing = ['EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD', 'STOPSIGNAL', 'VOLUME'];

/**
 * Adds a RUN of root's behind the last step that writes: above the USER that leaves root, or above what says how the
 * container runs. Undefined where the stage writes as another user to the end.
 */
export function addFinalCommand(
  dockerfile: Dockerfile,
  stage: Stage,
  title: string,
  command: FinalCommand,
): Fix | undefined {
  const layout = new Layout(dockerfile.syntax);
  const lastWrite = stage.steps.findLastIndex((step) => writes.includes(step.instruction.keyword));
  const behind = stage.steps.slice(lastWrite + 1);
  const isUser = (step: Step): boolean => step.instruction.keyword === 'USER';
  const leaves = behind.find(isUser);
  if (!command.endsAsRoot && (leaves === undefined || !isRootBefore(leaves))) {
    return undefined;
  }
  const place = leaves ?? behind.find((step) => closing.includes(step.instruction.keyword));
  const continuation = dockerfile.syntax.escape;
  const lines = command.commands.map((one, i) =>
    i === 0 ? `${layout.keyword('RUN')} ${one}` : `    && ${one}`,
  );
  const text = lines.map((line, i) => (i < lines.length - 1 ? `${line} ${continuation}` : line));
  const last = stage.steps.at(-1)?.instruction ?? stage.from;
  const edit =
    place === undefined ? layout.insertAfter(last, text) : layout.insertBefore(place.instruction, text);
  return {
    title,
    applicability: 'review',
    edits: [edit],
    assumptions: ['Nothing installs packages in a running container, and no image starts from this one.'],
  };
}

function isRootBefore(step: Step): boolean {
  return /^(?:root|0)(?:$|:)/.test(step.before.user ?? 'root');
}
