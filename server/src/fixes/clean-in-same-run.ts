import type { CacheLeft } from '../distros/package-caches.ts';
import type { CommandStep } from '../model/commands.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import { appendToRun } from './append-to-run.ts';
import type { Fix } from './fix.ts';

/** Keeps a package manager's cache out of the layer: by its own option, or by removing it in the RUN that made it. */
export function cleanInSameRun(dockerfile: Dockerfile, at: CommandStep, left: CacheLeft): Fix | undefined {
  const edit = editFor(dockerfile, at, left);
  if (edit === undefined) {
    return undefined;
  }
  const title =
    left.remedy.kind === 'option'
      ? `Add ${left.remedy.option}`
      : `Clean up in the same RUN: ${left.remedy.command}`;
  return { title, applicability: 'safe', edits: [edit] };
}

function editFor(dockerfile: Dockerfile, at: CommandStep, left: CacheLeft): TextEdit | undefined {
  const { remedy } = left;
  if (remedy.kind === 'command') {
    const prefix = at.command.wrapper === 'sudo' ? 'sudo ' : '';
    return appendToRun(dockerfile, at.step, at.script, prefix + remedy.command);
  }
  if (at.step.instruction.form === 'json') {
    return undefined;
  }
  const end = at.script.sourceSpan(remedy.after).end;
  return { span: span(end, end), text: ` ${remedy.option}` };
}
