import type { AnalysisContext } from '../facts/context.ts';
import { type TakenOver, takenOver } from '../facts/needs/taken-over.ts';
import { baseTraits } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { sameLibrary } from '../fixes/same-library.ts';
import { glibcOf, partsEveryProgram } from '../images/glibc.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { compareVersions } from '../images/tag.ts';
import { readCopy } from '../model/copy.ts';
import { allSteps, rootBase, type Stage } from '../model/dockerfile.ts';
import { installsPackage } from '../model/installed-packages.ts';
import { nameSome } from '../text/name-some.ts';
import type { Finding, Rule } from './rule.ts';

export const builtForOtherLibc: Rule = {
  meta: {
    id: 'built-for-other-libc',
    aliases: [],
    summary: 'What another stage built is linked to a C library that the image does not have.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Something in both stages relies on its system, so that neither can be changed without a look.',
    needs: ['project', 'images'],
    docs: {
      what: 'A stage takes over a program, a Java runtime or packages with binaries from a stage on another system: glibc (Debian, Ubuntu and most others) against musl (Alpine), or a newer release of glibc than its own.',
      why: 'The container does not start: “no such file or directory” is the dynamic linker that is not there, “version `GLIBC_2.34’ not found” the release. Packages fail when they are loaded.',
      silent:
        'It is not known how the program is linked, or which packages hold binaries; the program is linked statically; the stage installs a layer for the other library (`gcompat`); libraries are copied along; the release of one of the images is not known.',
      fix: 'Builds Go without C code with `CGO_ENABLED=0`; else starts one of the two stages from an image with the library of the other, where nothing in that stage relies on its system. For review.',
      bad: {
        dockerfile:
          'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n\nFROM alpine:3.22\nCOPY --from=build /app /app\nUSER 10001\nENTRYPOINT ["/app"]\n',
        files: { 'go.mod': 'module example.com/app\n', 'main.go': 'package main\n\nimport "net/http"\n' },
      },
      good: {
        dockerfile:
          'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\nFROM alpine:3.22\nCOPY --from=build /app /app\nUSER 10001\nENTRYPOINT ["/app"]\n',
        files: { 'go.mod': 'module example.com/app\n', 'main.go': 'package main\n\nimport "net/http"\n' },
      },
      switchOff: 'Never, as long as the findings are right.',
      references: ['https://wiki.alpinelinux.org/wiki/Running_glibc_programs'],
    },
  },

  *check(context) {
    const stage = context.dockerfile.final;
    const traits = stage === undefined ? undefined : baseTraits(stage, context.images);
    if (
      stage === undefined ||
      traits?.libc === undefined ||
      traits.libc === 'none' ||
      bringsLibrary(context, stage)
    ) {
      return;
    }
    for (const taken of takenOver(context, stage)) {
      const finding = findingFor(context, stage, taken, traits);
      if (finding !== undefined) {
        yield finding;
      }
    }
  },
};

/** True where the stage gets another C library beside its own. */
function bringsLibrary({ dockerfile }: AnalysisContext, stage: Stage): boolean {
  const isInstalled = ['gcompat', 'libc6-compat', 'musl', 'glibc', 'glibc-bin'].some((name) =>
    installsPackage(stage, name),
  );
  const isCopied = allSteps(stage)
    .flatMap((step) => readCopy(step, dockerfile) ?? [])
    .some(
      (copy) =>
        copy.from !== 'context' &&
        copy.sources.some(({ value }) =>
          /^\/?(?:usr\/)?lib(?:64|32)?(?:\/|$)|ld-(?:linux|musl)|libc\.(?:so|musl)/.test(value),
        ),
    );
  return isInstalled || isCopied;
}

function findingFor(
  context: AnalysisContext,
  stage: Stage,
  taken: TakenOver,
  traits: ImageTraits,
): Finding | undefined {
  const built = taken.origin.traits;
  const isProgram = taken.kind === 'program';
  const names = taken.packages?.map((one) => one.name) ?? [];
  // A server of files gives packages out at most; it loads none of them.
  if (!isProgram && traits.isServer === true && traits.family !== 'php') {
    return undefined;
  }
  if (built?.libc === undefined || built.libc === 'none' || (!isProgram && names.length === 0)) {
    return undefined;
  }
  const subject = isProgram
    ? `${taken.what} is linked to`
    : `${nameSome(names)} in ${taken.origin.path} ${names.length === 1 ? 'is' : 'are'} built for`;
  const image = imageOf(stage);
  if (built.libc !== traits.libc) {
    const end = isProgram
      ? 'it does not start'
      : taken.isInstalled === true
        ? 'pip takes none of them'
        : 'loading fails';
    return finding(context, stage, taken, {
      message: `The C library of ${image} is ${traits.libc}, and ${subject} ${built.libc}: ${end}.`,
      severity: 'error',
    });
  }
  const [from, to] = [glibcOf(built), glibcOf(traits)];
  if (!isProgram || from === undefined || to === undefined || compareVersions(from, to) <= 0) {
    return undefined;
  }
  const isCertain = partsEveryProgram(from, to);
  return finding(context, stage, taken, {
    message: `${image} has glibc ${to}, and ${subject} glibc ${from}: ${isCertain ? 'it does not start' : 'it does not start if it uses anything newer'}.`,
    severity: isCertain ? 'error' : 'warning',
  });
}

function finding(
  context: AnalysisContext,
  stage: Stage,
  taken: TakenOver,
  { message, severity }: Pick<Finding, 'message'> & { readonly severity: 'error' | 'warning' },
): Finding {
  const fix: Fix | undefined = sameLibrary(context, stage, taken);
  const { build } = taken;
  return {
    message,
    span: taken.source.span,
    severity,
    related:
      build === undefined
        ? []
        : [
            {
              span: build.at.script.sourceSpan(build.at.command.nameWord.span),
              message: 'It is built here.',
            },
          ],
    fixes: fix === undefined ? [] : [fix],
  };
}

function imageOf(stage: Stage): string {
  const base = rootBase(stage);
  return base.kind === 'image' ? base.name : 'this stage';
}
