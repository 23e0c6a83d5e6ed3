import * as z from 'zod';
import { type Config, configSchema } from '../engine/config.ts';
import { configOf } from '../engine/hadolint/rules-of-settings.ts';
import { parseHadolintFile } from '../engine/hadolint/settings.ts';
import { readProjectFileText } from '../engine/project-file-text.ts';
import { rules as allRules } from '../rules/index.ts';
import type { BuildContextSettings, ProjectFile } from './host.ts';
import type { Log } from './log.ts';

/** Settings of the editor alone. What a project can say as well stands in `configSchema`. */
export const editorSettingsSchema = z.strictObject({
  enable: z.boolean().default(true).describe('Check Dockerfiles and offer fixes.'),
  standardFeatures: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'Completion, syntax errors, outline, rename and the other standard Dockerfile features. `auto` leaves them to Docker DX or the Docker and Container Tools extensions of Microsoft where one of them is installed.',
    ),
  sizeHints: z
    .boolean()
    .default(true)
    .describe(
      'Show behind each image of a FROM what it weighs, and at the end of each instruction what it adds to the image.',
    ),
  tagCompletion: z
    .boolean()
    .default(true)
    .describe(
      'Offer names of images and behind their colon their tags with sizes, and behind COPY and ADD the paths of the build context with sizes.',
    ),
  buildChecks: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      'The checks that `docker build --check` makes as well. `auto` leaves them to Docker DX where it is installed. A rule that has a severity of its own is not touched by this.',
    ),
  codeLens: z
    .boolean()
    .default(true)
    .describe(
      'Show above the last FROM what the image weighs and how much of the checklist is done. Items of the checklist whose rules are off are left out of it.',
    ),
  network: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe(
      'Whether registries and the engine of this machine are asked about the images of open Dockerfiles. `auto`: in trusted workspaces. `off`: never; figures come from the bundled catalogue and from what was learned before.',
    ),
  shellCheck: z
    .string()
    .default('auto')
    .describe(
      'ShellCheck, which is asked about the shell text of `RUN` in trusted workspaces. `auto`: the one on PATH, where there is one. `off`: nobody is asked. Else the path of the program.',
    ),
});

export type EditorSettings = z.infer<typeof editorSettingsSchema>;

/** Everything that is set for one document. */
export interface DocumentSettings {
  readonly editor: EditorSettings;
  readonly config: Config;
  readonly buildContexts: BuildContextSettings;
  /** The project file that takes part, as it was read. */
  readonly projectFile?: ProjectFile;
  /** The first thing in it that cannot be used. */
  readonly projectFileProblem?: string;
}

const settingsSchema = z.strictObject({ ...editorSettingsSchema.shape, ...configSchema().shape });

/** Every rule that says what one of BuildKit's checks says, switched off. */
const buildChecksOff: Config['rules'] = Object.fromEntries(
  allRules.filter((rule) => rule.meta.isBuildCheck).map((rule) => [rule.meta.id, 'off']),
);

type Fields = Record<PropertyKey, unknown>;

/**
 * Settings per document, asked for once and kept until `forget`. Where the editor and the project file both set
 * something, the project file wins, so that everyone who works on the project and its checks in CI see the same.
 */
export class Settings {
  private readonly ask: (uri: string) => Promise<unknown>;
  private readonly findProjectFile: (uri: string) => ProjectFile | undefined;
  private readonly findHadolintFile: (uri: string) => ProjectFile | undefined;
  private readonly hasOtherBuildChecks: () => boolean;
  private readonly log: Log;
  private readonly known = new Map<string, Promise<DocumentSettings>>();

  constructor(
    ask: (uri: string) => Promise<unknown>,
    findProjectFile: (uri: string) => ProjectFile | undefined,
    findHadolintFile: (uri: string) => ProjectFile | undefined,
    hasOtherBuildChecks: () => boolean,
    log: Log,
  ) {
    this.ask = ask;
    this.findProjectFile = findProjectFile;
    this.findHadolintFile = findHadolintFile;
    this.hasOtherBuildChecks = hasOtherBuildChecks;
    this.log = log;
  }

  of(uri: string): Promise<DocumentSettings> {
    let settings = this.known.get(uri);
    if (settings === undefined) {
      settings = this.read(uri);
      this.known.set(uri, settings);
    }
    return settings;
  }

  /** Forgets one document, or all. */
  forget(uri?: string): void {
    if (uri === undefined) {
      this.known.clear();
    } else {
      this.known.delete(uri);
    }
  }

