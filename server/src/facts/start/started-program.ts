import type { PlanSubject, StartedProgram } from '../../ecosystems/runtime-plan.ts';
import { normalizePath } from '../../model/paths.ts';

const searchPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Programs that only start another one. */
const starters = ['exec', 'tini', 'dumb-init', 'env', 'nohup'];

/** Takes the start command of a stage apart; undefined where it starts nothing. `folders` are searched for bare names as well. */
export function startedProgram(
  input: PlanSubject,
  folders: readonly string[] = [],
): StartedProgram | undefined {
  const { start, stage } = input;
  const [first = '', second, script] = start.words;
  const isCalled = /(?:^|\/)(?:ba|da|a)?sh$/.test(first) && /^-\w*c$/.test(second ?? '');
  const words = isCalled ? (script ?? '').split(/\s+/).filter((word) => word !== '') : start.words;
  const form = (start.entrypoint ?? start.cmd)?.form;
  let at = 0;
  while (at < words.length && isStarter(words[at] ?? '')) {
    at++;
  }
  const word = words[at];
  if (word === undefined) {
    return undefined;
  }
  const isShell = isCalled || form === 'shell';
  const workdir = stage.end.workdir ?? '/';
  const beside = word.startsWith('/') ? word : `${workdir}/${word}`;
  const isBare = !word.includes('/');
  return {
    word,
    paths: [
      ...(isBare ? [...searchPath, ...folders].map((folder) => `${folder}/${word}`) : []),
      normalizePath(beside),
    ],
    args: words.slice(at + 1),
    isShell,
    needsShell: isShell && /[$;&|<>`*?]/.test(words.join(' ')),
    isWrapped: words.slice(0, at).some((one) => one !== 'exec'),
  };
}

function isStarter(word: string): boolean {
  return starters.includes(word.replace(/^.*\//, '')) || /^--?(?:$|[a-z])/.test(word) || /^\w+=/.test(word);
}
