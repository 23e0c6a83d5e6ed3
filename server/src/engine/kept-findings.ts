import type { AnalysisContext } from '../facts/context.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Finding, Rule } from '../rules/rule.ts';
import type { DockerfileSyntax } from '../syntax/tree.ts';
import { firstIndex } from '../text/first-index.ts';
import { once } from '../text/memoize.ts';
import { type Span, span } from '../text/span.ts';
import type { Config } from './config.ts';

/**
 * Keeps what the rules found in the last version of one file. As long as all instructions stay as they are, so that only
 * comments and blank lines between them change, findings stay too and move with their instructions. Fixes are never
 * kept: they are made anew from the text that they are for. Whoever holds this lets go of it once more is known of
 * images.
 */
export interface KeptFindings {
  /** What is kept for the text of a context; nothing where what it rests on has changed. */
  of(context: AnalysisContext, config: Config): RuleFindings;
}

/** The findings of one analysis, rule by rule. */
export interface RuleFindings {
  of(rule: Rule): Iterable<Finding>;
  /** Keeps what was found, once every rule has been asked. */
  keep(): void;
}

/** Asks every rule, and keeps nothing. */
export function askRules(context: AnalysisContext): RuleFindings {
  return { of: (rule) => rule.check(context), keep() {} };
}

export function createKeptFindings(): KeptFindings {
  let last: Kept | undefined;
  return {
    of(context, config) {
      const basis = basisOf(context, config);
      if (basis === undefined) {
        last = undefined;
        return askRules(context);
      }
      if (last !== undefined && isSame(last.basis, basis)) {
        return moved(last, context);
      }
      const found = new Map<string, readonly PlainFinding[]>();
      return {
        *of(rule) {
          const findings: PlainFinding[] = [];
          for (const finding of rule.check(context)) {
            findings.push(plain(finding));
            yield finding;
          }
          // Not reached by a rule that throws: it is asked again.
          found.set(rule.meta.id, findings);
        },
        keep() {
          last = { basis, places: placesOf(context.dockerfile.syntax), found };
        },
      };
    },
  };
}

interface Kept {
  readonly basis: Basis;
  readonly places: Places;
  readonly found: ReadonlyMap<string, readonly PlainFinding[]>;
}

/** A finding without what holds on to the Dockerfile that it was found in. */
interface PlainFinding extends Omit<Finding, 'fixes'> {
  readonly hasFixes: boolean;
}

function plain({ fixes, ...finding }: Finding): PlainFinding {
  return { ...finding, hasFixes: fixes !== undefined };
}

/** Everything that findings rest on, but for comments between instructions and for offsets. */
interface Basis {
  readonly config: Config;
  readonly project: AnalysisContext['project'];
  readonly today: string;
  /** The directives as they stand at the head, then each instruction as it is written, then what is wrong with them. */
  readonly texts: readonly string[];
}

/** Undefined where a comment decides how an instruction is read. */
function basisOf({ dockerfile, project, today }: AnalysisContext, config: Config): Basis | undefined {
  const { text, directives, instructions, comments, problems } = dockerfile.syntax;
  if (comments.some((comment) => /^hadolint\s+shell\b/i.test(comment.text))) {
    return undefined;
  }
  const texts = [
    text.slice(0, directives.at(-1)?.span.end ?? 0),
    ...instructions.map((one) => text.slice(one.span.start, one.span.end)),
    // Those behind the last instruction are no part of its text.
    String(instructions.at(-1)?.blankContinuations.length),
    ...problems.map(({ message }) => message),
  ];
  return { config, project, today, texts };
}

function isSame(a: Basis, b: Basis): boolean {
  return (
    a.config === b.config &&
    a.project === b.project &&
    a.today === b.today &&
    a.texts.length === b.texts.length &&
    a.texts.every((text, i) => text === b.texts[i])
  );
}

/** Where the directives end, and where each instruction stands. */
interface Places {
  readonly head: number;
  readonly instructions: readonly Span[];
}

function placesOf({ directives, instructions }: DockerfileSyntax): Places {
  return { head: directives.at(-1)?.span.end ?? -1, instructions: instructions.map((one) => one.span) };
}

/** What was found before, at its new places. What cannot be moved, and what reads comments, is asked for again. */
function moved(kept: Kept, context: AnalysisContext): RuleFindings {
  const places = placesOf(context.dockerfile.syntax);
  const move = (at: Span): Span | undefined => {
    const start = movedOffset(kept.places, places, at.start);
    const end = movedOffset(kept.places, places, at.end);
    return start === undefined || end === undefined ? undefined : span(start, end);
  };
  return {
    of(rule) {
      const known = rule.meta.readsComments ? undefined : kept.found.get(rule.meta.id);
      if (known === undefined) {
        return rule.check(context);
      }
      const fresh = once(() => [...rule.check(context)]);
      const findings: Finding[] = [];
      for (const [i, { hasFixes, ...finding }] of known.entries()) {
        const at = move(finding.span);
        const related = finding.related?.flatMap((one) => {
          const place = move(one.span);
          return place === undefined ? [] : [{ ...one, span: place }];
        });
        if (at === undefined || related?.length !== finding.related?.length) {
          return fresh();
        }
        findings.push({
          ...finding,
          span: at,
          ...(related === undefined ? {} : { related }),
          ...(hasFixes ? { fixes: () => fixesOf(fresh()[i]) } : {}),
        });
      }
      return findings;
    },
    keep() {},
  };
}

function fixesOf(finding: Finding | undefined): readonly Fix[] {
  const fixes = finding?.fixes ?? [];
  return typeof fixes === 'function' ? fixes() : fixes;
}

/** Where an offset in the head or in an instruction stands now; undefined for one between instructions. */
function movedOffset(from: Places, to: Places, offset: number): number | undefined {
  if (offset <= from.head) {
    return offset;
  }
  const i = firstIndex(from.instructions.length, (at) => startAt(from, at) > offset) - 1;
  const place = from.instructions[i];
  return place === undefined || offset > place.end ? undefined : offset - place.start + startAt(to, i);
}

function startAt({ instructions }: Places, index: number): number {
  return instructions[index]?.start ?? 0;
}
