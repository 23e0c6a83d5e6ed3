import { hasAlpineRust } from '../ecosystems/rust/alpine.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import { neededLibraries } from '../facts/needs/shared-libraries.ts';
import { takenOver } from '../facts/needs/taken-over.ts';
import { baseTraits } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { commandSteps } from '../model/commands.ts';
import { lineage, rootBase, type Stage } from '../model/dockerfile.ts';
import { installsPackage } from '../model/installed-packages.ts';
import type { Rule } from './rule.ts';

export const sharedLibraryMissing: Rule = {
  meta: {
    id: 'shared-library-missing',
    aliases: [],
    summary: 'What another stage built is linked to a library that the image does not have.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Which package brings the library is not known, or the final stage installs packages already.',
    needs: ['project', 'images'],
    docs: {
      what: 'The stage that ships takes over a Rust program, or packages of Python, that were linked to a library of the system in the stage that built them (OpenSSL, SQLite, the clients of PostgreSQL and MySQL …), and installs no package with it.',
      why: 'The program does not start: “error while loading shared libraries”. Python fails when it imports the package.',
      silent:
        'There is no lock file; the crate brings the library along; the image is not a small one of Debian or Ubuntu (on Alpine only libgcc is looked for, to which Alpine’s own Rust links); libraries are copied along; the package is installed.',
      fix: 'Installs the package in the final stage, where that installs nothing yet. For review.',
      bad: {
        dockerfile:
          'FROM python:3.12 AS build\nWORKDIR /app\nRUN python -m venv /venv\nCOPY . .\nRUN /venv/bin/pip install -r requirements.txt\n\nFROM python:3.12-slim\nCOPY --from=build /venv /venv\nCOPY app.py .\nUSER 10001\nCMD ["/venv/bin/python", "app.py"]\n',
        files: { 'requirements.txt': 'psycopg2==2.9.9\n', 'app.py': 'import psycopg2\n' },
      },
      good: {
        dockerfile:
          'FROM python:3.12 AS build\nWORKDIR /app\nRUN python -m venv /venv\nCOPY . .\nRUN /venv/bin/pip install -r requirements.txt\n\nFROM python:3.12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 \\\n && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /venv /venv\nCOPY app.py .\nUSER 10001\nCMD ["/venv/bin/python", "app.py"]\n',
        files: { 'requirements.txt': 'psycopg2==2.9.9\n', 'app.py': 'import psycopg2\n' },
      },
      switchOff: 'Never, as long as the findings are right.',
      references: ['https://www.psycopg.org/docs/install.html'],
    },
  },

  *check(context) {
    const stage = context.dockerfile.final;
    const traits = stage === undefined ? undefined : baseTraits(stage, context.images);
    const isAlpine = traits?.family === 'alpine';
    if (stage === undefined || !context.project.isKnown || !(isSmall(traits) || isAlpine)) {
      return;
    }
    for (const taken of takenOver(context, stage)) {
      const language =
        taken.build?.language === 'Rust' ? 'Rust' : taken.interpreter === 'python' ? 'Python' : undefined;
      const directory = taken.origin.stage === undefined ? undefined : folderOf(context, taken.origin.stage);
      if (language === undefined || directory === undefined || taken.origin.traits?.libc !== traits?.libc) {
        continue;
      }
      const needed = isAlpine
        ? language === 'Rust' && taken.origin.stage !== undefined && linksToLibgcc(taken.origin.stage, stage)
          ? [{ packages: ['libgcc'] }]
          : []
        : neededLibraries(language, context.project, directory, traits);
      const missing = needed.filter(({ packages }) => !packages.some((name) => installsPackage(stage, name)));
      const names = [...new Set(missing.flatMap((one) => one.packages))];
      if (names.length > 0) {
        const base = rootBase(stage);
        const fix = install(context, stage, names, isAlpine);
        yield {
          message: `${base.kind === 'image' ? base.name : 'This stage'} lacks ${names.join(', ')}, which ${taken.what} needs: ${language === 'Rust' ? 'it does not start' : 'an import fails'}.`,
          span: taken.source.span,
          fixes: fix === undefined ? [] : [fix],
        };
      }
    }
  },
};

/** Packages of Alpine that bring no libgcc along: whatever else is installed may. */
const withoutLibgcc =
  /^(?:-.*|add|apk|ca-certificates|tzdata|bash|curl|wget|openssl|libssl3|libcrypto3|libpq|sqlite(?:-libs)?|tini|dumb-init|su-exec|busybox-extras)$/;

/** True where Alpine's own Rust, which links to libgcc, builds for a stage whose packages bring none. */
function linksToLibgcc(build: Stage, stage: Stage): boolean {
  const isStatic = (build.end.variables.get('RUSTFLAGS') ?? '').includes('+crt-static');
  return (
    hasAlpineRust(build) &&
    !isStatic &&
    commandSteps(stage).every(
      ({ command }) =>
        command.name !== 'apk' || command.args.every((word) => withoutLibgcc.test(word.value ?? word.text)),
    )
  );
}

/** True for the small images of Debian and Ubuntu, which have none of these libraries. */
function isSmall(traits: ImageTraits | undefined): boolean {
  const isPlain = ['debian', 'ubuntu'].includes(traits?.family ?? '');
  return (
    traits?.packageManager === 'apt' && (isPlain || (traits.variant === 'slim' && traits.family === 'python'))
  );
}

function folderOf({ dockerfile }: AnalysisContext, stage: Stage): string | undefined {
  return lineage(stage)
    .map((one) => buildFolderOf(dockerfile, one, one.end.workdir ?? '/'))
    .find((one) => one !== undefined);
}

function install(
  { dockerfile }: AnalysisContext,
  stage: Stage,
  names: readonly string[],
  isAlpine: boolean,
): Fix | undefined {
  const runs = lineage(stage).some((one) =>
    one.steps.some(({ instruction }) => instruction.keyword === 'RUN'),
  );
  const layout = new Layout(dockerfile.syntax);
  return runs
    ? undefined
    : {
        title: `Install ${names.join(' ')}`,
        applicability: 'review',
        edits: [
          layout.insertAfter(
            stage.from,
            isAlpine
              ? [`${layout.keyword('RUN')} apk add --no-cache ${names.join(' ')}`]
              : [
                  `${layout.keyword('RUN')} apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')} ${dockerfile.syntax.escape}`,
                  ' && rm -rf /var/lib/apt/lists/*',
                ],
          ),
        ],
      };
}
