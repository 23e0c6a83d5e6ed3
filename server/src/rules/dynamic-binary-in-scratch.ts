import type { AnalysisContext } from '../facts/context.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import {
  type DynamicBuild,
  dynamicBuild,
  hasCertificates,
  needsCertificates,
} from '../facts/needs/linking.ts';
import { baseTraits } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { type Copy, readCopy } from '../model/copy.ts';
import { allSteps, rootBase, type Stage } from '../model/dockerfile.ts';
import { findFlag } from '../syntax/tree.ts';
import { span } from '../text/span.ts';
import type { Finding, Rule } from './rule.ts';

export const dynamicBinaryInScratch: Rule = {
  meta: {
    id: 'dynamic-binary-in-scratch',
    aliases: [],
    summary: 'A program needs a C library or certificates that its image does not have.',
    category: 'hardening',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The program has C code, and which libraries it needs is not known.',
    needs: ['project', 'images'],
    docs: {
      what: 'The stage that ships starts from nothing (`scratch`, `distroless/static`) and takes over a program of Go, Rust or C that is linked to the C library of the stage that built it; or one that calls HTTPS addresses, and no certificate authorities are there.',
      why: 'The container does not start: “no such file or directory” means the dynamic linker, not the program. Without certificates every HTTPS call fails with “certificate signed by unknown authority”.',
      silent:
        'The command that builds the program is not among those understood (`go build`, `cargo build`, `gcc`), or the sources cannot be read; `CGO_ENABLED=0`, `-static`, `crt-static` or a musl target says that the program is linked statically; the compiler that Go needs for C code is not in the stage; libraries are copied along.',
      fix: 'Builds Go with `CGO_ENABLED=0` where the program has no C code, and C with `-static` where it links to nothing but the C library; else starts from the distroless image that has the libraries of the same Debian release. Copies the certificates from the stage that builds. For review: names are then looked up by Go itself.',
      bad: {
        dockerfile:
          'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\nUSER 10001\nENTRYPOINT ["/app"]\n',
        files: { 'go.mod': 'module example.com/app\n', 'main.go': 'package main\n\nimport "net/http"\n' },
      },
      good: {
        dockerfile:
          'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\nUSER 10001\nENTRYPOINT ["/app"]\n',
        files: { 'go.mod': 'module example.com/app\n', 'main.go': 'package main\n\nimport "net/http"\n' },
      },
      switchOff: 'Never, as long as the findings are right.',
      references: [
        'https://pkg.go.dev/net#hdr-Name_Resolution',
        'https://github.com/GoogleContainerTools/distroless',
      ],
    },
  },

  *check(context) {
    const stage = context.dockerfile.final;
    if (stage === undefined || !context.project.isKnown) {
      return;
    }
    const isScratch = rootBase(stage).kind === 'scratch';
    if (!isScratch && baseTraits(stage, context.images)?.libc !== 'none') {
      return;
    }
    const copies = allSteps(stage).flatMap((step) => readCopy(step, context.dockerfile) ?? []);
    if (copies.some(bringsLibraries)) {
      return;
    }
    const hasOwn = copies.some(bringsCertificates);
    let isCertified = hasOwn || !isScratch;
    for (const copy of copies) {
      const builder = typeof copy.from === 'string' ? undefined : copy.from;
      const directory = builder === undefined ? undefined : directoryOf(context, builder);
      if (builder === undefined || directory === undefined) {
        continue;
      }
      const traits = baseTraits(builder, context.images);
      for (const source of copy.sources) {
        const found = dynamicBuild(builder, source.value, context.project, directory, traits);
        if (found?.isDynamic === true) {
          yield dynamicFinding(context, stage, source.span, found);
        }
        if (found !== undefined && !isCertified && needsCertificates(found, context.project, directory)) {
          isCertified = true;
          yield certificateFinding(context, stage, copy, hasCertificates(builder, traits));
        }
      }
    }
  },
};

/** The folder of the build context that a stage builds. */
function directoryOf({ dockerfile }: AnalysisContext, stage: Stage): string | undefined {
  return buildFolderOf(dockerfile, stage, stage.end.workdir ?? '/');
}

/** True for a copy of a C library, of the dynamic linker, or of a whole tree that may hold them. */
function bringsLibraries(copy: Copy): boolean {
  return copy.sources.some(({ value }) =>
    /\/lib(?:64|32)?(?:\/|$)|ld-(?:linux|musl)|libc\.so|^\/?$|^\/(?:rootfs|runtime|out|dist|install)\/?$/.test(
      value,
    ),
  );
}

function bringsCertificates(copy: Copy): boolean {
  return [...copy.sources, copy.destination].some(({ value }) =>
    /\/ssl(?:\/|$)|ca-certificates|\/pki(?:\/|$)|cacert|ca-bundle/.test(value),
  );
}

function dynamicFinding(
  context: AnalysisContext,
  stage: Stage,
  at: Finding['span'],
  found: DynamicBuild,
): Finding {
  const base = rootBase(stage);
  const image = base.kind === 'image' ? base.name : 'scratch';
  return {
    message: `The program is linked to ${found.libraries}, and ${image} has none: the container does not start.`,
    span: at,
    related: [
      { span: found.at.script.sourceSpan(found.at.command.nameWord.span), message: 'It is built here.' },
    ],
    fixes: fixFor(context, stage, found),
  };
}

function fixFor(context: AnalysisContext, stage: Stage, found: DynamicBuild): Fix[] {
  const isShell = found.at.step.instruction.form === 'shell';
  const name = found.at.script.sourceSpan(found.at.command.nameWord.span);
  if (found.remedy === 'no cgo' && isShell) {
    return [
      {
        title: 'Build with CGO_ENABLED=0',
        applicability: 'review',
        edits: [{ span: span(name.start, name.start), text: 'CGO_ENABLED=0 ' }],
        assumptions: ['No module of the program has C code.'],
      },
    ];
  }
  if (found.remedy === 'static' && isShell) {
    return [
      {
        title: 'Link statically',
        applicability: 'review',
        edits: [{ span: span(name.end, name.end), text: ' -static' }],
        assumptions: [
          'The program loads no library at run time; that goes for the lookup of users and host names, too.',
        ],
      },
    ];
  }
  const base = rootBase(stage);
  // The tag decides the user.
  const tag = base.kind === 'image' && base.reference.tag === 'nonroot' ? ':nonroot' : '';
  const image = found.image === undefined ? undefined : found.image + tag;
  return image === undefined ||
    stage.base.kind === 'stage' ||
    context.dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end).includes('$')
    ? []
    : [
        {
          title: `Start from ${image}, which has the libraries`,
          applicability: 'review',
          edits: [{ span: stage.imageSpan, text: image }],
          assumptions: ['The program needs no other library than those of the compiler.'],
        },
      ];
}

function certificateFinding(
  context: AnalysisContext,
  stage: Stage,
  copy: Copy,
  builderHasThem: boolean,
): Finding {
  const layout = new Layout(context.dockerfile.syntax);
  const from = findFlag(copy.step.instruction, 'from')?.value ?? '';
  const file = '/etc/ssl/certs/ca-certificates.crt';
  const fix: Fix = {
    title: 'Copy the certificate authorities',
    applicability: 'review',
    edits: [
      layout.insertBefore(copy.step.instruction, [
        `${layout.keyword('COPY')} --from=${from} ${file} /etc/ssl/certs/`,
      ]),
    ],
  };
  return {
    message:
      'The program calls HTTPS addresses, and scratch has no certificate authorities: every call fails.',
    span: stage.imageSpan,
    severity: 'warning',
    fixes: builderHasThem ? [fix] : [],
  };
}
