import type { Example, RuleMeta } from '../rules/rule.ts';

/** Address of the page that explains a rule. */
export function rulePageUrl(rule: string): string {
  return `https://github.com/ballast-dev/ballast/blob/main/docs/rules/${rule}.md`;
}

/** The page of a rule in markdown: docs/rules/<id>.md, and what `ballast explain` prints. Ends with a line break. */
export function rulePage(meta: RuleMeta): string {
  const { docs } = meta;
  const sections = [
    `# ${meta.id}`,
    docs.what,
    facts(meta),
    `## Why\n\n${docs.why}`,
    `## Found\n\n${example(docs.bad)}`,
    `## Not found\n\n${example(docs.good)}`,
    ...(docs.fix === undefined ? [] : [`## Fix\n\n${docs.fix}`]),
    `## When it is silent\n\n${docs.silent}`,
    `## When to switch it off\n\n${docs.switchOff}\n\n${switchOffHow(meta.id)}`,
    ...(docs.references.length === 0
      ? []
      : [`## References\n\n${docs.references.map((reference) => `- ${reference}`).join('\n')}`]),
  ];
  return `${sections.map((section) => section.trim()).join('\n\n')}\n`;
}

const fixWords = { none: 'none', sometimes: 'for some findings', always: 'for every finding' } as const;
const needWords = {
  project: 'the files of the build context',
  images: 'facts about the base image',
} as const;

function facts(meta: RuleMeta): string {
  const lines = [
    `Category: ${meta.category}`,
    `Severity: ${meta.severity}${meta.enabled ? '' : ', off unless switched on'}`,
    `Fix: ${fixWords[meta.fix]}`,
    ...(meta.needs.length === 0 ? [] : [`Needs: ${meta.needs.map((need) => needWords[need]).join(', ')}`]),
    ...(meta.aliases.length === 0 ? [] : [`Known elsewhere as: ${meta.aliases.join(', ')}`]),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function example({ dockerfile, files }: Example): string {
  const others = Object.entries(files ?? {}).map(
    ([path, text]) => `Beside it, \`${path}\`:\n\n${fenced(languageOf(path), text)}`,
  );
  return [fenced('dockerfile', dockerfile), ...others].join('\n\n');
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function languageOf(path: string): string {
  const extension = /\.([a-z]+)$/.exec(path)?.[1] ?? '';
  return ['json', 'toml', 'xml', 'yaml'].includes(extension) ? extension : '';
}

function switchOffHow(id: string): string {
  return [
    `For one place, write \`# ballast ignore=${id}\` on the line above the instruction.`,
    `For a project, put \`{ "rules": { "${id}": "off" } }\` into \`.ballast.json\`; in VS Code, set \`ballast.rules\`.`,
  ].join('\n');
}
