import * as z from 'zod';
import { imageReportSchema } from '../../server/src/cli/format/image-schema.ts';
import { jsonReportSchema } from '../../server/src/cli/format/json-schema.ts';
import { sizesSchema } from '../../server/src/cli/format/sizes-schema.ts';
import { slimSchema } from '../../server/src/cli/format/slim-schema.ts';
import { projectFileSchema as fileSchema } from '../../server/src/engine/config.ts';
import type { RuleMeta } from '../../server/src/rules/rule.ts';

/** A JSON schema of an object, as far as it is read here. */
export interface ObjectSchema {
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly [key: string]: unknown;
}

export interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly [key: string]: unknown;
}

/** Schema of `.ballast.json`. */
export function projectFileSchema(metas: readonly RuleMeta[]): object {
  const { $schema, ...schema } = objectSchema(fileSchema());
  return {
    $schema,
    title: 'Ballast project file',
    description: 'Configures Ballast for the Dockerfiles in this folder and below.',
    ...schema,
    properties: {
      $schema: { type: 'string', description: 'Schema of this file, for editors.' },
      ...withAliases(withRuleNames(schema.properties, metas), metas),
    },
  };
}

/** Schema of `ballast check --format json`. */
export function reportSchema(): object {
  const { $schema, ...schema } = objectSchema(jsonReportSchema);
  return { $schema, title: 'Output of ballast check --format json', ...schema };
}

/** Schema of `ballast slim --format json`. */
export function slimmedSchema(): object {
  const { $schema, ...schema } = objectSchema(slimSchema);
  return { $schema, title: 'Output of ballast slim --format json', ...schema };
}

/** Schema of `ballast report --format json`. */
export function imageSchema(): object {
  const { $schema, ...schema } = objectSchema(imageReportSchema);
  return { $schema, title: 'Output of ballast report --format json', ...schema };
}

/** Schema of `ballast sizes --format json`. */
export function imageSizesSchema(): object {
  const { $schema, ...schema } = objectSchema(sizesSchema);
  return { $schema, title: 'Output of ballast sizes --format json', ...schema };
}

/** What a zod object accepts, in draft 7, which VS Code reads. */
export function objectSchema(schema: z.ZodObject): ObjectSchema {
  const json = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return { ...json, properties: json.properties as ObjectSchema['properties'] };
}

/** Adds what other tools call the findings of the rules. */
function withAliases(
  properties: ObjectSchema['properties'],
  metas: readonly RuleMeta[],
): ObjectSchema['properties'] {
  const rules = properties['rules'] as { properties: Record<string, PropertySchema> };
  const [severity] = Object.values(rules.properties);
  const named = metas.flatMap((meta) =>
    meta.aliases.map((alias) => [alias, { ...severity, description: `${meta.id}: ${meta.summary}` }]),
  );
  return {
    ...properties,
    rules: { ...rules, properties: { ...rules.properties, ...Object.fromEntries(named) } } as PropertySchema,
  };
}

/** Names every rule under `rules`, so that editors offer them and mark those that do not exist. */
export function withRuleNames(
  properties: ObjectSchema['properties'],
  metas: readonly RuleMeta[],
): ObjectSchema['properties'] {
  const { rules } = properties;
  if (rules === undefined) {
    throw new Error('the configuration has no `rules`');
  }
  const { additionalProperties: severity, propertyNames: _, ...rest } = rules;
  const named = metas.map((meta) => [
    meta.id,
    {
      ...(severity as PropertySchema),
      description: `${meta.summary} (${meta.enabled ? meta.severity : 'off'})`,
    },
  ]);
  return {
    ...properties,
    rules: { ...rest, properties: Object.fromEntries(named), additionalProperties: false },
  };
}
