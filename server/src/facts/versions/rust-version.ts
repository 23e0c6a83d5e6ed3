import type { ImageTraits } from '../../images/knowledge.ts';
import { compareVersions, versionNumbers } from '../../images/tag.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import type { Project } from '../../project/project.ts';
import { wantedVersion } from './wanted-version.ts';

/** The first releases whose package of Rust is 1.59 or newer, as the package lists of the distributions say (2026-12-01). */
const packagedSince: ReadonlyMap<string, string> = new Map([
  ['debian', '12'],
  ['ubuntu', '22.04'],
  ['alpine', '3.16'],
]);

/** A toolchain that a command names: `rustup default 1.50`, `--default-toolchain 1.50.0`, `cargo +1.50 build`. */
const named =
  /(?:--default-toolchain[ =]|\brustup (?:default|toolchain install|override set) |\bcargo \+)(1\.\d+)/g;

/**
 * True where a stage may compile with a Rust below 1.59, whose Cargo stops at settings of a profile that it does not know:
 * the image, a package, a command or a file of the project says so.
 */
export function hasOldRust(
  stage: Stage,
  traits: ImageTraits | undefined,
  project: Project,
  directories: readonly string[],
): boolean {
  const isOld = (version: string): boolean =>
    versionNumbers(version).length > 1 && compareVersions(version, '1.59') < 0;
  const wanted = wantedVersion('rust', project, directories);
  const told = lineage(stage)
    .flatMap((one) => one.steps)
    .flatMap(({ instruction }) => [...instruction.line.text.matchAll(named)].map((match) => match[1] ?? ''));
  const { id, version } = traits?.distribution ?? {};
  const since = packagedSince.get(id ?? '');
  const isPackaged = ['cargo', 'rustc', 'rust'].some((name) => installsPackage(stage, name));
  return (
    (wanted.state === 'known' && isOld(wanted.value.text)) ||
    told.some(isOld) ||
    (traits?.family === 'rust' && isOld(traits.version ?? '')) ||
    (isPackaged && since !== undefined && version !== undefined && compareVersions(version, since) < 0)
  );
}
