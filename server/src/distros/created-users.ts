import { commandSteps } from '../model/commands.ts';
import { allSteps, lineage, type Stage } from '../model/dockerfile.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import { findFlag } from '../syntax/tree.ts';

/** Options of useradd and adduser that take a value as a word of its own. */
const valuedOptions =
  /^(?:-[bcdefgGkKpPRsuZh]|--(?:base-dir|comment|home-dir|home|expiredate|inactive|gid|groups|skel|key|password|root|prefix|shell|uid|ingroup|gecos|firstuid|lastuid|conf|add_extra_groups))$/;

/** A user that the commands of a stage create. */
export interface CreatedUser {
  readonly name: string;
  /** Undefined where the command leaves the choice to the distribution. */
  readonly uid: number | undefined;
  /** The home folder that the command names; undefined where the distribution decides. */
  readonly home?: string;
}

/**
 * The user that a stage was prepared for: one that an earlier USER names, or the one that its commands create.
 * Undefined where there is none, or where several leave the choice open.
 */
export function preparedUser(stage: Stage): CreatedUser | undefined {
  const steps = allSteps(stage);
  const named = steps
    .filter((step) => step.instruction.keyword === 'USER')
    .flatMap((step) => step.instruction.words[0]?.value ?? [])
    .findLast((name) => !/^(?:root|0)(?:$|:)|\$/.test(name));
  const created = createdUsers(stage);
  if (named !== undefined) {
    const uid = created.find((one) => one.name === named.replace(/:.*/s, ''))?.uid;
    return { name: named, uid };
  }
  const owners = steps.flatMap((step) => {
    const flag = ['COPY', 'ADD'].includes(step.instruction.keyword)
      ? findFlag(step.instruction, 'chown')?.value
      : undefined;
    return flag === undefined ? [] : [flag.replace(/:.*/s, '')];
  });
  return created.length === 1 ? created[0] : created.findLast((one) => owners.includes(one.name));
}

/** The users that the commands of a stage create. */
export function createdUsers(stage: Stage): CreatedUser[] {
  return lineage(stage)
    .reverse()
    .flatMap((one) => commandSteps(one))
    .flatMap(({ command }) => {
      if (command.name !== 'useradd' && command.name !== 'adduser') {
        return [];
      }
      const names = command.args.filter(
        (word, i) => !word.text.startsWith('-') && !valuedOptions.test(command.args[i - 1]?.text ?? ''),
      );
      // `adduser user group` puts a user that exists into a group.
      const [name] = names;
      return names.length === 1 && name?.value !== undefined && /^[a-z_][\w.-]*$/i.test(name.value)
        ? [{ name: name.value, uid: uidOf(command), ...homeOf(command) }]
        : [];
    });
}

/** The home folder that `useradd -d` and Alpine's `adduser -h` name. */
function homeOf(command: ShellCommand): { readonly home: string } | undefined {
  const words = command.args.map((word) => word.value ?? word.text);
  const at = words.findIndex((word) => /^(?:-\w*[dh]|--home(?:-dir)?)$/.test(word));
  const home = words.find((word) => /^--home(?:-dir)?=/.test(word))?.replace(/^[^=]*=/, '') ?? words[at + 1];
  return at >= 0 || words.some((word) => word.startsWith('--home')) ? absoluteHome(home) : undefined;
}

function absoluteHome(home: string | undefined): { readonly home: string } | undefined {
  return home?.startsWith('/') === true ? { home } : undefined;
}

/** The number that `useradd` and `adduser` are told to give: `-u 1001`, `--uid=1001`. */
function uidOf(command: ShellCommand): number | undefined {
  const words = command.args.map((word) => word.value ?? word.text);
  const at = words.findIndex((word) => word === '-u' || word === '--uid');
  const text = at < 0 ? words.find((word) => word.startsWith('--uid='))?.slice(6) : words[at + 1];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
