import { readInstall } from '../../ecosystems/index.ts';
import type { Refusal } from '../../ecosystems/runtime-plan.ts';
import { type Copy, isWholeContext, readCopy } from '../../model/copy.ts';
import type { Step } from '../../model/dockerfile.ts';
import { expand } from '../../model/variables.ts';
import { argumentText } from '../../syntax/tree.ts';
import { matchesWildcard } from '../../text/wildcard.ts';
import { isBeforeBuild, type Place, type PlaceContext } from './place.ts';
import { placeRun } from './place-run.ts';

const finalOnly = [
  'LABEL',
  'EXPOSE',
  'VOLUME',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'CMD',
  'ENTRYPOINT',
  'ONBUILD',
  'MAINTAINER',
  'USER',
];

/** Where a step belongs, or why that is not known. ARGs are placed afterwards, when it is known what the final stage says. */
export function placeStep(step: Step, context: PlaceContext): Place | Refusal {
  const { keyword } = step.instruction;
  const isBefore = isBeforeBuild(step, context);
  const isRoot = keyword === 'USER' && /^(?:root|0)(?:$|:)/.test(step.instruction.words[0]?.value ?? '');
  if (finalOnly.includes(keyword)) {
    // Some base images start as another user, who may not install.
    return { in: isRoot && isBefore ? 'both' : 'final' };
  }
  switch (keyword) {
    case 'WORKDIR':
    case 'SHELL':
      if (context.content === 'server') {
        return { in: 'builder' };
      }
      return { in: isBefore ? 'both' : 'final' };
    case 'ENV':
      if (context.content === 'server') {
        return { in: 'builder' };
      }
      return {
        in: isBefore
          ? servesBuild(step, context) || findsTools(step, context)
            ? 'builder'
            : 'both'
          : 'final',
      };
    case 'ARG':
      return { in: isBefore || context.content === 'server' ? 'builder' : 'final' };
    case 'COPY':
    case 'ADD':
      return placeCopy(step, context);
    case 'RUN':
      return placeRun(step, context);
    default:
      return { code: 'run-time-need-unknown', reason: `Ballast does not know where ${keyword} belongs.` };
  }
}

/** True for variables that only the tools of the build read, and that nothing else names. */
function servesBuild(step: Step, { ecosystem, steps }: PlaceContext): boolean {
  const { buildVariables } = ecosystem;
  return (
    buildVariables !== undefined &&
    step.instruction.pairs.length > 0 &&
    step.instruction.pairs.every(
      ({ name }) =>
        buildVariables.test(name) &&
        !steps.some(
          (other) =>
            finalOnly.includes(other.instruction.keyword) && argumentText(other.instruction).includes(name),
        ),
    )
  );
}

/** True for a PATH that only adds folders of the home of root, where installers of build tools put them. */
function findsTools(step: Step, { dockerfile, copied, startWords }: PlaceContext): boolean {
  const { pairs } = step.instruction;
  return (
    pairs.length > 0 &&
    pairs.every(({ name, value = '' }) => {
      const added = value
        .replace(/^["']|["']$/g, '')
        .split(':')
        .filter((folder) => !/^\$\{?PATH\}?$/.test(folder))
        .map((folder) => expand(folder, step.before.variables, dockerfile.syntax.escape) ?? folder);
      return (
        name === 'PATH' &&
        added.length > 0 &&
        added.every(
          (folder) =>
            /^(?:\/root|\$\{?HOME\}?|~)\/\.[\w-]+(?:\/|$)|^\/opt\/poetry\/bin$/.test(folder) &&
            !copied.some((path) => `${folder}/`.startsWith(`${path}/`) || path.startsWith(`${folder}/`)) &&
            !startWords.some((word) => word.startsWith(folder)),
        )
      );
    })
  );
}

function placeCopy(step: Step, context: PlaceContext): Place | Refusal {
  const copy = readCopy(step, context.dockerfile);
  if (copy?.target === undefined) {
    return { code: 'text-refused', reason: 'A COPY could not be read.' };
  }
  const isBefore = isBeforeBuild(step, context);
  if (context.content === 'server') {
    return isBefore
      ? { in: 'builder' }
      : {
          code: 'site-server-unknown',
          reason:
            'The stage copies more files behind the build, and whether the web server needs them is not known.',
        };
  }
  if (!isBefore) {
    return { in: 'final' };
  }
  if (context.content === 'sources') {
    return placeSources(copy, context);
  }
  if (isBuildTool(copy, context)) {
    return { in: 'builder' };
  }
  const isProject =
    copy.target === context.workdir ||
    context.workdir === '/' ||
    copy.target.startsWith(`${context.workdir}/`) ||
    context.workdir.startsWith(`${copy.target}/`);
  if (isProject || /^\/(?:root|home)(?:\/|$)/.test(copy.target)) {
    return { in: 'builder' };
  }
  return { in: copy.from === 'context' ? 'final' : 'both' };
}

/** True for the copy of a program that only builds, such as Composer, and that the start command does not name. */
function isBuildTool(copy: Copy, { ecosystem, startWords }: PlaceContext): boolean {
  const names = [...copy.sources.map((word) => word.value), copy.target ?? ''].map((path) =>
    path.replace(/^.*\//, ''),
  );
  return names.some((name) => ecosystem.isBuildTool?.(name) === true && !startWords.includes(name));
}

/** In an interpreted language the sources belong to the final stage; the builder has what its installs read. */
function placeSources(copy: Copy, context: PlaceContext): Place {
  if (copy.from !== 'context') {
    return { in: isBuildTool(copy, context) ? 'builder' : 'both' };
  }
  const later = context.steps.filter(
    (step) => step.instruction.span.start > copy.step.instruction.span.start && isBeforeBuild(step, context),
  );
  const installs = later.flatMap(
    (step) => step.script?.commands.flatMap((one) => readInstall(one) ?? []) ?? [],
  );
  const names = sourceNames(copy);
  const read = installs.map((install) =>
    install.ecosystem.manifests(install, context.project, context.directory),
  );
  const isManifest = (name: string): boolean =>
    read.some((manifests) => manifests.files.some((file) => matchesWildcard(name, lastPart(file)))) ||
    installs.some(({ command }) => command.args.some((word) => word.value?.replace(/^.*\//, '') === name));
  const holdsManifest = (name: string): boolean =>
    read.some((manifests) => manifests.files.some((file) => file.startsWith(`${name}/`)));
  if (names.every((name) => isManifest(name) || (/^requirements?$/.test(name) && holdsManifest(name)))) {
    return { in: 'builder' };
  }
  // A folder is needed by the installs as well, unless the manifests come with copies of their own.
  const others = context.steps.flatMap((step) => {
    const other = step === copy.step ? undefined : readCopy(step, context.dockerfile);
    return other === undefined ? [] : sourceNames(other);
  });
  const isCovered = read.every(
    (manifests) =>
      manifests.blocker === undefined &&
      manifests.files.every((file) => others.some((name) => matchesWildcard(name, lastPart(file)))),
  );
  const bringsFolder = copy.sources.some((word) => isWholeContext(word.value));
  const isRead =
    names.some((name) => isManifest(name) || holdsManifest(name)) ||
    read.some((manifests) => manifests.blocker !== undefined);
  return { in: isRead || (bringsFolder && !isCovered) ? 'both' : 'final' };
}

/** The name of a file or folder, without the slash at its end. */
function lastPart(path: string): string {
  return path.replace(/\/$/, '').replace(/^.*\//, '');
}

function sourceNames(copy: Copy): string[] {
  return copy.sources.map((word) => lastPart(word.value));
}
