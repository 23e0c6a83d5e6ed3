import type { Category, RuleMeta } from '../../server/src/rules/rule.ts';

const start = '<!-- rules: written by `npm run generate` -->';
const end = '<!-- end of rules -->';

const categories: readonly { readonly id: Category; readonly title: string }[] = [
  { id: 'size', title: 'Size' },
  { id: 'cache', title: 'Build cache' },
  { id: 'context', title: 'Build context' },
  { id: 'hardening', title: 'Hardening' },
  { id: 'correctness', title: 'Correctness' },
];

/** docs/rules/README.md: all rules by category, with links to their pages. */
export function ruleIndex(metas: readonly RuleMeta[]): string {
  return `# Rules\n\n${tables(metas, '')}\n`;
}

/** The README with its table of rules written anew between its two markers. */
export function withRuleTable(readme: string, metas: readonly RuleMeta[]): string {
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`README.md must hold the lines "${start}" and "${end}"`);
  }
  return `${readme.slice(0, from + start.length)}\n\n${tables(metas, 'docs/rules/')}\n\n${readme.slice(to)}`;
}

function tables(metas: readonly RuleMeta[], folder: string): string {
  return categories
    .map(({ id, title }) => ({ title, own: metas.filter((meta) => meta.category === id) }))
    .filter(({ own }) => own.length > 0)
    .map(({ title, own }) => table(title, own, folder))
    .join('\n\n');
}

function table(title: string, metas: readonly RuleMeta[], folder: string): string {
  const rows = [...metas]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((meta) =>
      row([
        `[${meta.id}](${folder}${meta.id}.md)`,
        meta.summary,
        meta.enabled ? meta.severity : 'off',
        meta.fix,
        meta.aliases.join(', '),
      ]),
    );
  return [
    row([title, 'Finds', 'Severity', 'Fix', 'Known elsewhere as']),
    row(Array(5).fill('---')),
    ...rows,
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
