import * as z from 'zod';
import { type LabelType, labelTypes } from '../../model/labels.ts';
import { readYaml } from '../../project/formats/yaml.ts';
import { once } from '../../text/memoize.ts';

const severity = once(() => z.enum(['error', 'warning', 'info', 'style', 'ignore', 'none']));
/** Nothing behind the name of a label means any text. */
const labelType = once(() => z.enum([...labelTypes, '']));
const codes = once(() => z.array(z.string()).nullish());

/** hadolint's settings, by the names that its file has for them. Names that it does not know, it leaves alone. */
const fileSchema = once(() =>
  z.object({
    'no-fail': z.boolean().nullish(),
    format: z.string().nullish(),
    formats: z.array(z.string()).nullish(),
    override: z.object({ error: codes(), warning: codes(), info: codes(), style: codes() }).nullish(),
    ignored: codes(),
    trustedRegistries: z.array(z.string()).nullish(),
    'label-schema': z.record(z.string(), labelType()).nullish(),
    'strict-labels': z.boolean().nullish(),
    'disable-ignore-pragma': z.boolean().nullish(),
    'failure-threshold': severity().nullish(),
  }),
);

/** What hadolint is told, by its file and its variables. */
export interface HadolintSettings {
  readonly isNoFail: boolean | undefined;
  readonly formats: readonly string[];
  /** Codes by the severity they are given. */
  readonly override: Readonly<Record<'error' | 'warning' | 'info' | 'style', readonly string[]>>;
  readonly ignored: readonly string[];
  readonly trustedRegistries: readonly string[];
  /** Labels that images are to have, with what their values have to be. */
  readonly labels: Readonly<Record<string, LabelType>>;
  readonly isStrictOnLabels: boolean | undefined;
  readonly ignoresComments: boolean | undefined;
  readonly threshold: z.infer<ReturnType<typeof severity>> | undefined;
}

type FileSettings = z.infer<ReturnType<typeof fileSchema>>;

/** Settings that cannot be used. The message is one line and says where and why. */
export class HadolintSettingsError extends Error {}

/**
 * What a file says; an empty one says nothing.
 * @throws HadolintSettingsError
 */
export function parseHadolintFile(text: string): HadolintSettings {
  const value = readYaml(text);
  if (value === undefined) {
    throw new HadolintSettingsError('not valid YAML');
  }
  const result = fileSchema().safeParse(value ?? {});
  if (!result.success) {
    const [issue] = result.error.issues;
    const at = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new HadolintSettingsError(`${at}${issue?.message ?? 'not settings of hadolint'}`);
  }
  return settingsOf(result.data);
}

/** What the variables `HADOLINT_…` say; undefined where none is set. */
export function hadolintEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): HadolintSettings | undefined {
  const list = (name: string): string[] | undefined => environment[`HADOLINT_${name}`]?.split(',');
  const flag = (name: string): boolean | undefined => {
    const value = environment[`HADOLINT_${name}`];
    return value === undefined ? undefined : ['1', 'y', 'on', 'true', 'yes'].includes(value.toLowerCase());
  };
  const names = Object.keys(environment).filter((name) => variables.has(name));
  if (names.length === 0) {
    return undefined;
  }
  const labels = list('REQUIRE_LABELS') ?? [];
  return settingsOf({
    'no-fail': flag('NOFAIL'),
    formats: list('FORMAT'),
    override: {
      error: list('OVERRIDE_ERROR'),
      warning: list('OVERRIDE_WARNING'),
      info: list('OVERRIDE_INFO'),
      style: list('OVERRIDE_STYLE'),
    },
    ignored: list('IGNORE'),
    trustedRegistries: list('TRUSTED_REGISTRIES'),
    'label-schema': Object.fromEntries(labels.flatMap(labelOfVariable)),
    'strict-labels': flag('STRICT_LABELS'),
    'disable-ignore-pragma': flag('DISABLE_IGNORE_PRAGMA'),
    'failure-threshold': severity().safeParse(environment['HADOLINT_FAILURE_THRESHOLD']).data,
  });
}

/** `name:type`; what has another form, hadolint passes over. */
function labelOfVariable(text: string): [string, '' | LabelType][] {
  const colon = text.includes(':') ? text.indexOf(':') : text.length;
  const type = labelType().safeParse(text.slice(colon + 1));
  return type.success ? [[text.slice(0, colon), type.data]] : [];
}

const variables = new Set(
  [
    'NOFAIL',
    'FORMAT',
    'OVERRIDE_ERROR',
    'OVERRIDE_WARNING',
    'OVERRIDE_INFO',
    'OVERRIDE_STYLE',
    'IGNORE',
    'TRUSTED_REGISTRIES',
    'REQUIRE_LABELS',
    'STRICT_LABELS',
    'DISABLE_IGNORE_PRAGMA',
    'FAILURE_THRESHOLD',
  ].map((name) => `HADOLINT_${name}`),
);

/** Both together as hadolint joins them: lists grow, and of single values the later counts. */
export function joinedSettings(first: HadolintSettings, later: HadolintSettings): HadolintSettings {
  const { override: one } = first;
  const { override: other } = later;
  return {
    isNoFail: later.isNoFail ?? first.isNoFail,
    formats: [...first.formats, ...later.formats],
    override: {
      error: [...one.error, ...other.error],
      warning: [...one.warning, ...other.warning],
      info: [...one.info, ...other.info],
      style: [...one.style, ...other.style],
    },
    ignored: [...first.ignored, ...later.ignored],
    trustedRegistries: [...first.trustedRegistries, ...later.trustedRegistries],
    // The first of both counts for a label, as hadolint joins them.
    labels: { ...later.labels, ...first.labels },
    isStrictOnLabels: later.isStrictOnLabels ?? first.isStrictOnLabels,
    ignoresComments: later.ignoresComments ?? first.ignoresComments,
    threshold: later.threshold ?? first.threshold,
  };
}

function settingsOf(file: FileSettings): HadolintSettings {
  return {
    isNoFail: file['no-fail'] ?? undefined,
    formats: [...(file.formats ?? []), ...(file.format == null ? [] : [file.format])],
    override: {
      error: file.override?.error ?? [],
      warning: file.override?.warning ?? [],
      info: file.override?.info ?? [],
      style: file.override?.style ?? [],
    },
    ignored: file.ignored ?? [],
    trustedRegistries: file.trustedRegistries ?? [],
    labels: Object.fromEntries(
      Object.entries(file['label-schema'] ?? {}).map(([name, type]) => [name, type === '' ? 'text' : type]),
    ),
    isStrictOnLabels: file['strict-labels'] ?? undefined,
    ignoresComments: file['disable-ignore-pragma'] ?? undefined,
    threshold: file['failure-threshold'] ?? undefined,
  };
}
