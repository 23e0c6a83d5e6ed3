/** Makes the files of a new rule: `npm run new-rule -- <id>`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
function create(rule: string): void {
  const files = new Map([
    [`server/src/rules/${rule}.ts`, ruleSource(rule)],
    [`test/fixtures/rules/${rule}.md`, fixture(rule)],
  ]);
  const existing = [...files.keys()].filter((path) => existsSync(join(root, path)));
  if (existing.length > 0) {
    console.error(`There already: ${existing.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  for (const [path, text] of files) {
    writeFileSync(join(root, path), text);
    console.log(`made ${path}`);
  }
  const registry = 'server/src/rules/index.ts';
  writeFileSync(join(root, registry), withRule(readFileSync(join(root, registry), 'utf8'), rule));
  console.log(`changed ${registry}`);
  console.log('Write its cases, then the rule, then: npm run generate && npm run check');
}

/** The registry with one more import and one more entry, both in the order of the alphabet. */
export function withRule(registry: string, rule: string): string {
  const name = variableOf(rule);
  const withImport = insertSorted(
    registry,
    /^import (?:type )?\{ \w+ \} from '\.\/[a-z-]+\.ts';\n/gm,
    `import { ${name} } from './${rule}.ts';\n`,
    (line) => line.replace(/^.*from /, ''),
  );
  return insertSorted(withImport, /^ {2}\w+,\n/gm, `  ${name},\n`, (line) => line);
}

function insertSorted(text: string, lines: RegExp, line: string, key: (line: string) => string): string {
  const all = [...text.matchAll(lines)];
  const next = all.find((match) => key(match[0]) > key(line));
  const last = all.at(-1);
  const at = next?.index ?? (last === undefined ? undefined : last.index + last[0].length);
  if (at === undefined) {
    throw new Error('server/src/rules/index.ts does not look as expected');
  }
  return text.slice(0, at) + line + text.slice(at);
}

function variableOf(rule: string): string {
  return rule.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function ruleSource(rule: string): string {
  return `import type { Rule } from './rule.ts';

export const ${variableOf(rule)}: Rule = {
  meta: {
    id: '${rule}',
    aliases: [],
    summary: 'TODO: what is found, in one line.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'none',
    unfixed: 'TODO: why a finding has no fix, in one sentence.',
    needs: [],
    docs: {
      what: 'TODO.',
      why: 'TODO.',
      silent: 'TODO.',
      bad: { dockerfile: 'FROM node:22\\n' },
      good: { dockerfile: 'FROM node:22-slim\\n' },
      switchOff: 'TODO.',
      references: [],
    },
  },

  *check(_context) {},
};
`;
}

function fixture(rule: string): string {
  return `# ${rule}

## Found

TODO: why this is wrong.

\`\`\`dockerfile
FROM node:22
^^^^ ${rule} "TODO"
\`\`\`

## Not found

TODO: why this is right.

\`\`\`dockerfile
FROM node:22-slim
\`\`\`
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [id = ''] = process.argv.slice(2);
  if (/^[a-z]+(?:-[a-z]+)+$/.test(id)) {
    create(id);
  } else {
    console.error(
      'Usage: npm run new-rule -- <id>, where <id> names the bad pattern in kebab-case: runs-as-root',
    );
    process.exitCode = 2;
  }
}
