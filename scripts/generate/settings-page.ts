import { configSchema } from '../../server/src/engine/config.ts';
import type { RuleMeta } from '../../server/src/rules/rule.ts';
import { settings } from './manifest.ts';
import type { PropertySchema } from './schemas.ts';

/** docs/settings.md. */
export function settingsPage(metas: readonly RuleMeta[]): string {
  const inProjectFile = new Set(Object.keys(configSchema().shape).map((name) => `ballast.${name}`));
  const sections = Object.entries(settings(metas)).map(([name, schema]) =>
    section(name, schema, inProjectFile.has(name)),
  );
  return `${[introduction, ...sections].join('\n\n')}\n`;
}

const introduction = `# Settings

Settings are made in VS Code under \`ballast.\`, or for everyone who works on a project in a file \`.ballast.json\`, which
holds the same settings without the prefix. The file nearest to the Dockerfile counts, in its folder or above it; where
both set something, the file wins. The command line reads the file alone.

\`\`\`json
{
  "rules": {
    "healthcheck-missing": "off",
    "runs-as-root": "error"
  }
}
\`\`\`

One place is silenced by a comment on the line above the instruction: \`# ballast ignore=runs-as-root\`. The comments of
hadolint and BuildKit are understood where a rule has a name there.`;

function section(name: string, schema: PropertySchema, inProjectFile: boolean): string {
  const values =
    schema.enum === undefined ? String(schema.type) : schema.enum.map((value) => `\`${value}\``).join(', ');
  const byDefault = schema.default === undefined ? '' : `\n- Default: \`${JSON.stringify(schema.default)}\``;
  return `## ${name}

${schema.description ?? ''}

- Values: ${name === 'ballast.rules' ? 'an object of rule and severity (`off`, `hint`, `information`, `warning`, `error`)' : values}${byDefault}
- In \`.ballast.json\`: ${inProjectFile ? `\`${name.replace('ballast.', '')}\`` : 'no'}`;
}
