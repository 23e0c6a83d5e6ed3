import { readInstall } from '../ecosystems/index.ts';
import { muslLanguage, packagesWorseOnMusl } from '../facts/needs/musl-packages.ts';
import { baseTraits, isDevContainer } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { slimInPlaceOfAlpine } from '../images/families/runtime-bases.ts';
import type { MuslProblem } from '../images/musl.ts';
import { commandSteps } from '../model/commands.ts';
import type { Stage } from '../model/dockerfile.ts';
import { installsPackage } from '../model/installed-packages.ts';
import type { Rule } from './rule.ts';

export const muslIncompatibleDependency: Rule = {
  meta: {
    id: 'musl-incompatible-dependency',
    aliases: [],
    summary: 'A dependency has no build for Alpine’s C library.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The stage uses apk, whose packages have other names on Debian.',
    needs: ['project', 'images'],
    docs: {
      what: 'A stage on Alpine installs dependencies, and the lock file holds packages without a build for musl, Alpine’s C library.',
      why: 'The install fails, or compiles for minutes with compilers that the image then carries. Alpine is no longer the small choice.',
      silent:
        'There is no lock file, or it holds none of them; only development dependencies are concerned; a package that compiles finds a compiler in the stage.',
      fix: 'Switches to the slim variant of the same version, where the stage uses no `apk`. For review.',
      bad: {
        dockerfile:
          'FROM python:3.12-alpine\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
        files: { 'requirements.txt': 'torch==2.5.0\n' },
      },
      good: {
        dockerfile:
          'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
        files: { 'requirements.txt': 'torch==2.5.0\n' },
      },
      switchOff: 'Where a package index of your own has builds for musl.',
      references: ['https://peps.python.org/pep-0656/'],
    },
  },

  *check(context) {
    if (!context.project.isKnown || isDevContainer(context)) {
      return;
    }
    for (const stage of context.dockerfile.stages) {
      const traits = baseTraits(stage, context.images);
      const languages = new Set(
        commandSteps(stage).map((at) => muslLanguage(readInstall(at.command)?.ecosystem.id)),
      );
      languages.delete(undefined);
      if (traits?.libc !== 'musl' || languages.size === 0) {
        continue;
      }
      const hasCompiler = commandSteps(stage).some((at) =>
        at.command.args.some((word) =>
          ['build-base', 'gcc', 'g++', 'make', 'clang', 'alpine-sdk'].includes(word.text),
        ),
      );
      const problems = [...languages]
        .flatMap((language) => packagesWorseOnMusl(context.project, language) ?? [])
        .filter(
          (problem) =>
            (problem.effect === 'cannot-run' && !hasOwnBrowser(stage, problem.name)) ||
            (problem.effect === 'compiles' && !hasCompiler),
        );
      if (problems.length > 0) {
        const fix = switchToSlim(stage, context.dockerfile.text);
        yield {
          message: `${describe(problems)} for musl, Alpine’s C library.`,
          span: stage.imageSpan,
          fixes: fix === undefined ? [] : [fix],
          severity: problems.some((problem) => problem.effect === 'cannot-run') ? 'warning' : 'information',
        };
      }
    }
  },
};

/** True where Alpine's Chromium is installed for a package that drives a browser. */
function hasOwnBrowser(stage: Stage, name: string): boolean {
  return (
    /^(?:puppeteer|playwright)/.test(name) &&
    ['chromium', 'chromium-swiftshader', 'firefox', 'firefox-esr'].some((one) => installsPackage(stage, one))
  );
}

function describe(problems: readonly MuslProblem[]): string {
  const names = problems.slice(0, 3).map((problem) => `\`${problem.name}\``);
  const rest = problems.length > 3 ? ` and ${problems.length - 3} more` : '';
  const list =
    rest === '' && names.length > 1
      ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
      : names.join(', ') + rest;
  return `${list} ${problems.length === 1 ? 'has' : 'have'} no build`;
}

function switchToSlim(stage: Stage, text: string): Fix | undefined {
  const written = text.slice(stage.imageSpan.start, stage.imageSpan.end);
  const usesApk = stage.steps.some((step) =>
    step.script?.commands.some((command) => ['apk', 'addgroup', 'adduser'].includes(command.name ?? '')),
  );
  const name = stage.base.kind === 'image' ? slimInPlaceOfAlpine(stage.base.reference) : undefined;
  if (name === undefined || usesApk || written.includes('$')) {
    return undefined;
  }
  return {
    title: `Switch to ${name}`,
    applicability: 'review',
    edits: [{ span: stage.imageSpan, text: name }],
    assumptions: ['Nothing in the stage relies on Alpine.'],
  };
}
