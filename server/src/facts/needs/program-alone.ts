import { systemManagers } from '../../distros/build-packages.ts';
import { managesUsers } from '../../distros/user-commands.ts';
import { linkedLibraries } from '../../ecosystems/rust/crates.ts';
import { readSources } from '../../ecosystems/source-text.ts';
import { systemBase } from '../../images/families/runtime-bases.ts';
import type { ImageFacts } from '../../images/knowledge.ts';
import { parseImageReference } from '../../images/reference.ts';
import { commandSteps } from '../../model/commands.ts';
import { type Copy, readCopy } from '../../model/copy.ts';
import { allSteps, lastStep, lineage, type Stage } from '../../model/dockerfile.ts';
import { joinImage, normalizePath } from '../../model/paths.ts';
import { startCommand } from '../../model/start-command.ts';
import { joinPath } from '../../project/paths.ts';
import type { AnalysisContext } from '../context.ts';
import { deployedWords } from '../deployment/deployed-words.ts';
import { buildFolderOf } from '../installs/install-order.ts';
import { otherRuns } from '../siblings/other-runs.ts';
import { dynamicBuild } from './linking.ts';
import { originOf } from './origin.ts';
import { runTimeLibraries } from './run-time-libraries.ts';

/** The plain image that runs a program, and what has to be installed there. */
export interface ProgramBase {
  readonly image: ImageFacts;
  readonly packages: readonly string[];
}

/** Programs of the system that every plain image has. */
const plainPrograms = /^(?:mkdir|chmod|chown|ln|rm|cp|mv|touch|echo|true|test|set|cat|install)$/;

/** How compiled languages start other programs, and which files of the old system they may read. */
const needsMore = /\bexec\.Command|\bCommand::new\b|\bsystem\(|\bpopen\(|\bexecv|\bdlopen\(|\bplugin\.Open\(/;

/**
 * The plain image of the same system for a stage that starts nothing but a program which another stage built, and of which
 * is known what it is linked to. Undefined where any of that is not certain.
 */
export function programBase(
  context: AnalysisContext,
  stage: Stage,
  own: ImageFacts,
): ProgramBase | undefined {
  const { images, project } = context;
  const name = systemBase(own.traits);
  const reference = name === undefined ? undefined : parseImageReference(name);
  const image = reference === undefined ? undefined : images.peek(reference, stage.platform);
  const copy = project.isKnown && image !== undefined ? startedCopy(context, stage) : undefined;
  if (
    image?.traits?.packageManager !== 'apt' ||
    copy === undefined ||
    needsOldSystem(context, stage, image)
  ) {
    return undefined;
  }
  const origin = originOf(context.dockerfile, images, copy.copy, copy.source);
  const builder = origin?.stage;
  const directory =
    builder === undefined
      ? undefined
      : lineage(builder)
          .map((one) => buildFolderOf(context.dockerfile, one, one.end.workdir ?? '/'))
          .find((one) => one !== undefined);
  if (origin === undefined || builder === undefined) {
    return undefined;
  }
  const build = dynamicBuild(builder, origin.path, project, directory, origin.traits);
  const [from, to] = [origin.traits?.distribution, own.traits?.distribution];
  const isSameSystem = from?.id === to?.id && from?.version !== undefined && from.version === to?.version;
  const sources = readSources(project, directory ?? '', /\.(?:go|rs|c|cc|cpp|cxx|h|hpp)$/);
  if (build === undefined || (build.isDynamic && !isSameSystem) || needsMore.test(sources)) {
    return undefined;
  }
  const zones = /\bLoadLocation\(|\bchrono_tz\b/.test(sources) ? ['tzdata'] : [];
  if (build.language !== 'Rust') {
    const isPlain = !build.isDynamic || build.remedy !== undefined;
    return isPlain ? { image, packages: ['ca-certificates', ...zones] } : undefined;
  }
  const lock = project.reader.read(joinPath(directory ?? '', 'Cargo.lock'));
  const { packages: headers, unknown } = linkedLibraries(lock ?? '');
  const libraries = build.isDynamic ? headers.map((one) => runTimeLibraries(one, image.traits)) : [];
  return lock === undefined || unknown !== undefined || libraries.includes(undefined)
    ? undefined
    : {
        image,
        packages: [...new Set(['ca-certificates', ...zones, ...libraries.flatMap((one) => one ?? [])])],
      };
}

/** The copy from another stage that brings what the container starts, with its source. */
function startedCopy(
  { dockerfile }: AnalysisContext,
  stage: Stage,
): { readonly copy: Copy; readonly source: string } | undefined {
  const [word = ''] = startCommand(stage).words;
  const folder = stage.end.workdir;
  const hasFolder = allSteps(stage).some(({ instruction }) => instruction.keyword === 'WORKDIR');
  const paths = word.startsWith('/')
    ? [normalizePath(word)]
    : word.includes('/')
      ? folder === undefined || !hasFolder
        ? []
        : [normalizePath(joinImage(folder, word))]
      : ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin'].map((one) => `${one}/${word}`);
  const copies = allSteps(stage).flatMap((step) => readCopy(step, dockerfile) ?? []);
  const isRelative = copies.some(({ destination }) => !destination.value.startsWith('/'));
  if (isRelative && !hasFolder) {
    return undefined;
  }
  for (const copy of copies) {
    for (const { value } of copy.sources) {
      const target = copy.intoFolder
        ? normalizePath(`${copy.target}/${value.slice(value.lastIndexOf('/') + 1)}`)
        : copy.target;
      if (typeof copy.from === 'object' && target !== undefined && paths.includes(target)) {
        return { copy, source: value };
      }
    }
  }
  return undefined;
}

/** True where something in the stage may need what the plain image lacks. */
function needsOldSystem(context: AnalysisContext, stage: Stage, image: ImageFacts): boolean {
  const missing = image.traits?.missingTools ?? [];
  const isPlain = lineage(stage)
    .flatMap(commandSteps)
    .every(
      ({ command }) =>
        systemManagers.includes(command.name ?? '') ||
        managesUsers(command) ||
        plainPrograms.test(command.name ?? ''),
    );
  const probe = lastStep(stage, 'HEALTHCHECK')?.instruction.line.text.split(/[\s"',[\]()]+/) ?? [];
  const words = [
    ...startCommand(stage).words.map((word) => word.replace(/^.*\//, '')),
    ...probe,
    ...deployedWords(context.project).map(({ word }) => word),
    ...otherRuns(context, stage).flatMap((run) => run.words.slice(0, 1)),
  ];
  return !isPlain || words.some((word) => missing.includes(word));
}
