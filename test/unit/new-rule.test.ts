import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRule } from '../../scripts/new-rule.ts';

const registry = `import { copiedPath } from './copied-path.ts';
import type { Rule } from './rule.ts';
import { runsAsRoot } from './runs-as-root.ts';

/** Every rule. */
export const rules: readonly Rule[] = [
  copiedPath,
  runsAsRoot,
];
`;

test('a new rule joins the registry at its place in the alphabet', () => {
  assert.equal(
    withRule(withRule(withRule(registry, 'big-base'), 'download-kept'), 'zero-stages'),
    `import { bigBase } from './big-base.ts';
import { copiedPath } from './copied-path.ts';
import { downloadKept } from './download-kept.ts';
import type { Rule } from './rule.ts';
import { runsAsRoot } from './runs-as-root.ts';
import { zeroStages } from './zero-stages.ts';

/** Every rule. */
export const rules: readonly Rule[] = [
  bigBase,
  copiedPath,
  downloadKept,
  runsAsRoot,
  zeroStages,
];
`,
  );
});
