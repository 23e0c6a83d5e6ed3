import { findingsOf } from '../results.ts';
import { printable } from './layout.ts';
import { messageWithSaving } from './pretty.ts';
import type { Printer } from './printer.ts';

/** One line for each finding, `path:line:column rule severity: message`, as editors and grep read it. */
export const ttyPrinter: Printer = {
  file: (file) =>
    findingsOf(file.report)
      .map((finding) => {
        const { line, character } = file.lines.positionAt(finding.span.start);
        const message = messageWithSaving(finding);
        return `${printable(file.path)}:${line + 1}:${character + 1} ${finding.rule} ${finding.severity}: ${printable(message)}\n`;
      })
      .join(''),
  end: () => '',
};
