import type { Category, RuleMeta } from '../../server/src/rules/rule.ts';

const categories: Readonly<Record<Category, string>> = {
  size: 'size',
  cache: 'build cache',
  context: 'build context',
  hardening: 'hardening',
  correctness: 'correctness',
};

/** docs/rules/README.md: all rules with links to their pages, and what other tools call them. */
export function ruleIndex(metas: readonly RuleMeta[]): string {
  const heading = [...columns, 'Known elsewhere as'];
  const rows = sorted(metas).map((meta) => [...cells(meta), meta.aliases.join(', ')]);
  return `# Rules\n\n${table([heading, ...rows])}\n`;
}

const columns: readonly string[] = ['Rule', 'Finds', 'About', 'Severity', 'Fix'];

function cells(meta: RuleMeta): string[] {
  return [
    `[${meta.id}](${meta.id}.md)`,
    meta.summary,
    categories[meta.category],
    meta.enabled ? meta.severity : 'off',
    meta.fix,
  ];
}

/** By category, then by name. */
function sorted(metas: readonly RuleMeta[]): RuleMeta[] {
  const order = Object.keys(categories);
  return [...metas].sort(
    (a, b) => order.indexOf(a.category) - order.indexOf(b.category) || (a.id < b.id ? -1 : 1),
  );
}

/** A markdown table in columns, as the formatter wants it. */
function table(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = columnWidths(escaped);
  const [heading = '', ...lines] = escaped.map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [heading, rule, ...lines].join('\n');
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const count = rows[0]?.length ?? 0;
  return Array.from({ length: count }, (_, i) => Math.max(3, ...rows.map((row) => row[i]?.length ?? 0)));
}
