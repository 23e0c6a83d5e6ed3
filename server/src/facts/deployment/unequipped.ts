import { sourceFiles } from '../../ecosystems/source-text.ts';
import type { Stage } from '../../model/dockerfile.ts';
import { directoryOf, joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { runsInContainer } from '../writes/sources/source-writes.ts';
import type { DeployedContainer } from './deployed-container.ts';
import { deployment, namedServices } from './deployment.ts';

/** A container that starts without settings which the program asks for. */
export interface Unequipped {
  readonly container: DeployedContainer;
  /** A setting that the sources read and a sample of `.env` names, while the container is given others; undefined for one that is given none. */
  readonly missing: string | undefined;
}

/**
 * The container of the project that starts without settings, or without one of those that its `.env` is meant to have, and has no
 * folder of the host over its own; undefined where each is given them, or none is known. Where no service builds the image, one that
 * names an image of this machine counts.
 */
export function unequipped(project: Project, stage: Stage | undefined): Unequipped | undefined {
  const workdir = stage?.end.workdir ?? '/';
  const built = deployment(project);
  for (const container of built.length > 0 ? built : namedServices(project)) {
    const { settings, mounts } = container;
    if (
      settings === 'any' ||
      mounts.some(({ path }) => path === workdir || path.startsWith(`${workdir}/.env`))
    ) {
      continue;
    }
    const missing = wantedSettings(project).find(
      (name) => !settings.includes(name) && stage?.end.environment.has(name) !== true,
    );
    if (settings.length === 0 || missing !== undefined) {
      return { container, missing: settings.length === 0 ? undefined : missing };
    }
  }
  return undefined;
}

/** Files that show what belongs into `.env`, and the file itself. */
const samples = [
  '.env',
  ...['example', 'sample', 'template', 'dist'].flatMap((word) => [
    `.env.${word}`,
    `.${word}.env`,
    `${word}.env`,
  ]),
  'env.example',
];

/** True for the name of a file that shows what belongs into `.env`. */
export function hasSettingsSample(project: Project, directory: ContextPath): boolean {
  return samples.some(
    (name) => name !== '.env' && project.reader.read(joinPath(directory, name)) !== undefined,
  );
}

/** The settings that `.env` is meant to have, by its sample, and that the sources ask for by name; those that every platform sets are none. */
const wantedSettings = memoizeFor((project: Project): readonly string[] => {
  const sources = sourceFiles(project, '', /\.(?:[cm]?[jt]sx?|py|go|rb|rs|java|kt|php|cs)$/).filter(
    runsInContainer,
  );
  const folders = new Set<ContextPath>(['', ...sources.map(({ path }) => directoryOf(path))]);
  const names = [...folders].flatMap((folder) =>
    samples.flatMap((name) =>
      [
        ...(project.reader.read(joinPath(folder, name)) ?? '').matchAll(
          /^(?:export )?([A-Z][A-Z0-9_]{2,60})=/gm,
        ),
      ].map((match) => match[1] ?? ''),
    ),
  );
  const asked = new Set(sources.flatMap(({ text }) => text.match(/\b[A-Z][A-Z0-9_]{2,60}\b/g) ?? []));
  return [...new Set(names)].filter(
    (name) => !/^(?:NODE_ENV|PORT|HOST|HOSTNAME|DEBUG|TZ|LANG)$/.test(name) && asked.has(name),
  );
});
