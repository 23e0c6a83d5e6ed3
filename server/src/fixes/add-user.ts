import type { RuntimeUser } from '../distros/users.ts';
import type { Dockerfile, Stage, Step } from '../model/dockerfile.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Instructions that write into the image, and so have to run before root is left. */
const writes = ['RUN', 'COPY', 'ADD', 'WORKDIR'];

/** Instructions above which USER reads best when nothing behind them writes. */
const closing = ['EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD', 'STOPSIGNAL', 'VOLUME'];

/**
 * Makes a stage end as another user than root: creates the user where the image has none, hands over the folders that the
 * program writes to, and sets USER after the last step that writes. Only a sketch where the script that starts the container cannot be read.
 * Undefined where there is no place for it.
 */
export function addUser(
  dockerfile: Dockerfile,
  stage: Stage,
  user: RuntimeUser,
  writable: readonly string[],
  isStartHidden: boolean,
): Fix | undefined {
  const applicability = isStartHidden ? 'manual' : 'review';
  const layout = new Layout(dockerfile.syntax);
  const lastUser = stage.steps.findLast((step) => step.instruction.keyword === 'USER');
  const lastWrite = stage.steps.findLast((step) => writes.includes(step.instruction.keyword));
  const lines: string[] = [];
  const commands = [
    ...(user.create === undefined ? [] : [user.create]),
    ...(writable.length === 0 || user.name.includes(':')
      ? []
      : [`mkdir -p ${writable.join(' ')}`, `chown ${user.owner} ${writable.join(' ')}`]),
  ];
  if (commands.length > 0) {
    lines.push(`${layout.keyword('RUN')} ${commands.join(' && ')}`);
  }
  lines.push(`${layout.keyword('USER')} ${user.name}`);
  const title =
    user.create === undefined ? `Run as \`${user.name}\`` : `Create user \`${user.name}\` and run as it`;
  const assumptions = [
    ...(isStartHidden ? ['The script that starts the container does not need root.'] : []),
    writable.length === 0
      ? 'The program writes only to its home folder and to /tmp.'
      : `The program writes only to ${writable.join(', ')}, to its home folder and to /tmp.`,
  ];
  if (
    lastUser !== undefined &&
    (lastWrite === undefined || isAfter(lastUser, lastWrite)) &&
    commands.length === 0
  ) {
    // Nothing is written behind it: the USER itself says the wrong name.
    const span = lastUser.instruction.words[0]?.span;
    return span === undefined
      ? undefined
      : { title, applicability, edits: [{ span, text: user.name }], assumptions };
  }
  const place = stage.steps.find(
    (step) =>
      closing.includes(step.instruction.keyword) && (lastWrite === undefined || isAfter(step, lastWrite)),
  );
  const anchor = stage.steps.at(-1)?.instruction ?? stage.from;
  if (
    place !== undefined &&
    layout.blockStart(place.instruction) < layout.lineStart(place.instruction.span.start)
  ) {
    // A comment below speaks of its own instruction: a blank line keeps USER out of it.
    lines.push('');
  }
  const edit =
    place === undefined ? layout.insertAfter(anchor, lines) : layout.insertBefore(place.instruction, lines);
  return { title, applicability, edits: [edit], assumptions };
}

function isAfter(step: Step, other: Step): boolean {
  return step.instruction.span.start > other.instruction.span.start;
}
