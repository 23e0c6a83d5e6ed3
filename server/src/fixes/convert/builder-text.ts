import type { CommandChange, RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import type { CacheTarget } from '../../ecosystems/toolchain.ts';
import { type CommandStep, commandsOfStep } from '../../model/commands.ts';
import type { Dockerfile, Step } from '../../model/dockerfile.ts';
import { readMounts } from '../../model/mounts.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { argumentSpan } from '../../syntax/tree.ts';
import { applyEdits } from '../../text/edits.ts';
import { span } from '../../text/span.ts';
import type { Layout } from '../layout.ts';
import { cutCommands } from './cut-commands.ts';
import type { Piece } from './pieces.ts';

/** Words of commands that clean what a cache mount would keep: the two contradict each other. */
const cleanUp =
  /--no-cache(?:-dir)?\b|\bcache (?:clean|purge|rm)\b|\brm -\w+ [^&;]*(?:\.npm|\.cache|cache\/|\.m2|\.gradle|\.nuget)|\bdotnet nuget locals\b|\bclean -(?:mod)?cache\b/;

/** A builder's instruction: the commands that the plan changes get their new text, and caches are mounted. */
export function builderText(
  dockerfile: Dockerfile,
  layout: Layout,
  piece: Piece,
  plan: RuntimePlan,
  removed: ReadonlySet<ShellCommand> = new Set(),
): string {
  const { step, instruction } = piece;
  const script = step?.script;
  if (step === undefined || script?.isUnderstood !== true || instruction.form === 'json') {
    return piece.text;
  }
  const changes: { at: CommandStep; change: CommandChange }[] = [];
  for (const at of commandsOfStep(step)) {
    const change = removed.has(at.command) ? undefined : plan.change(at);
    if (change !== undefined && at.command.isUnconditional && at.command.isTopLevel) {
      changes.push({ at, change });
    }
  }
  const shift = instruction.span.end - piece.text.length;
  const edits = changes.flatMap(({ at, change }) => {
    const written = script.sourceSpan(at.command.span);
    const place = span(written.start - shift, written.end - shift);
    const join = script.isHeredoc ? layout.lineBreak : ` ${dockerfile.syntax.escape}${layout.lineBreak} && `;
    const behind = change.followedBy === undefined ? '' : join + change.followedBy;
    if (change.text === undefined) {
      return behind === '' ? [] : [{ span: span(place.end, place.end), text: behind }];
    }
    return [{ span: place, text: change.text + behind }];
  });
  const cuts = removed.size === 0 ? [] : (cutCommands(script, removed) ?? []);
  edits.push(...cuts.map((one) => ({ span: span(one.start - shift, one.end - shift), text: '' })));
  const variables = step.before.environment;
  const isSwitchedOff = variables.has('PIP_NO_CACHE_DIR') || variables.has('UV_NO_CACHE');
  const caches =
    instruction.flags.length > 0 || cleanUp.test(piece.text) || isSwitchedOff
      ? []
      : distinct(
          changes.flatMap(({ change }) =>
            (change.caches ?? []).map((one) => alreadyMounted(dockerfile, step, one)),
          ),
        );
  if (caches.length > 0) {
    const at = argumentSpan(instruction).start - shift;
    const separator = script.isHeredoc ? ' ' : ` ${dockerfile.syntax.escape}${layout.lineBreak}    `;
    edits.push({ span: span(at, at), text: caches.map((one) => mountFlag(one) + separator).join('') });
  }
  return applyEdits(piece.text, edits);
}

/** A cache that another step of the stage mounts, alone or with the folder above it, is mounted in the same way here. */
function alreadyMounted(dockerfile: Dockerfile, step: Step, cache: CacheTarget): CacheTarget {
  const stage = dockerfile.stages.find((one) => one.steps.includes(step));
  const mounts = stage?.steps.flatMap((one) => readMounts(one.instruction)) ?? [];
  const own = mounts.find(
    ({ type, target }) =>
      type === 'cache' &&
      target !== undefined &&
      (cache.path === target || cache.path.startsWith(`${target}/`)),
  );
  if (own?.target === undefined) {
    return cache;
  }
  const id = own.options.get('id');
  return {
    path: own.target,
    ...(id === undefined ? {} : { id }),
    ...(own.options.get('sharing') === 'locked' ? { sharing: 'locked' } : {}),
  };
}

/** `--mount=type=cache,…` */
function mountFlag(cache: CacheTarget): string {
  const id = cache.id === undefined ? '' : `id=${cache.id},`;
  const sharing = cache.sharing === undefined ? '' : `,sharing=${cache.sharing}`;
  return `--mount=type=cache,${id}target=${cache.path}${sharing}`;
}

function distinct(caches: readonly CacheTarget[]): CacheTarget[] {
  return caches.filter((one, i) => caches.findIndex((other) => other.path === one.path) === i);
}
