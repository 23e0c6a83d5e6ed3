import { analyze } from '../engine/analyze.ts';
import { type AppliedFix, type FixAllResult, fixAll, placed } from '../engine/apply.ts';
import { formatSaving, formatShortSize } from '../engine/estimate/describe.ts';
import { formatProgress, type Report } from '../engine/report.ts';
import { isTidying, type SlimItem, summarizeFixes } from '../engine/slim.ts';
import type { Fix } from '../fixes/fix.ts';
import { excludeEntries } from '../fixes/ignore-entry.ts';
import { plainWords } from '../ide/actions.ts';
import type { Problem } from '../rules/rule.ts';
import { applyEdits } from '../text/edits.ts';
import { lineEdits } from '../text/line-edits.ts';
import { LineIndex } from '../text/lines.ts';
import { span } from '../text/span.ts';
import type { ChangeItem, ChangePlace, ChangePreview, ChangeRequest, FixName } from './messages.ts';
import type { Snapshot } from './snapshots.ts';

/** The name of a fix, by which it is found again in the same version of the document. */
export function nameFix({ problem, fix }: AppliedFix): FixName {
  return { rule: problem.rule, offset: problem.span.start, title: fix.title };
}

/** True where slimming would take the first fix of a problem. */
export function isFixable({ fixes }: Problem): boolean {
  return ['safe', 'review'].includes(fixes[0]?.applicability ?? '');
}

/** True where slimming has something to try. */
export function hasFixes({ problems }: Report): boolean {
  return problems.some(isFixable);
}

/** What a request changes in a snapshot; undefined where the fix that it names is not there. */
export function changesOf(snapshot: Snapshot, request: ChangeRequest): FixAllResult | undefined {
  const { input, report } = snapshot;
  const { fix: name, exclude, onlyRule, only } = request;
  if (exclude !== undefined) {
    return exclusionOf(snapshot, exclude);
  }
  if (name === undefined) {
    return fixAll(
      input,
      'review',
      ({ rule }) => (onlyRule === undefined || rule === onlyRule) && only?.includes(rule) !== false,
    );
  }
  const problem = report.problems.find(
    ({ rule, span, fixes }) =>
      rule === name.rule && span.start === name.offset && fixes.some((fix) => fix.title === name.title),
  );
  const fix = problem?.fixes.find(({ title }) => title === name.title);
  return problem === undefined || fix === undefined ? undefined : oneFix(snapshot, { problem, fix });
}

/** Leaves a path out of the build context, as the fix of the rule would; undefined where the build may need it. */
function exclusionOf(snapshot: Snapshot, path: string): FixAllResult | undefined {
  const { report, input } = snapshot;
  const [exclusion] = report.exclusionsOf([path]);
  const fix = exclusion?.state === 'free' ? excludeEntries(input.project, [exclusion.entry]) : undefined;
  if (fix === undefined) {
    return undefined;
  }
  const problem: Problem = {
    rule: 'dockerignore-incomplete',
    severity: 'hint',
    message: `${path} is sent with every build, and nothing reads it.`,
    span: span(0, 0),
    related: [],
    fixes: [fix],
  };
  return oneFix(snapshot, { problem, fix });
}

function oneFix({ input }: Snapshot, one: AppliedFix): FixAllResult {
  return {
    text: applyEdits(input.text, one.fix.edits),
    files: one.fix.files ?? [],
    applied: placed([], [one]),
    left: [],
    project: input.project,
    failures: [],
  };
}

/** What is shown of changes before they are made. */
export async function previewOf(snapshot: Snapshot, request: ChangeRequest): Promise<ChangePreview | null> {
  const changes = changesOf(snapshot, request);
  if (changes === undefined) {
    return null;
  }
  const { uri, version, project, lines } = snapshot;
  const { items, left } = summarizeFixes(changes);
  const after = new LineIndex(changes.text);
  const isChanged = changes.text !== lines.text;
  return {
    version,
    title: await titleOf(snapshot, request, changes),
    items: items.map((item) => itemOf(item, placeIn(item, snapshot, after))),
    offered: request.only === undefined ? [] : offeredBeside(request.only, changes),
    left: [
      ...left.map(({ span, message }) => plainWords(`Line ${after.lineAt(span.start) + 1}: ${message}`)),
      ...changes.files
        .filter(({ path }) => project.uriOf(path) === undefined)
        .map(
          ({ path }) =>
            `${path} cannot be written: a link leads out of the project, or its folder is not known.`,
        ),
    ],
    files: [
      ...(isChanged ? [{ uri, isNew: false, after: changes.text }] : []),
      ...changes.files.flatMap(({ path, before, after: text }) => {
        const address = project.uriOf(path);
        return address === undefined ? [] : [{ uri: address, isNew: before === undefined, after: text }];
      }),
    ],
  };
}

