import { droppedProgram, lostPrograms } from '../facts/base/dropped-programs.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { programFolderOf } from '../facts/installs/install-order.ts';
import { isDevContainer } from '../facts/stage.ts';
import { allowsVersion, type WantedVersion, wantedVersion } from '../facts/versions/wanted-version.ts';
import type { Fix } from '../fixes/fix.ts';
import { isSupported, releaseLines } from '../images/end-of-life.ts';
import { namesVariantOnly, pinnedTag, resolvedVersion, traitsOf } from '../images/families/index.ts';
import type { ImageFacts } from '../images/knowledge.ts';
import { formatAsWritten, type ImageReference } from '../images/reference.ts';
import type { Stage } from '../model/dockerfile.ts';
import type { SizeAnswer } from '../sizes/size.ts';
import type { Span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const baseImageNotPinned: Rule = {
  meta: {
    id: 'base-image-not-pinned',
    aliases: ['DL3006', 'DL3007'],
    summary: 'The base image has no version.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Which version the tag stands for is not known: neither the project nor the catalogue says it.',
    needs: [],
    docs: {
      what: 'A `FROM` names an image without a tag, with the tag `latest`, or with a tag that is only a variant, such as `slim` or `alpine` of an official image.',
      why: 'The same file builds something else after every release of the image, on every machine at another time. A major version arrives unasked.',
      silent:
        'The name is another stage, `scratch`, or holds a variable; a digest pins it; the tag names a release line, such as `lts`, `stable` or `bookworm` of debian.',
      fix: 'Writes the version that the project asks for (`.nvmrc`, `.ruby-version`, `.python-version`, `.tool-versions`, `go.mod`, `engines` …); else the one that the tag stands for, where the catalogue knows it, or the newest whose image still has a program that the build calls (`yarn` left that of Node.js with 26); or, where the registry has answered, the digest it gave. For review: the catalogue has a date, and the tag may have moved on; a digest gets no security fixes until somebody changes it.',
      bad: { dockerfile: 'FROM node\nCMD ["node", "server.js"]\n' },
      good: { dockerfile: 'FROM node:24\nCMD ["node", "server.js"]\n' },
      switchOff: 'Where a tool rewrites the tags before the build.',
      references: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of context.dockerfile.stages) {
      if (stage.base.kind !== 'image') {
        continue;
      }
      const { reference } = stage.base;
      const { tag } = reference;
      const isLatest = tag === undefined || tag === 'latest';
      if (reference.digest !== undefined || !(isLatest || namesVariantOnly(reference))) {
        continue;
      }
      const facts = context.images.peek(reference, stage.platform);
      const written = context.dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
      const isPlain = !written.includes('$');
      const fixes: Fix[] = isPlain ? pinToVersion(context, stage, written, facts) : [];
      if (facts.digest !== undefined && isPlain) {
        fixes.push(pinToDigest(stage.imageSpan, written, { ...reference, digest: facts.digest }, facts.pull));
      }
      const note =
        pinnedTag(reference, '1') === undefined && traitsOf(reference) !== undefined
          ? ' Its tags state no version: only a digest pins it.'
          : '';
      yield {
        message:
          tag === undefined
            ? `${written} has no tag: each build may take another version.${note}`
            : `${written}: the tag ${tag} may be another version in each build.${note}`,
        span: stage.imageSpan,
        aliases: [tag === undefined ? 'DL3006' : 'DL3007'],
        fixes,
      };
    }
  },
};

/** The version that the project asks for, else the one that the tag stands for. */
function pinToVersion(
  context: AnalysisContext,
  stage: Stage,
  written: string,
  { reference, traits }: ImageFacts,
): Fix[] {
  const current = traits === undefined ? undefined : resolvedVersion(reference, traits);
  const wanted = wantedVersion(
    traits?.family ?? '',
    context.project,
    [programFolderOf(context.dockerfile, stage), ''].filter((one) => one !== undefined),
  );
  const hasEnded = (version: string): boolean => {
    const pinned = pinnedTag(reference, version);
    const end =
      pinned === undefined
        ? undefined
        : context.images.peek({ ...reference, tag: pinned }, stage.platform).endOfLife;
    return end !== undefined && end.date < context.today;
  };
  const newest =
    wanted.state === 'known'
      ? chosenVersion(wanted.value, traits?.family ?? '', current, hasEnded)
      : // A file that says something that was not understood must not be overruled.
        wanted.looked.length === 0
        ? current
        : undefined;
  const lines = releaseLines(traits?.family ?? '').filter(
    (line) => wanted.state !== 'known' || (wanted.value.isRange && allowsVersion(wanted.value, line)),
  );
  const dropped = newest === undefined ? undefined : droppedIn(context, stage, reference, newest, lines);
  const choice =
    dropped === undefined
      ? newest
      : lines.findLast(
          (line) =>
            isSupported(traits?.family ?? '', line) &&
            droppedIn(context, stage, reference, line, lines) === undefined,
        );
  const beside = besidePinned(context, reference, lines);
  if (beside !== undefined && beside.version !== choice) {
    const name = formatAsWritten({ ...reference, tag: beside.tag }, written);
    return [
      {
        title: `Pin to ${name}`,
        applicability: 'review',
        edits: [{ span: stage.imageSpan, text: name }],
        assumptions: ['Another stage stands on that release, and what one installs the other runs.'],
      },
    ];
  }
  const tag = choice === undefined ? undefined : pinnedTag(reference, choice);
  if (tag === undefined || choice === undefined) {
    return [];
  }
  const name = formatAsWritten({ ...reference, tag }, written);
  if (dropped !== undefined) {
    return [
      {
        title: `Pin to ${name}`,
        applicability: 'review',
        edits: [{ span: stage.imageSpan, text: name }],
        assumptions: [
          `${choice} is the newest supported release whose image has ${dropped}: that of ${newest} has none.`,
        ],
      },
    ];
  }
  return [
    {
      title: `Pin to ${name}`,
      applicability: 'review',
      edits: [{ span: stage.imageSpan, text: name }],
      assumptions:
        wanted.state === 'known'
          ? [
              `${wanted.value.file} asks for ${wanted.value.text}${choice === current && wanted.value.isLeast ? ' or newer' : ''}.`,
            ]
          : [`${reference.tag ?? 'latest'} stands for ${choice}, as the catalogue says.`],
    },
  ];
}

/** The release of the same image and variant that another stage is pinned to. */
function besidePinned(
  context: AnalysisContext,
  reference: ImageReference,
  lines: readonly string[],
): { readonly version: string; readonly tag: string } | undefined {
  const tags = context.dockerfile.stages.flatMap(({ base }) =>
    base.kind === 'image' &&
    base.reference.repository === reference.repository &&
    base.reference.registry === reference.registry &&
    base.reference.tag !== undefined
      ? [base.reference.tag]
      : [],
  );
  for (const version of lines) {
    const tag = pinnedTag(reference, version);
    if (tag !== undefined && tags.includes(tag)) {
      return { version, tag };
    }
  }
  return undefined;
}

/**
 * The program that the stage calls and the image of a release lacks, although one of the other releases has it. Stages that
 * take the same image keep taking the same one: what one of them installs, another runs.
 */
function droppedIn(
  context: AnalysisContext,
  stage: Stage,
  reference: ImageReference,
  version: string,
  lines: readonly string[],
): string | undefined {
  const of = (line: string): ImageReference[] => {
    const tag = pinnedTag(reference, line);
    return tag === undefined ? [] : [{ ...reference, tag }];
  };
  const [image] = of(version);
  const lost = image === undefined ? new Set<string>() : lostPrograms(image, lines.flatMap(of));
  const alike = context.dockerfile.stages.filter(
    ({ base }) =>
      base.kind === 'image' &&
      base.reference.repository === reference.repository &&
      base.reference.registry === reference.registry &&
      base.reference.tag === reference.tag,
  );
  return [...new Set([stage, ...alike])]
    .map((one) => droppedProgram(context, one, lost))
    .find((one) => one !== undefined);
}

/** What a project asks for; of a range the newest release line in it. */
function chosenVersion(
  wanted: WantedVersion,
  family: string,
  current: string | undefined,
  hasEnded: (version: string) => boolean,
): string | undefined {
  if (!wanted.isRange) {
    // What is built today goes on to be built: a release without support is no step forward.
    const isBetter = wanted.isLeast && current !== undefined && allowsVersion(wanted, current);
    return isBetter && hasEnded(wanted.text) ? current : wanted.text;
  }
  return current !== undefined && allowsVersion(wanted, current)
    ? current
    : releaseLines(family).findLast((line) => allowsVersion(wanted, line));
}

/** The very image that the registry has under the name, for every platform. */
function pinToDigest(span: Span, written: string, pinned: ImageReference, pull: SizeAnswer): Fix {
  const date = pull.kind === 'known' ? ` of ${pull.date}` : '';
  return {
    title: `Pin to the digest${date}`,
    applicability: 'review',
    edits: [{ span, text: formatAsWritten(pinned, written) }],
    assumptions: ['Somebody moves the digest forward when the image gets security fixes.'],
  };
}
