import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonPrinter } from '../../server/src/cli/format/json.ts';
import { plainStyle } from '../../server/src/cli/format/layout.ts';
import { prettyPrinter } from '../../server/src/cli/format/pretty.ts';
import type { FileResult } from '../../server/src/cli/results.ts';
import { emptyReport } from '../../server/src/engine/report.ts';
import type { Problem } from '../../server/src/rules/rule.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { span } from '../../server/src/text/span.ts';

const problem: Problem = {
  rule: 'runs-as-root',
  severity: 'warning',
  message: 'It runs as root.',
  span: span(0, 4),
  related: [],
  fixes: [],
};

function result(path: string): FileResult {
  return {
    path,
    lines: new LineIndex('FROM node:22\n'),
    report: { ...emptyReport, problems: [problem] },
    size: { kind: 'unknown', reason: 'nobody asked' },
    sizeText: 'not known',
  };
}

test('JSON comes file by file, and is what one call would print', () => {
  for (const count of [0, 1, 3]) {
    for (const failures of [[], [{ path: 'lost', message: 'no such file' }]]) {
      const printer = jsonPrinter({ version: '1.0.0', rules: new Map() });
      const texts = Array.from({ length: count }, (_, i) => printer.file(result(`${i}/Dockerfile`)));
      texts.forEach((text, i) => {
        assert.ok(text.includes(`"path": "${i}/Dockerfile"`), text);
      });
      const whole = texts.join('') + printer.end(failures);
      const report = JSON.parse(whole);
      assert.equal(whole, `${JSON.stringify(report, null, 2)}\n`);
      assert.equal(report.files.length, count);
      assert.deepEqual(report.failures, failures);
    }
  }
});

test('findings for people come file by file, the summary last', () => {
  const printer = prettyPrinter(plainStyle, { all: true });
  const texts = [printer.file(result('a/Dockerfile')), printer.file(result('b/Dockerfile'))];
  assert.match(texts[0] ?? '', /^a\/Dockerfile\n {2}1:1 .*runs-as-root\n$/);
  assert.match(texts[1] ?? '', /^\nb\/Dockerfile\n/);
  assert.match(printer.end([]), /^\n2 findings in 2 files: 2 warnings\./);
});
