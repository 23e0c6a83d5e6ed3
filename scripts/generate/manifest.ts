import { configSchema } from '../../server/src/engine/config.ts';
import { editorSettingsSchema } from '../../server/src/lsp/settings.ts';
import type { RuleMeta } from '../../server/src/rules/rule.ts';
import { objectSchema, type PropertySchema, withRuleNames } from './schemas.ts';

/** What the client library itself reads. */
const traceSetting: PropertySchema = {
  type: 'string',
  enum: ['off', 'messages', 'verbose'],
  default: 'off',
  description: 'What the log shows of the messages between VS Code and the language server.',
};

/** Settings that cannot differ from folder to folder. */
const windowSettings = new Set(['ballast.standardFeatures', 'ballast.trace.server']);

/** The groups of settings in the order in which the editor shows them, with the names of their settings. */
const groups: readonly { readonly id: string; readonly title: string; readonly names: readonly string[] }[] =
  [
    {
      id: 'findings',
      title: 'Findings',
      names: ['enable', 'rules', 'buildChecks', 'trustedRegistries', 'labelSchema', 'strictLabels'],
    },
    {
      id: 'editor',
      title: 'In the Editor',
      names: ['sizeHints', 'codeLens', 'tagCompletion', 'standardFeatures'],
    },
    { id: 'project', title: 'Builds and Network', names: ['buildContexts', 'network', 'shellCheck'] },
    { id: 'log', title: 'Log', names: ['trace.server'] },
  ];

/** Every VS Code setting by its full name. */
export function settings(metas: readonly RuleMeta[]): Record<string, PropertySchema> {
  const editor = objectSchema(editorSettingsSchema).properties;
  const project = withRuleNames(objectSchema(configSchema()).properties, metas);
  const all = { ...editor, ...project, 'trace.server': traceSetting };
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [`ballast.${name}`, schema]));
}

/** package.json with its settings and the schema of the project file written anew, the rest as it is. */
export function withGeneratedManifest(manifest: Record<string, unknown>, metas: readonly RuleMeta[]): object {
  const all = new Map(Object.entries(settings(metas)));
  const configuration = groups.map(({ id, names }, order) => ({
    id,
    title: `%settings.${id}%`,
    order,
    properties: Object.fromEntries(
      names.map((name, i) => [
        `ballast.${name}`,
        propertyOf(`ballast.${name}`, all.get(`ballast.${name}`), i),
      ]),
    ),
  }));
  const contributes = manifest['contributes'];
  return {
    ...manifest,
    contributes: {
      ...(typeof contributes === 'object' ? contributes : {}),
      configuration,
      jsonValidation: [{ fileMatch: '.ballast.json', url: './schema/ballast.schema.json' }],
    },
  };
}

/** package.nls.json with the texts of the settings written anew, the rest as it is. */
export function withGeneratedTexts(
  texts: Readonly<Record<string, string>>,
  metas: readonly RuleMeta[],
): Record<string, string> {
  const all = settings(metas);
  const missing = Object.keys(all).filter(
    (name) => !groups.some(({ names }) => names.includes(name.replace('ballast.', ''))),
  );
  if (missing.length > 0) {
    throw new Error(`In no group of settings: ${missing.join(', ')}`);
  }
  const rules = Object.entries(
    (all['ballast.rules']?.['properties'] ?? {}) as Record<string, PropertySchema>,
  );
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([key]) => !/^(?:settings?|rule)\./.test(key))),
    ...Object.fromEntries(groups.map(({ id, title }) => [`settings.${id}`, title])),
    ...Object.fromEntries(
      Object.entries(all).map(([name, { description }]) => [textKey(name), description ?? '']),
    ),
    ...Object.fromEntries(rules.map(([id, { description }]) => [`rule.${id}`, description ?? ''])),
  };
}

/** Settings that no folder may bring along: who is asked, and what program is started. */
const machineSettings = new Set(['ballast.network', 'ballast.shellCheck']);

/** A setting as the manifest has it: its texts stand in package.nls.json. */
function propertyOf(name: string, schema: PropertySchema | undefined, order: number): object {
  const { description: _, properties, ...rest } = schema ?? {};
  const named = Object.entries((properties ?? {}) as Record<string, PropertySchema>).map(([id, rule]) => [
    id,
    { ...rule, description: `%rule.${id}%` },
  ]);
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(named) }),
    // Else VS Code sorts them by name, and what is set most often stands between the rest.
    order,
    scope: machineSettings.has(name) ? 'machine' : windowSettings.has(name) ? 'window' : 'resource',
    markdownDescription: `%${textKey(name)}%`,
  };
}

function textKey(name: string): string {
  return name.replace('ballast.', 'setting.');
}
