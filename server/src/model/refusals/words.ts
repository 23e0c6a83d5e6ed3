import type { SyntaxProblem } from '../../syntax/tree.ts';
import type { Step } from '../dockerfile.ts';
import type { Values } from './values.ts';

/** Names of signals without SIG, as of github.com/moby/sys/signal, read 2026-11. */
const signals = new Set(
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'.split(
    ' ',
  ),
);

/** Values of VOLUME and STOPSIGNAL that mean nothing. */
export function valueRefusals({ instruction }: Step, values: Values): SyntaxProblem[] {
  const { keyword, words, keywordSpan } = instruction;
  if (keyword === 'VOLUME') {
    return words
      .filter((word) => values.of(word.value)?.trim() === '')
      .map((word) => ({ message: 'VOLUME takes a path, not an empty text.', span: word.span }));
  }
  if (keyword === 'STOPSIGNAL' && words.length > 0) {
    const texts = words.map((word) => values.of(word.value));
    const signal = texts.join(' ');
    return texts.includes(undefined) || isSignal(signal)
      ? []
      : [
          {
            message: `STOPSIGNAL takes a signal such as SIGTERM, not “${signal}”.`,
            span: words[0]?.span ?? keywordSpan,
          },
        ];
  }
  return [];
}

function isSignal(text: string): boolean {
  if (/^[+-]?\d{1,18}$/.test(text)) {
    return Number(text) !== 0;
  }
  const name = text.toUpperCase().replace(/^SIG/, '');
  const realTime = /^RT(?:MIN\+(\d|1[0-5])|MAX-(\d|1[0-4]))$/.exec(name);
  return signals.has(name) || (realTime !== null && realTime[1] !== '0' && realTime[2] !== '0');
}
