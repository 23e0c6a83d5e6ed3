import type { ProjectConfig } from '../../engine/config.ts';
import { isShellCode } from '../../engine/shell-checks.ts';
import type { Severity } from '../../rules/rule.ts';
import type { CheckFormat, Threshold } from '../results.ts';
import { type HadolintSeverity, hadolintCodes, rulesOfCode, severityOfCode } from './codes.ts';
import type { HadolintSettings } from './settings.ts';

/** hadolint's settings in Ballast's words. */
export interface Translation {
  readonly rules: ProjectConfig['rules'];
  readonly trustedRegistries: readonly string[];
  readonly failOn: Threshold;
  /** None where none is asked for. */
  readonly formats: readonly CheckFormat[];
  /** Settings that nothing stands for. */
  readonly unmapped: readonly string[];
}

const thresholds = { error: 'error', warning: 'warning', info: 'information', style: 'hint' } as const;

const severities: Readonly<Record<HadolintSeverity, Severity | 'off'>> = { ...thresholds, ignore: 'off' };

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
    rules: rulesOf(settings),
    trustedRegistries: settings.trustedRegistries,
    failOn: isNeverFailing ? 'never' : lowest,
    formats: settings.formats.flatMap((format) => formats.get(format) ?? []),
    unmapped: unmappedOf(settings),
  };
}

function rulesOf(settings: HadolintSettings): ProjectConfig['rules'] {
  const entries = hadolintCodes
    .filter((code) => rulesOfCode(code).length > 0)
    .map((code): [string, Severity | 'off'] => {
      const isOff =
        settings.ignored.includes(code) || (code === 'DL3026' && settings.trustedRegistries.length === 0);
      return [
        code,
        isOff ? 'off' : severities[overriddenTo(settings, code) ?? severityOfCode(code) ?? 'ignore'],
      ];
    });
  return Object.fromEntries([...entries, ...shellCheckEntries(settings)]);
}

/** ShellCheck's codes have the severities that it gives them, but for those that the settings name. */
function shellCheckEntries(settings: HadolintSettings): [string, Severity | 'off'][] {
  const overridden = Object.values(settings.override).flat().filter(isShellCode);
  const raised = overridden.map((code): [string, Severity | 'off'] => [
    code,
    severities[overriddenTo(settings, code) ?? 'info'],
  ]);
  return [...raised, ...settings.ignored.filter(isShellCode).map((code): [string, 'off'] => [code, 'off'])];
}

/** The gravest counts where a code stands in several lists. */
function overriddenTo({ override }: HadolintSettings, code: string): HadolintSeverity | undefined {
  return (['error', 'warning', 'info', 'style'] as const).find((severity) =>
    override[severity].includes(code),
  );
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
    ...(settings.labels.length === 0 ? [] : ['label-schema']),
    ...(settings.isStrictOnLabels === true ? ['strict-labels'] : []),
    ...(settings.ignoresComments === true ? ['disable-ignore-pragma'] : []),
  ];
}
