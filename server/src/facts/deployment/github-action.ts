import { scalarText, valueAt } from '../../project/formats/values.ts';
import { parseYaml } from '../../project/formats/yaml.ts';
import { resolvePath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoize } from '../../text/memoize.ts';

/**
 * The file that makes a Dockerfile an action of GitHub; undefined where none does. Such a container has to run as root: it writes to
 * files of the runner, which belong to another user (docs.github.com, "Dockerfile support for GitHub Actions").
 */
export function githubAction({ reader, dockerfile }: Project): string | undefined {
  return ['action.yml', 'action.yaml'].find((name) => {
    const image = imageOf(reader.read(name) ?? '');
    return image !== undefined && dockerfile !== undefined && resolvePath('', image) === dockerfile;
  });
}

/** The Dockerfile of an action that runs in a container. */
const imageOf = memoize((text: string): string | undefined => {
  if (!/\bdocker\b/.test(text)) {
    return undefined;
  }
  try {
    const runs = valueAt(parseYaml(text)?.toJS({ maxAliasCount: 100 }), 'runs');
    return scalarText(valueAt(runs, 'using')) === 'docker' ? scalarText(valueAt(runs, 'image')) : undefined;
  } catch {
    // Aliases that multiply beyond reason: nothing of the file is known.
    return undefined;
  }
}, 40);
