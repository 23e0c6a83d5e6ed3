import type { Budget } from '../../engine/config.ts';
import { imageSize } from '../../engine/estimate/estimate.ts';
import type { Report } from '../../engine/report.ts';
import { compilePattern } from '../../project/ignore-pattern.ts';
import type { Project } from '../../project/project.ts';
import type { Problem } from '../../rules/rule.ts';
import { formatBytes, type SizeAnswer } from '../../sizes/size.ts';
import { span } from '../../text/span.ts';
import { table } from '../../text/table.ts';

/** Rule id under which a broken budget is reported. It is no rule: only a larger budget switches it off. */
export const budgetId = 'over-budget';

const units: Readonly<Record<string, number>> = table({ b: 1, kb: 1e3, mb: 1e6, gb: 1e9 });

/** Bytes of a figure as a budget gives it, `250 MB` or a number; undefined where it is none. */
export function bytesOf(value: string | number): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  const parts = /^(\d+(?:\.\d+)?)\s?(b|kb|mb|gb)?$/i.exec(value.trim());
  return parts === null ? undefined : Number(parts[1]) * (units[(parts[2] ?? 'b').toLowerCase()] ?? 1);
}

export interface Limits {
  readonly maxSize?: number | undefined;
  readonly maxLayer?: number | undefined;
  readonly maxContext?: number | undefined;
}

/** The limits that hold for a Dockerfile, by its path relative to the project file; the lowest counts. */
export function limitsOf(budgets: readonly Budget[], path: string): Limits {
  const mine = budgets.filter(({ files }) => {
    const pattern = compilePattern(files);
    return files === path || (typeof pattern === 'object' && pattern.matches(path));
  });
  const lowest = (key: 'maxSize' | 'maxLayer' | 'maxContext'): number | undefined => {
    const found = mine.flatMap((budget) => bytesOf(budget[key] ?? '') ?? []);
    return found.length === 0 ? undefined : Math.min(...found);
  };
  return { maxSize: lowest('maxSize'), maxLayer: lowest('maxLayer'), maxContext: lowest('maxContext') };
}

/** The lower of two sets of limits. */
export function lowerOf(one: Limits, other: Limits): Limits {
  const lower = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
  return {
    maxSize: lower(one.maxSize, other.maxSize),
    maxLayer: lower(one.maxLayer, other.maxLayer),
    maxContext: lower(one.maxContext, other.maxContext),
  };
}

export interface BudgetAnswer {
  readonly problems: readonly Problem[];
  /** Limits that could not be compared, each with the reason, for people. */
  readonly unknown: readonly string[];
}

/** Compares what is certain of an image with its limits: the lower end of each estimate. */
export function overBudget(report: Report, project: Project, limits: Limits): BudgetAnswer {
  const problems: Problem[] = [];
  const unknown: string[] = [];
  const compare = (what: string, size: SizeAnswer, limit: number | undefined, at: Problem['span']): void => {
    if (limit === undefined) {
      return;
    }
    if (size.kind === 'known') {
      if (size.low > limit) {
        const least = size.low === size.high && !size.atLeast ? '' : 'at least ';
        problems.push(
          problemOf(
            `${what} takes ${least}${formatBytes(size.low)}, over its budget of ${formatBytes(limit)}.`,
            at,
          ),
        );
      }
    } else {
      unknown.push(
        `the budget of ${formatBytes(limit)} for ${what.toLowerCase()} was not compared: ${size.kind === 'unknown' ? size.reason : 'its size is being looked up'}`,
      );
    }
  };
  const { final } = report.image;
  const from = final?.stage.imageSpan ?? span(0, 0);
  compare('The image', imageSize(report.image), limits.maxSize, from);
  for (const layer of final?.layers ?? []) {
    // The base image is what its own publisher makes of it; a layer whose size is not known at all says nothing.
    if (layer.step !== undefined && layer.size.kind === 'known') {
      compare(`The layer of this ${layer.step.instruction.keyword}`, layer.size, limits.maxLayer, layer.span);
    }
  }
  const { context } = project;
  if (limits.maxContext !== undefined && context !== undefined && context.sent.bytes > limits.maxContext) {
    const least = context.isComplete ? '' : 'at least ';
    problems.push(
      problemOf(
        `The build context sends ${least}${formatBytes(context.sent.bytes)}, over its budget of ${formatBytes(limits.maxContext)}.`,
        from,
      ),
    );
  }
  return { problems, unknown };
}

function problemOf(message: string, at: Problem['span']): Problem {
  return { rule: budgetId, severity: 'error', message, span: at, related: [], fixes: [] };
}
