import type { AnalysisContext } from '../context.ts';
import { buildViews, isNeeded } from '../siblings/needs.ts';
import { isRead } from './secret-files.ts';

/** Who needs a file with secrets in the build context. */
export interface SecretReader {
  /** The Dockerfile of another build; undefined for the one under analysis. */
  readonly build: string | undefined;
  /** What reads it, in words. */
  readonly says: string;
}

/** Who reads a file with secrets: the program, a command of its build, or another build of the folder; undefined for nobody. */
export function secretReader(
  context: AnalysisContext,
  path: string,
  kind: 'secret' | 'environment',
): SecretReader | undefined {
  if (isRead(context, path)) {
    return { build: undefined, says: `the program reads ${path}` };
  }
  const views = buildViews(context);
  if (views.state === 'unknown') {
    return { build: undefined, says: views.why };
  }
  const { own, others } = views.value;
  for (const view of [own, ...others.filter((other) => !other.hasOwnIgnoreFile)]) {
    const need = isNeeded(context, views.value, view, { path, kind, isFolder: false });
    if (need.state === 'unknown' || need.value) {
      const says = need.state === 'unknown' ? need.why : (need.evidence[0]?.says ?? `${path} is read`);
      return { build: view.path, says };
    }
  }
  return undefined;
}
