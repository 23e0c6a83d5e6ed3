import { table } from '../../text/table.ts';
import type { Assignment, ShellWord } from './script.ts';

/** Programs that run the command behind them, with those of their options that take a value as a word of its own. */
const wrappers: Readonly<Record<string, readonly string[]>> = table({
  sudo: ['-u', '-g', '-h', '-p', '-C', '--user', '--group'],
  doas: ['-u', '-C'],
  gosu: [],
  'su-exec': [],
  env: ['-u', '--unset', '-C', '--chdir'],
  exec: ['-a'],
  command: [],
  time: ['-f', '-o'],
  nice: ['-n'],
  nohup: [],
  timeout: ['-s', '-k', '--signal', '--kill-after'],
  retry: [],
  eatmydata: [],
});

/** Wrappers that change the user: worth knowing, the others are not. */
const userWrappers = ['sudo', 'doas', 'gosu', 'su-exec'];

/** Takes `sudo`, `env A=b`, `timeout 10` and the like off the front of a command. */
export function unwrap(words: readonly ShellWord[]): {
  wrapper: string | undefined;
  assignments: Assignment[];
  words: readonly ShellWord[];
} {
  let rest = words;
  let wrapper: string | undefined;
  const assignments: Assignment[] = [];
  for (;;) {
    const name = rest[0]?.value?.replace(/^.*\//, '') ?? '';
    const valued = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    const inner = valued === undefined ? [] : skipOptions(rest.slice(1), name, valued, assignments);
    if (valued === undefined || inner.length === 0) {
      return { wrapper, assignments, words: rest };
    }
    wrapper = userWrappers.includes(name) ? name : wrapper;
    rest = inner;
  }
}

function skipOptions(
  words: readonly ShellWord[],
  name: string,
  valued: readonly string[],
  assignments: Assignment[],
): readonly ShellWord[] {
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) {
      break;
    }
    if (word.text.startsWith('-')) {
      at += valued.includes(word.text) ? 1 : 0;
      continue;
    }
    const assignment = /^(\w+)=(.*)$/s.exec(word.text);
    if (assignment !== null && (name === 'env' || name === 'sudo')) {
      assignments.push({
        name: assignment[1] ?? '',
        value: word.value?.slice((assignment[1] ?? '').length + 1),
      });
      continue;
    }
    break;
  }
  // `timeout 10 cmd`, `gosu user cmd`: one operand of the wrapper's own stands before the command.
  if (name === 'timeout' || name === 'gosu' || name === 'su-exec') {
    at++;
  }
  return words.slice(at);
}