  private async read(uri: string): Promise<DocumentSettings> {
    const settings = cleanSettings(await this.answer(uri), this.log);
    const file = this.findProjectFile(uri);
    const problems: string[] = [];
    const warn = (line: string): void => {
      problems.push(line);
      this.log.warn(line);
    };
    const project =
      file === undefined
        ? hadolintSettings(this.findHadolintFile(uri), { warn })
        : cleanProjectFile(file, { warn });
    const {
      rules,
      trustedRegistries,
      labelSchema,
      strictLabels,
      buildContexts: _,
      ...editor
    } = settingsSchema.parse(merge(settings, project));
    const buildContexts = {
      editor: settingsSchema.parse(settings).buildContexts,
      ...(file === undefined
        ? {}
        : { projectFile: { path: file.path, contexts: configSchema().parse(project).buildContexts } }),
    };
    const isOff =
      editor.buildChecks === 'off' || (editor.buildChecks === 'auto' && this.hasOtherBuildChecks());
    return {
      editor,
      buildContexts,
      config: {
        rules: isOff ? { ...buildChecksOff, ...rules } : rules,
        trustedRegistries,
        labelSchema,
        strictLabels,
      },
      ...(file === undefined ? {} : { projectFile: file }),
      ...(problems[0] === undefined ? {} : { projectFileProblem: problems[0] }),
    };
  }

  private async answer(uri: string): Promise<unknown> {
    try {
      return await this.ask(uri);
    } catch (error) {
      this.log.failure('Reading the settings', error);
      return undefined;
    }
  }
}

/** Reads settings that belong to no document in particular. What is not valid is passed over. */
export function readEditorSettings(value: unknown, log: Log): EditorSettings {
  const {
    rules: _,
    buildContexts: __,
    trustedRegistries: ___,
    labelSchema: ____,
    strictLabels: _____,
    ...editor
  } = settingsSchema.parse(cleanSettings(value, log));
  return editor;
}

function cleanSettings(value: unknown, log: Log): Fields {
  // `trace` belongs to the client.
  const { trace: _, ...rest } = isObject(value) ? value : {};
  return clean(settingsSchema, rest, 'settings: ballast', log);
}

/** What hadolint's settings mean for Ballast; nothing where there are none, or they cannot be used. */
function hadolintSettings(file: ProjectFile | undefined, log: Pick<Log, 'warn'>): Fields {
  if (file === undefined) {
    return {};
  }
  try {
    const settings = parseHadolintFile(file.text);
    return { ...configOf(settings) };
  } catch (error) {
    log.warn(`${file.path} is passed over: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

function cleanProjectFile(file: ProjectFile, log: Pick<Log, 'warn'>): Fields {
  const read = readProjectFileText(file.text);
  if ('error' in read) {
    log.warn(`${file.path} is passed over: ${read.error}`);
    return {};
  }
  const { value } = read;
  // Budgets are for the command line.
  const { $schema: _, budgets: __, ...rest } = isObject(value) ? value : {};
  return clean(configSchema(), rest, file.path, log);
}

/** Lays the fields of `over` over those of `under`, one by one in maps such as `rules`. */
function merge(under: Fields, over: Fields): Fields {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? { ...below, ...value } : value;
  }
  return merged;
}

/** A copy without the parts that are not valid, each of which gets one line in the log. */
function clean(schema: z.ZodType, value: Fields, where: string, log: Pick<Log, 'warn'>): Fields {
  const copy = structuredClone(value);
  for (;;) {
    const [issue] = schema.safeParse(copy).error?.issues ?? [];
    if (issue === undefined) {
      return copy;
    }
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknown === undefined ? issue.path : [...issue.path, unknown];
    log.warn(
      `${[where, ...path].join('.')} is passed over: ${unknown === undefined ? issue.message : 'no such setting'}`,
    );
    if (!remove(copy, path)) {
      return {};
    }
  }
}

/** Removes what a path leads to; false where it leads nowhere. */
function remove(value: unknown, path: readonly PropertyKey[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined || !isObject(value) || !Object.hasOwn(value, key)) {
    return false;
  }
  if (rest.length > 0) {
    return remove(value[key], rest);
  }
  if (Array.isArray(value)) {
    value.splice(Number(key), 1);
    return true;
  }
  return Reflect.deleteProperty(value, key);
}

function isMap(value: unknown): value is Fields {
  return isObject(value) && !Array.isArray(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
