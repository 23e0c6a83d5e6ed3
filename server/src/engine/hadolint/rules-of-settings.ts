import type { Severity } from '../../rules/rule.ts';
import type { ProjectConfig } from '../config.ts';
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

/** The severities with which Ballast says what hadolint says with these settings, by hadolint's codes. */
export function rulesOf(settings: HadolintSettings): ProjectConfig['rules'] {
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
