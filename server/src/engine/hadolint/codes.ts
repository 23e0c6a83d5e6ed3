import { rules } from '../../rules/index.ts';
import type { Rule } from '../../rules/rule.ts';
import { table } from '../../text/table.ts';
import { isShellCode } from '../shell-checks.ts';

/** How grave hadolint takes a finding, in its own words. */
export type HadolintSeverity = 'error' | 'warning' | 'info' | 'style' | 'ignore';

/** One of hadolint's codes. */
interface Code {
  /** What hadolint gives it where nobody says otherwise. */
  readonly severity: HadolintSeverity;
  /** Why no rule has it, or where else it is said. */
  readonly note?: string;
}

const refused = 'BuildKit refuses it: reported as `syntax`, which can be neither ignored nor switched off';

/** hadolint's codes with their severities, as of version 2.15 (2026-11). Codes that a rule has as an alias need no note. */
const codes: Readonly<Record<string, Code>> = table({
  DL1001: { severity: 'ignore', note: 'ignore comments are how a project says that it knows better' },
  DL3000: { severity: 'error' },
  DL3001: {
    severity: 'info',
    note: 'a program that makes no sense in a build fails or does nothing by itself',
  },
  DL3002: { severity: 'warning' },
  DL3003: { severity: 'warning' },
  DL3004: { severity: 'error' },
  DL3006: { severity: 'warning' },
  DL3007: { severity: 'warning' },
  DL3008: { severity: 'warning' },
  DL3009: { severity: 'info' },
  DL3010: { severity: 'info' },
  DL3011: { severity: 'error', note: refused },
  DL3012: { severity: 'error' },
  DL3013: { severity: 'warning' },
  DL3014: { severity: 'warning' },
  DL3015: { severity: 'info' },
  DL3016: { severity: 'warning' },
  DL3018: { severity: 'warning' },
  DL3019: { severity: 'info' },
  DL3020: { severity: 'error' },
  DL3021: { severity: 'error', note: refused },
  DL3022: {
    severity: 'warning',
    note: 'a name that is no stage is an image for BuildKit, and a good one where it is meant',
  },
  DL3023: { severity: 'error', note: refused },
  DL3024: { severity: 'error' },
  DL3025: { severity: 'warning' },
  DL3026: { severity: 'error' },
  DL3027: { severity: 'warning' },
  DL3028: { severity: 'warning' },
  DL3029: { severity: 'warning' },
  DL3030: { severity: 'warning' },
  DL3032: { severity: 'warning' },
  DL3033: { severity: 'warning' },
  DL3034: { severity: 'warning' },
  DL3035: {
    severity: 'warning',
    note: 'an upgrade of the distribution in a build is a decision, and weighs what the estimate says',
  },
  DL3036: { severity: 'warning' },
  DL3037: { severity: 'warning' },
  DL3038: { severity: 'warning' },
  DL3040: { severity: 'warning' },
  DL3041: { severity: 'warning' },
  DL3042: { severity: 'warning' },
  DL3043: { severity: 'error', note: refused },
  DL3044: { severity: 'error' },
  DL3045: { severity: 'warning' },
  DL3046: { severity: 'warning' },
  DL3047: { severity: 'info', note: 'a progress bar fills the log of a build, and no layer' },
  DL3048: { severity: 'style' },
  DL3049: { severity: 'info' },
  DL3050: { severity: 'info' },
  DL3051: { severity: 'warning' },
  DL3052: { severity: 'warning' },
  DL3053: { severity: 'warning' },
  DL3054: { severity: 'warning' },
  DL3055: { severity: 'warning' },
  DL3056: { severity: 'warning' },
  DL3057: { severity: 'ignore' },
  DL3058: { severity: 'warning' },
  DL3059: {
    severity: 'info',
    note: 'a layer by itself costs some hundred bytes; joined RUNs share one cache',
  },
  DL3060: { severity: 'info' },
  DL3061: { severity: 'error', note: refused },
  DL3062: { severity: 'warning' },
  DL3063: { severity: 'warning' },
  DL3064: { severity: 'warning' },
  DL3065: { severity: 'warning' },
  DL3066: { severity: 'info', note: 'a name is as good as a number wherever nobody asks for `runAsNonRoot`' },
  DL3067: { severity: 'warning', note: 'a whole file system in one layer is how an image is squashed' },
  DL4000: { severity: 'error' },
  DL4001: { severity: 'warning' },
  DL4003: { severity: 'warning' },
  DL4004: { severity: 'error' },
  DL4005: { severity: 'warning', note: 'which program /bin/sh is belongs to the base image' },
  DL4006: { severity: 'warning' },
});

/** Names of hadolint's own codes, in their order. */
export const hadolintCodes: readonly string[] = Object.keys(codes);

/** What hadolint gives a code by itself; undefined for a code that it does not have. */
export function severityOfCode(code: string): HadolintSeverity | undefined {
  return codes[code]?.severity;
}

/** The rules that find what hadolint has the code for. */
export function rulesOfCode(code: string): readonly Rule[] {
  return rules.filter((rule) => rule.meta.aliases.includes(code));
}

/** One sentence on why no rule has a code of hadolint or ShellCheck; undefined where one has it, or nobody knows the code. */
export function whyNotCovered(code: string): string | undefined {
  if (isShellCode(code)) {
    return 'ShellCheck says it where it is installed; it is not part of Ballast';
  }
  return rulesOfCode(code).length > 0 ? undefined : codes[code]?.note;
}
