import { distance } from 'fastest-levenshtein';
import type { Rule } from '../rules/rule.ts';
import { UsageError } from './exit.ts';
import { printable, type Style, styleOf, wrap } from './format/layout.ts';
import type { CliHost } from './host.ts';
import { rulePage } from './rule-page.ts';

const readableWidth = 100;
/** Names further apart than this share of their length are not meant for each other. */
const nearEnough = 0.4;

/**
 * Prints the page of a rule, or the list of all.
 * @throws UsageError when there is no such rule.
 */
export async function explain(host: CliHost, name: string | undefined): Promise<void> {
  const { rules } = await import('../rules/index.ts');
  const style = styleOf(host.stdout, host.environment);
  if (name === undefined) {
    host.stdout.write(listOf(rules, style));
    return;
  }
  const rule = findRule(rules, name);
  if (rule === undefined) {
    const near = nearNames(rules, name);
    const hint = near.length === 0 ? 'ballast explain lists them all' : `did you mean ${near.join(' or ')}?`;
    throw new UsageError(`no rule is called ${printable(name)}; ${hint}`);
  }
  host.stdout.write(formatPage(rulePage(rule.meta), style));
}

/** The rule with that id or alias, whatever the case of its letters. */
export function findRule(rules: readonly Rule[], name: string): Rule | undefined {
  const wanted = name.toLowerCase();
  return (
    rules.find((rule) => rule.meta.id === wanted) ??
    rules.find((rule) => rule.meta.aliases.some((alias) => alias.toLowerCase() === wanted))
  );
}

/** Up to three ids that look like the name, the nearest first. */
export function nearNames(rules: readonly Rule[], name: string): string[] {
  const wanted = name.toLowerCase();
  return rules
    .map(({ meta }) => ({
      id: meta.id,
      far:
        meta.id.includes(wanted) && wanted.length > 2
          ? 0
          : distance(meta.id, wanted) / Math.max(meta.id.length, wanted.length),
    }))
    .filter(({ far }) => far <= nearEnough)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ id }) => id);
}

function listOf(rules: readonly Rule[], { colors }: Style): string {
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
