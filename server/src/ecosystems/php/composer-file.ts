import { objectOf } from '../../project/formats/values.ts';

/** What Ballast reads of a composer.json. */
export interface ComposerFile {
  readonly require: Readonly<Record<string, unknown>>;
  readonly requireDev: Readonly<Record<string, unknown>>;
  readonly scripts: Readonly<Record<string, unknown>>;
  readonly autoload: Readonly<Record<string, unknown>>;
  readonly repositories: readonly unknown[];
  readonly config: Readonly<Record<string, unknown>>;
}

/** Reads the text of a composer.json; undefined when it is no JSON object. */
export function readComposer(text: string): ComposerFile | undefined {
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      return undefined;
    }
    const fields = objectOf(json);
    const repositories = fields['repositories'];
    return {
      require: objectOf(fields['require']),
      requireDev: objectOf(fields['require-dev']),
      scripts: objectOf(fields['scripts']),
      autoload: objectOf(fields['autoload']),
      repositories: Array.isArray(repositories) ? repositories : Object.values(objectOf(repositories)),
      config: objectOf(fields['config']),
    };
  } catch {
    return undefined;
  }
}
