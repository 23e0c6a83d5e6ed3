import type { ProjectConfig } from '../../engine/config.ts';
import { hadolintCodes, rulesOfCode, whyNotCovered } from '../../engine/hadolint/codes.ts';
import { type HadolintSettings, parseHadolintFile } from '../../engine/hadolint/settings.ts';
import { shellCheckId } from '../../engine/shell-checks.ts';
import type { Severity } from '../../rules/rule.ts';
import { complain } from '../complain.ts';
import { exitCodes } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { createFile } from '../output.ts';
import { projectFileName } from '../project-file.ts';
import { findHadolintSettings } from './find.ts';
import { type Translation, translate } from './translate.ts';

/** Flags of the command, as the command line gives them. */
export interface MigrateFlags {
  readonly write?: true;
}

/**
 * Shows which rule stands for which of hadolint's codes, what becomes of its settings, and the project file that does
 * the same; with `--write` writes that file.
 * @throws UsageError when the settings cannot be used or the project file is there already
 */
export function migrateFromHadolint(host: CliHost, { write }: MigrateFlags): number {
  const found = findHadolintSettings(host);
  const settings = found?.settings ?? parseHadolintFile('');
  const translation = translate(settings);
  const text = projectFileText(translation);
  if (write === true) {
    createFile(host, projectFileName, text);
    complain(host, `wrote ${projectFileName}`);
    complainOfFlags(host, translation);
    return exitCodes.ok;
  }
  const lines = [
    `Settings: ${found?.source ?? 'none found, so what hadolint does by itself'}`,
    '',
    ...hadolintCodes.map((code) => lineOf(code, settings, translation)),
    `SC…     ${shellCheckId}, where ShellCheck is installed`,
    '',
    ...translation.unmapped.map((one) => `Nothing stands for ${one}.`),
    `On the command line: ${commandOf(translation)}`,
    '',
    `${projectFileName}, which \`ballast migrate hadolint --write\` writes:`,
    '',
    text,
  ];
  host.stdout.write(lines.join('\n'));
  return exitCodes.ok;
}

function lineOf(code: string, { ignored }: HadolintSettings, { config: { rules } }: Translation): string {
  const ids = rulesOfCode(code).map((rule) => rule.meta.id);
  const state = ignored.includes(code) ? 'ignored' : (rules[code] ?? '');
  return ids.length === 0
    ? `${code}  not covered: ${whyNotCovered(code)}${ignored.includes(code) ? ' (ignored)' : ''}`
    : `${code}  ${ids.join(', ')} (${state})`;
}

/** What the project file cannot say. */
function complainOfFlags(host: CliHost, translation: Translation): void {
  complain(host, `run it as: ${commandOf(translation)}`);
}

function commandOf({ failOn, formats }: Translation): string {
  return ['ballast check', `--fail-on ${failOn}`, ...formats.map((format) => `--format ${format}`)].join(' ');
}

/** The project file with what differs from what Ballast does by itself. */
function projectFileText({ config }: Translation): string {
  const { rules, trustedRegistries, labelSchema, strictLabels } = config;
  const file: Partial<ProjectConfig> = {
    rules: Object.fromEntries(Object.entries(rules).filter(([code, to]) => to !== ownSeverity(code))),
    ...(trustedRegistries.length === 0 ? {} : { trustedRegistries }),
    ...(Object.keys(labelSchema).length === 0 ? {} : { labelSchema }),
    ...(strictLabels ? { strictLabels } : {}),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function ownSeverity(code: string): Severity | 'off' | undefined {
  const own = rulesOfCode(code).map(({ meta }) => (meta.enabled ? meta.severity : 'off'));
  return own.every((one) => one === own[0]) ? own[0] : undefined;
}
