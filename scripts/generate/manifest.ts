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

/** Every VS Code setting by its full name. */
export function settings(metas: readonly RuleMeta[]): Record<string, PropertySchema> {
  const editor = objectSchema(editorSettingsSchema).properties;
  const project = withRuleNames(objectSchema(configSchema()).properties, metas);
  const all = { ...editor, ...project, 'trace.server': traceSetting };
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [`ballast.${name}`, schema]));
}

/** package.json with its settings and the schema of the project file written anew, the rest as it is. */
export function withGeneratedManifest(manifest: Record<string, unknown>, metas: readonly RuleMeta[]): object {
  const properties = Object.entries(settings(metas)).map(([name, { description, ...schema }], order) => [
    name,
    {
      ...schema,
      // Else VS Code sorts them by name, and what is set most often stands between the rest.
      order,
      scope: name === 'ballast.network' ? 'machine' : windowSettings.has(name) ? 'window' : 'resource',
      markdownDescription: description,
    },
  ]);
  const contributes = manifest['contributes'];
  return {
    ...manifest,
    contributes: {
      ...(typeof contributes === 'object' ? contributes : {}),
      configuration: { title: 'Ballast', properties: Object.fromEntries(properties) },
      jsonValidation: [{ fileMatch: '.ballast.json', url: './schema/ballast.schema.json' }],
    },
  };
}
