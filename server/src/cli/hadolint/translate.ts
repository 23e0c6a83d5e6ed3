import type { Config } from '../../engine/config.ts';
import { rulesOfCode } from '../../engine/hadolint/codes.ts';
import { configOf } from '../../engine/hadolint/rules-of-settings.ts';
import type { HadolintSettings } from '../../engine/hadolint/settings.ts';
import { isShellCode } from '../../engine/shell-checks.ts';
import type { CheckFormat, Threshold } from '../results.ts';

/** hadolint's settings in Ballast's words. */
export interface Translation {
  readonly config: Required<Config>;
  readonly failOn: Threshold;
  /** None where none is asked for. */
  readonly formats: readonly CheckFormat[];
  /** Settings that nothing stands for. */
  readonly unmapped: readonly string[];
}

const thresholds = { error: 'error', warning: 'warning', info: 'information', style: 'hint' } as const;

const formats: ReadonlyMap<string, CheckFormat> = new Map([
  ['tty', 'tty'],
  ['gnu', 'tty'],
  ['json', 'json'],
  ['checkstyle', 'checkstyle'],
  ['codeclimate', 'gitlab'],
  ['gitlab_codeclimate', 'gitlab'],
  ['junit', 'junit'],
  ['sarif', 'sarif'],
]);

/** Formats with which hadolint never fails. */
const neverFailing = ['codeclimate', 'codacy'];

/** What Ballast has to be told to behave as hadolint with these settings, as far as both know a code. */
export function translate(settings: HadolintSettings): Translation {
  const { threshold = 'info' } = settings;
  const isNeverFailing =
    settings.isNoFail === true || settings.formats.some((format) => neverFailing.includes(format));
  // A threshold of `ignore` or `none` lets everything fail that is not ignored.
  const lowest = threshold === 'ignore' || threshold === 'none' ? 'hint' : thresholds[threshold];
  return {
    config: configOf(settings),
    failOn: isNeverFailing ? 'never' : lowest,
    formats: settings.formats.flatMap((format) => formats.get(format) ?? []),
    unmapped: unmappedOf(settings),
  };
}

function unmappedOf(settings: HadolintSettings): string[] {
  const named = Object.values(settings.override)
    .flat()
    .filter(
      (code) => rulesOfCode(code).length === 0 && !isShellCode(code) && !settings.ignored.includes(code),
    );
  return [
    ...(named.length === 0 ? [] : [`override of ${[...new Set(named)].join(', ')}`]),
    ...settings.formats.filter((format) => !formats.has(format)).map((format) => `format ${format}`),
    ...(settings.ignoresComments === true ? ['disable-ignore-pragma'] : []),
  ];
}
