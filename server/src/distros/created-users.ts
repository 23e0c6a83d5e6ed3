import { commandSteps } from '../model/commands.ts';
import { allSteps, lineage, type Stage } from '../model/dockerfile.ts';
import { findFlag } from '../syntax/tree.ts';

/** Options of useradd and adduser that take a value as a word of its own. */
const valuedOptions =
  /^(?:-[bcdefgGkKpPRsuZh]|--(?:base-dir|comment|home-dir|home|expiredate|inactive|gid|groups|skel|key|password|root|prefix|shell|uid|ingroup|gecos|firstuid|lastuid|conf|add_extra_groups))$/;

/**
 * The user that a stage was prepared for: one that an earlier USER names, or the one that its commands create.
 * Undefined where there is none, or where several leave the choice open.
 */
export function preparedUser(stage: Stage): string | undefined {
  const steps = allSteps(stage);
  const named = steps
    .filter((step) => step.instruction.keyword === 'USER')
    .flatMap((step) => step.instruction.words[0]?.value ?? [])
    .findLast((name) => !/^(?:root|0)(?:$|:)|\$/.test(name));
  if (named !== undefined) {
    return named;
  }
  const created = createdUsers(stage);
  const owners = steps.flatMap((step) => {
    const flag = ['COPY', 'ADD'].includes(step.instruction.keyword)
      ? findFlag(step.instruction, 'chown')?.value
      : undefined;
    return flag === undefined ? [] : [flag.replace(/:.*$/, '')];
  });
  return created.length === 1 ? created[0] : created.findLast((name) => owners.includes(name));
}

/** Names of the users that the commands of a stage create. */
export function createdUsers(stage: Stage): string[] {
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
        ? [name.value]
        : [];
    });
}
