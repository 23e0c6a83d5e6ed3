import type { Severity } from '../../rules/rule.ts';
import type { Config, ProjectConfig } from '../config.ts';
import { isShellCode } from '../shell-checks.ts';
import { type HadolintSeverity, hadolintCodes, rulesOfCode, severityOfCode } from './codes.ts';
import type { HadolintSettings } from './settings.ts';

const severities: Readonly<Record<HadolintSeverity, Severity | 'off'>> = {
  error: 'error',
  warning: 'warning',
  info: 'information',
  style: 'hint',
  ignore: 'off',
};

/** Everything that an analysis has to know of these settings. */
export function configOf(settings: HadolintSettings): Required<Config> {
  return {
    rules: rulesOf(settings),
    trustedRegistries: [...settings.trustedRegistries],
    labelSchema: settings.labels,
    strictLabels: settings.isStrictOnLabels === true,
  };
}

/** The severities with which Ballast says what hadolint says with these settings, by hadolint's codes. */
function rulesOf(settings: HadolintSettings): ProjectConfig['rules'] {
  const entries = hadolintCodes
    .filter((code) => rulesOfCode(code).length > 0)
    .map((code): [string, Severity | 'off'] => {
      const isOff = settings.ignored.includes(code) || isWithoutItsSetting(code, settings);
      return [
        code,
        isOff ? 'off' : severities[overriddenTo(settings, code) ?? severityOfCode(code) ?? 'ignore'],
      ];
    });
  return Object.fromEntries([...entries, ...shellCheckEntries(settings)]);
}

/** True for a code that says nothing as long as no setting says what is wanted. */
function isWithoutItsSetting(code: string, settings: HadolintSettings): boolean {
  if (code === 'DL3026') {
    return settings.trustedRegistries.length === 0;
  }
  if (code === 'DL3050') {
    return settings.isStrictOnLabels !== true;
  }
  return labelCodes.includes(code) && Object.keys(settings.labels).length === 0;
}

/** Codes that compare labels with the schema. */
const labelCodes = ['DL3049', 'DL3051', 'DL3052', 'DL3053', 'DL3054', 'DL3055', 'DL3056', 'DL3058'];

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