function itemOf(
  { rule, titles, reason, assumptions }: Pick<SlimItem, 'rule' | 'titles' | 'reason' | 'assumptions'>,
  place?: ChangePlace,
): ChangeItem {
  const assumed = assumptions.map((assumption) => `Assumed: ${assumption}`);
  return {
    rule,
    title: plainWords(titles.join('; ')),
    detail: plainWords([reason, ...assumed].join(' ')),
    isTidying: isTidying(rule),
    ...(place === undefined ? {} : { place }),
    reason: plainWords(reason),
    assumptions: assumptions.map(plainWords),
  };
}

/** The line of the changed Dockerfile where a change begins, or the start of the other file that it makes. */
function placeIn(
  { at, files }: SlimItem,
  { uri, project }: Snapshot,
  after: LineIndex,
): ChangePlace | undefined {
  if (at !== undefined) {
    return { uri, line: after.lineAt(at) };
  }
  const [address] = files.flatMap((path) => project.uriOf(path) ?? []);
  return address === undefined ? undefined : { uri: address, line: 0 };
}

/** What has a fix in the text as it would be, and was not asked for: it takes the place of what was left out. */
function offeredBeside(only: readonly string[], { left }: FixAllResult): ChangeItem[] {
  const found = new Map<string, ChangeItem>();
  for (const problem of left.filter((one) => !only.includes(one.rule) && isFixable(one))) {
    const { rule, message, fixes } = problem;
    if (!found.has(rule)) {
      const title = fixes[0]?.title ?? rule;
      found.set(rule, itemOf({ rule, titles: [title], reason: message, assumptions: [] }));
    }
  }
  return [...found.values()];
}

/** All changes as one fix of the document, to be made without further questions. */
export function asFix(snapshot: Snapshot, { text, files, applied }: FixAllResult): Fix {
  const [only, ...more] = applied;
  return {
    title: only !== undefined && more.length === 0 ? only.fix.title : 'Slim this Dockerfile',
    applicability: 'safe',
    edits: lineEdits(snapshot.lines.text, text),
    files,
  };
}

async function titleOf(
  { input, report, project: { measured } }: Snapshot,
  { fix, exclude, onlyRule, only }: ChangeRequest,
  { text, project, applied }: FixAllResult,
): Promise<string> {
  if (fix !== undefined || exclude !== undefined) {
    return plainWords(applied[0]?.fix.title ?? '');
  }
  if (onlyRule !== undefined) {
    return `Fix all of ${onlyRule}`;
  }
  const was = formatShortSize(report.image);
  if (applied.length === 0) {
    const size = was === 'not known' ? 'size not known' : was;
    return `Nothing to change: ${size}, ${formatProgress(report.checklist, report.checklist)}`;
  }
  // An ignore file that is written changes what a COPY brings.
  const after = analyze({ ...input, text, project: (await measured?.(project)) ?? project });
  const is = formatShortSize(after.image);
  const saving = formatSaving(report.image, after.image);
  if (was === is && saving === undefined) {
    const lead = was === 'not known' ? 'Size not known' : `Saving not known: ${was}`;
    return `${lead}, ${formatProgress(report.checklist, after.checklist)}`;
  }
  const nothing = only === undefined ? 'No size to save: ' : 'No size saved: ';
  const lead = saving === undefined ? '' : saving === 'none' ? nothing : `Saves ${saving}: `;
  const sizes = was === is ? was : `${was} → ${is}`;
  return `${lead}${sizes}, ${formatProgress(report.checklist, after.checklist)}`;
}
