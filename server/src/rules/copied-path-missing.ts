import type { AnalysisContext } from '../facts/context.ts';
import { existsInContext, nearestPath } from '../facts/siblings/context-paths.ts';
import { type ContextUse, contextUses } from '../facts/siblings/context-use.ts';
import { isGitIgnored } from '../facts/siblings/git-ignore.ts';
import { isDevContainer } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { readIgnoreFile } from '../project/ignore-file.ts';
import type { Project } from '../project/project.ts';
import type { Rule } from './rule.ts';

/** What a step before the build makes: it is often not there while the Dockerfile is edited. */
const madeBefore =
  /(?:^|\/)(?:dist|build|out|output|target|bin|obj|publish|release|_site|public|node_modules|vendor|\.next|\.output)(?:\/|$)|\.(?:jar|war|ear|whl|deb|rpm|apk|tgz|tar|gz|zip|xz|zst)$/;

export const copiedPathMissing: Rule = {
  meta: {
    id: 'copied-path-missing',
    aliases: [],
    summary: 'A COPY names a path that is not in the build context.',
    category: 'context',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'No entry of the build context has a name near to it.',
    needs: ['project'],
    docs: {
      what: 'A `COPY`, `ADD` or bind mount names a file or folder that is not there.',
      why: 'The build stops at it with “not found”, after it has run everything above.',
      silent:
        'The folder of the build is not known, or is only assumed and holds nothing of what the Dockerfile names (it may be built from another folder); some of what it names lies in one folder and the rest in another; the path holds a wildcard or a variable; Git ignores it, or it looks like output of a step before the build (`dist`, `target`, `*.jar`, and a name without an ending where the folder is only assumed), or lies in an empty folder (a submodule); the ignore file excludes it, for which there is `copied-path-ignored`.',
      fix: 'Writes the name of the one entry that differs in case or by a letter or two. For review.',
      bad: {
        dockerfile: 'FROM python:3.13-slim\nCOPY requirments.txt .\nCOPY app.py .\n',
        files: { 'requirements.txt': '', 'app.py': '' },
      },
      good: {
        dockerfile: 'FROM python:3.13-slim\nCOPY requirements.txt .\nCOPY app.py .\n',
        files: { 'requirements.txt': '', 'app.py': '' },
      },
      switchOff: 'Where files are put into the folder right before the build.',
      references: ['https://docs.docker.com/reference/dockerfile/#copy'],
    },
  },

  *check(context) {
    const { project } = context;
    if (!project.isKnown || isDevContainer(context)) {
      return;
    }
    const uses = contextUses(context.dockerfile).filter((use) => !use.isGlob && use.path !== '');
    const missing = uses.filter((use) => !existsInContext(project, use.path));
    const kind = project.source?.kind ?? 'default';
    const isAssumed = kind === 'default' || kind === 'most-paths';
    if (
      missing.length === 0 ||
      (isAssumed && missing.length === uses.length && !hasNearest(context, missing))
    ) {
      return;
    }
    const matcher = readIgnoreFile(project)?.dockerignore.matcher;
    const ignoredByGit = isGitIgnored(project);
    for (const use of missing) {
      const isIgnored =
        matcher?.ignores(use.path) === true || ignoredByGit(use.path, false) || ignoredByGit(use.path, true);
      if (isIgnored || madeBefore.test(use.path)) {
        continue;
      }
      const nearest = nearestPath(project, use.path);
      // What lies elsewhere may be put there before the build, or the build is run in yet another folder.
      if (nearest === undefined && (kind === 'most-paths' || mayBeMade(project, use.path, isAssumed))) {
        continue;
      }
      yield {
        message: `${use.path} is not in the build context${nearest === undefined ? '' : `; ${nearest} is`}.`,
        span: use.span,
        fixes: nearest === undefined ? [] : fixes(context, use, nearest),
      };
    }
  },
};

/**
 * True for what is often put there before the build: the content of a Git submodule that is not checked out, and, as long as the folder of the build is only assumed, a name without an ending, which may be a program.
 */
function mayBeMade(project: Project, path: string, isAssumed: boolean): boolean {
  const folders = path.split('/').slice(0, -1);
  const isInEmptyFolder = folders.some(
    (_, i) => project.reader.list(folders.slice(0, i + 1).join('/'))?.length === 0,
  );
  const modules = [...(project.reader.read('.gitmodules') ?? '').matchAll(/^[ \t]*path[ \t]*=[ \t]*(\S+)/gm)];
  const isInSubmodule = modules.some(([, folder]) => path === folder || path.startsWith(`${folder}/`));
  return isInEmptyFolder || isInSubmodule || (isAssumed && !/[^/]\.[^/.]+$/.test(path));
}

/** A mistyped name next to the right file shows that the folder is the right one. */
function hasNearest({ project }: AnalysisContext, missing: readonly ContextUse[]): boolean {
  return missing.some((use) => nearestPath(project, use.path) !== undefined);
}

function fixes({ dockerfile }: AnalysisContext, use: ContextUse, nearest: string): Fix[] {
  const written = dockerfile.text.slice(use.span.start, use.span.end);
  // Quotes, escapes and what surrounds the path in a flag stay as they are.
  const at = written.lastIndexOf(use.path);
  if (at < 0 || /[\s"'\\$]/.test(nearest)) {
    return [];
  }
  const start = use.span.start + at;
  return [
    {
      title: `Change to ${nearest}`,
      applicability: 'review',
      edits: [{ span: { start, end: start + use.path.length }, text: nearest }],
    },
  ];
}
