import { unwatched } from '../../server/src/engine/watch.ts';
import type { ImageSource, ServerHost } from '../../server/src/lsp/host.ts';
import { unknownProject } from '../../server/src/project/project.ts';
import { shell } from '../support/engine.ts';

/** A machine whose timers run out at once, or never. */
export function machine(
  images: ImageSource,
  timers: 'at once' | 'never',
  parts: Partial<ServerHost> = {},
): ServerHost {
  return {
    version: '0',
    images,
    loadShellParser: () => Promise.resolve(shell),
    openProject: () => ({ project: unknownProject, uriOf: () => undefined }),
    findProjectFile: () => undefined,
    today: () => '2026-11-24',
    watch: unwatched,
    startTimer(_, callback) {
      if (timers === 'never') {
        return () => {};
      }
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    },
    yieldToMessages: () => new Promise((resolve) => setImmediate(resolve)),
    ...parts,
  };
}
