import { memoizeFor } from '../text/memoize.ts';
import { allSteps, type Stage } from './dockerfile.ts';

const managers = ['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum', 'tdnf', 'zypper'];

/** True when a stage installs a system package and does not remove it again, by its name or with its group. */
export function installsPackage(stage: Stage, name: string): boolean {
  const known = answers(stage);
  const answer = known.get(name) ?? isInstalled(stage, name);
  known.set(name, answer);
  return answer;
}

/** Many installs of a stage ask about the same few packages. */
const answers = memoizeFor((_stage: Stage) => new Map<string, boolean>());

/** The words of all commands of a stage that work on system packages, in order. */
const managing = memoizeFor((stage: Stage): readonly (readonly string[])[] =>
  allSteps(stage)
    .flatMap((step) => step.script?.commands ?? [])
    .filter(({ name }) => managers.includes(name ?? ''))
    .map(({ args }) => args.map((word) => word.value ?? word.text)),
);

function isInstalled(stage: Stage, name: string): boolean {
  let isThere = false;
  let group: string | undefined;
  for (const words of managing(stage)) {
    const isNamed = words.includes(name);
    if (isNamed && (words.includes('install') || words.includes('add'))) {
      isThere = true;
      const virtual = words.findIndex((word) => word === '--virtual' || word === '-t');
      group =
        virtual < 0
          ? words.find((word) => word.startsWith('--virtual='))?.slice('--virtual='.length)
          : words[virtual + 1];
    }
    const removes = ['del', 'remove', 'purge', 'erase', 'autoremove'].some((verb) => words.includes(verb));
    if (
      removes &&
      (isNamed || (group !== undefined && words.includes(group)) || words.some((word) => word.includes('$')))
    ) {
      isThere = false;
    }
  }
  return isThere;
}
