import type { ImageTraits } from '../../images/knowledge.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { Refusal } from '../runtime-plan.ts';
import { lifecycleScripts } from './manifests.ts';
import { keepsModules, type NodePackage, yarnVersion } from './package.ts';

/** The commands that leave only production dependencies, or why they are not known. */
export function pruneCommand(
  tool: string,
  found: NodePackage,
  project: Project,
  directory: string,
  install: ShellCommand | undefined,
  traits: ImageTraits | undefined,
): string[] | Refusal {
  const prisma = found.dependencies['@prisma/client'] !== undefined;
  if (prisma && tool !== 'npm') {
    return {
      reason: `${tool} would take the generated Prisma client away with the development dependencies.`,
    };
  }
  switch (tool) {
    case 'npm':
      // What the install was told about peers, the pruning has to be told as well.
      return [
        [
          isOldNpm(traits) ? 'npm prune --production' : 'npm prune --omit=dev',
          ...['--legacy-peer-deps', '--force'].filter((flag) =>
            install?.args.some(({ text }) => text === flag),
          ),
        ].join(' '),
      ];
    case 'pnpm':
      return ['pnpm prune --prod --ignore-scripts'];
    case 'yarn': {
      const version = yarnVersion(project, directory);
      if (version === 1) {
        return ['yarn install --production --ignore-scripts --prefer-offline --frozen-lockfile'];
      }
      if (!keepsModules(project, directory)) {
        return { reason: 'Yarn keeps the dependencies in its own cache (Plug’n’Play), not in node_modules.' };
      }
      return version !== undefined && version >= 4
        ? ['yarn workspaces focus --production']
        : { reason: 'Which version of Yarn takes the development dependencies away is not known.' };
    }
    case 'bun':
      // Bun runs the scripts of trusted dependencies only, and the project's own, which may need its tools.
      return lifecycleScripts.some((name) => found.scripts[name] !== undefined)
        ? found.fields.includes('trustedDependencies')
          ? {
              reason:
                'The project has scripts that run during the install, as do those of trusted dependencies.',
            }
          : ['rm -rf node_modules', 'bun install --production --frozen-lockfile --ignore-scripts']
        : ['rm -rf node_modules', 'bun install --production --frozen-lockfile'];
    default:
      return { reason: `Ballast does not yet take ${tool} projects apart.` };
  }
}

/** True for images with npm 6, which does not know `--omit`. */
function isOldNpm(traits: ImageTraits | undefined): boolean {
  return traits?.family === 'node' && Number.parseInt(traits.version ?? '', 10) <= 14;
}
