import type { Fix } from '../fixes/fix.ts';
import { addIgnoreEntries } from '../fixes/ignore-entry.ts';
import { type IgnoreFile, readIgnoreFile } from '../project/ignore-file.ts';
import { existsInContext } from './context-paths.ts';
import { type ContextUse, contextUses } from './context-use.ts';
import type { Rule, RuleContext } from './rule.ts';

export const copiedPathIgnored: Rule = {
  meta: {
    id: 'copied-path-ignored',
    aliases: ['CopyIgnoredFile'],
    summary: 'A COPY names a path that .dockerignore excludes.',
    category: 'context',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    needs: ['project'],
    docs: {
      what: 'A `COPY`, `ADD` or bind mount names a file or folder of the build context that the ignore file keeps out of it.',
      why: 'For the build the path does not exist: it stops there with “not found”.',
      silent:
        'The folder of the build is not known; the path holds a wildcard or a variable; a pattern with `!` may take in something below the path.',
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
    const { matcher, patterns } = file.dockerignore;
    for (const use of contextUses(context.dockerfile)) {
      const decision = use.isGlob || use.path === '' ? undefined : matcher.decide(use.path);
      if (decision?.isIgnored !== true || matcher.mayTakeInBelow(use.path)) {
        continue;
      }
      const pattern = patterns[decision.decidedBy ?? 0];
      const line = pattern === undefined ? '' : ` (line ${pattern.line + 1})`;
      yield {
        message: `${use.path} is excluded by ${file.path}${line}: the build does not find it.`,
        span: use.span,
        fixes: fixes(context, file, use),
      };
    }
  },
};

function fixes({ project }: RuleContext, file: IgnoreFile, use: ContextUse): Fix[] {
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
