import type { AnalysisContext } from '../facts/context.ts';
import { existsInContext } from '../facts/siblings/context-paths.ts';
import { type ContextUse, contextUses } from '../facts/siblings/context-use.ts';
import type { Fix } from '../fixes/fix.ts';
import { addIgnoreEntries } from '../fixes/ignore-entry.ts';
import type { Dockerignore, IgnorePattern } from '../project/dockerignore.ts';
import { type IgnoreFile, readIgnoreFile } from '../project/ignore-file.ts';
import type { Rule } from './rule.ts';

export const copiedPathIgnored: Rule = {
  meta: {
    id: 'copied-path-ignored',
    aliases: ['CopyIgnoredFile'],
    summary: 'A COPY names a path that .dockerignore excludes.',
    category: 'context',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The path is not in the build context, or which pattern excludes it is not plain.',
    needs: ['project'],
    docs: {
      what: 'A `COPY`, `ADD` or bind mount names a file or folder of the build context that the ignore file keeps out of it.',
      why: 'For the build the path does not exist: it stops there with “not found”, or copies nothing where the path holds a wildcard or is the whole context.',
      silent:
        'The folder of the build is not known; the path holds a variable; a pattern with `!` may take in something below the path, or what a wildcard matches.',
      fix: 'Takes the path in again with a `!` pattern at the end of the ignore file, where the path is there. For review, because it may have been excluded on purpose.',
      bad: {
        dockerfile: 'FROM nginx:1.29-alpine\nCOPY dist /usr/share/nginx/html\n',
        files: { 'dist/index.html': '', '.dockerignore': 'dist\n' },
      },
      good: {
        dockerfile: 'FROM nginx:1.29-alpine\nCOPY dist /usr/share/nginx/html\n',
        files: { 'dist/index.html': '', '.dockerignore': 'node_modules\n' },
      },
      switchOff: 'Never, where the build is run on the folder that Ballast looks at.',
      references: ['https://docs.docker.com/reference/build-checks/copy-ignored-file/'],
    },
  },

  *check(context) {
    const file = context.project.isKnown ? readIgnoreFile(context.project) : undefined;
    if (file === undefined) {
      return;
    }
    for (const use of contextUses(context.dockerfile)) {
      const pattern = excludedBy(file.dockerignore, use);
      if (pattern === undefined) {
        continue;
      }
      const what = use.path === '' ? 'Everything' : use.path;
      // A wildcard that matches nothing is no error for BuildKit.
      const isEmpty = use.path === '' || use.isGlob;
      yield {
        message: `${what} is excluded by ${file.path} (line ${pattern.line + 1}): ${isEmpty ? 'nothing is copied' : 'the build does not find it'}.`,
        span: use.span,
        ...(isEmpty ? { severity: 'warning' as const } : {}),
        fixes: isEmpty ? [] : fixes(context, file, use),
      };
    }
  },
};

/** The pattern that keeps a path out for certain; a name with wildcards is looked at as BuildKit's own check does, as it is written. */
function excludedBy({ matcher, patterns }: Dockerignore, use: ContextUse): IgnorePattern | undefined {
  if (use.path === '') {
    const all = patterns.find(({ pattern, isNegated }) => !isNegated && /^(?:\*\*?|\*\*\/\*)$/.test(pattern));
    return use.isMount || matcher.hasNegations ? undefined : all;
  }
  const { isIgnored, decidedBy } = matcher.decide(use.path);
  const isCertain = use.isGlob ? !matcher.hasNegations : !matcher.mayTakeInBelow(use.path);
  return isIgnored && isCertain && decidedBy !== undefined ? patterns[decidedBy] : undefined;
}

function fixes({ project }: AnalysisContext, file: IgnoreFile, use: ContextUse): Fix[] {
  // A name that is a pattern itself would take in something else.
  if (!existsInContext(project, use.path) || /[*?[\]\\!#]|^\s|\s$/.test(use.path)) {
    return [];
  }
  return [
    {
      title: `Take ${use.path} in again in ${file.path}`,
      applicability: 'review',
      edits: [],
      files: [addIgnoreEntries(project, [`!${use.path}`])],
    },
  ];
}
