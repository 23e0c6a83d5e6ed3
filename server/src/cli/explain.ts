import { whyNotCovered } from '../engine/hadolint/codes.ts';
import { rulePage } from '../ide/rule-page.ts';
import { rules } from '../rules/index.ts';
import { UsageError } from './exit.ts';
import { type Style, styleOf, wrap } from './format/layout.ts';
import type { CliHost } from './host.ts';
import { findRule, noSuchRule } from './rule-names.ts';

const readableWidth = 100;

/**
 * Prints the page of a rule, or the list of all.
 * @throws UsageError when there is no such rule.
 */
export function explain(host: CliHost, name: string | undefined): void {
  const style = styleOf(host.stdout, host.environment);
  if (name === undefined) {
    host.stdout.write(listOfRules(style));
    return;
  }
  const rule = findRule(rules, name);
  if (rule === undefined) {
    const reason = whyNotCovered(name.toUpperCase());
    if (reason !== undefined) {
      host.stdout.write(`${name.toUpperCase()} is not covered: ${reason}.\n`);
      return;
    }
    throw new UsageError(noSuchRule(rules, name));
  }
  host.stdout.write(formatPage(rulePage(rule.meta), style));
}

function listOfRules({ colors }: Style): string {
  const width = Math.max(0, ...rules.map((rule) => rule.meta.id.length));
  const lines = [...rules]
    .sort((a, b) => (a.meta.id < b.meta.id ? -1 : 1))
    .map(({ meta }) => `${colors.cyan(meta.id.padEnd(width))}  ${meta.summary}`);
  return `${lines.join('\n')}\n`;
}

/** Markdown for a terminal: headings bold, paragraphs wrapped, code as it is. */
function formatPage(markdown: string, { colors, width }: Style): string {
  const most = Math.min(width ?? readableWidth, readableWidth);
  let inCode = false;
  const lines = markdown.split('\n').flatMap((line) => {
    if (line.startsWith('```')) {
      inCode = !inCode;
      return [];
    }
    if (inCode) {
      return [`    ${line}`.trimEnd()];
    }
    if (line.startsWith('#')) {
      return [colors.bold(line.replace(/^#+ /, ''))];
    }
    const indent = /^- /.test(line) ? '  ' : '';
    return wrap(line, most - indent.length).map((part, i) => (i === 0 ? part : indent + part));
  });
  return lines.join('\n');
}
