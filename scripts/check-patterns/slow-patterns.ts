import jsTokens from 'js-tokens';
import { analyse, type Report } from 'scslre';

/** A pattern of a source file that may take more time than the text is long. */
export interface SlowPattern {
  readonly line: number;
  readonly pattern: string;
  readonly why: string;
}

/** Finds the patterns of TypeScript source that backtrack more than linearly. */
export function findSlowPatterns(source: string): SlowPattern[] {
  const found: SlowPattern[] = [];
  let line = 1;
  for (const { type, value } of jsTokens(source)) {
    if (type === 'RegularExpressionLiteral') {
      const why = whySlow(value);
      if (why !== undefined) {
        found.push({ line, pattern: value, why });
      }
    }
    line += value.split('\n').length - 1;
  }
  return found;
}

function whySlow(literal: string): string | undefined {
  const end = literal.lastIndexOf('/');
  const { reports } = analyse({ source: literal.slice(1, end), flags: literal.slice(end + 1) });
  return reports[0] === undefined ? undefined : words(reports[0]);
}

function words(report: Report): string {
  switch (report.type) {
    case 'Self':
      return `\`${report.quant.raw}\` can match the same text in several ways.`;
    case 'Trade':
      return `\`${report.startQuant.raw}\` and \`${report.endQuant.raw}\` can share a text in many ways.`;
    case 'Move':
      return `\`${report.quant.raw}\` is tried from every place of a long run; begin it with a look behind.`;
  }
}
