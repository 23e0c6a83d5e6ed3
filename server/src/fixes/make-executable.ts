import type { ContextFile } from '../facts/start/context-file.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { findFlag } from '../syntax/tree.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Makes a copied script executable: where it is copied, when it comes alone, else in a RUN behind the copy. */
export function makeExecutable(dockerfile: Dockerfile, file: ContextFile, path: string): Fix | undefined {
  const [copy] = file.copies;
  if (copy === undefined) {
    return undefined;
  }
  const { instruction, before } = copy.step;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const mode = findFlag(instruction, 'chmod');
  const common = { applicability: 'review', assumptions: [] } as const;
  // The mode of a copy is that of all its files.
  const origin = file.path?.slice(file.path.lastIndexOf('/') + 1);
  const source = copy.sources[0]?.value ?? '';
  const isAlone =
    copy.sources.length + instruction.heredocs.length === 1 &&
    (file.path === undefined ||
      source === origin ||
      source.endsWith(`/${origin}`) ||
      source.endsWith(`/${name}`));
  if (isAlone) {
    return mode?.valueSpan !== undefined
      ? { ...common, title: 'Copy it with --chmod=755', edits: [{ span: mode.valueSpan, text: '755' }] }
      : {
          ...common,
          title: 'Copy it with --chmod=755',
          edits: [
            {
              span: span(instruction.keywordSpan.end, instruction.keywordSpan.end),
              text: ' --chmod=755',
            },
          ],
        };
  }
  const layout = new Layout(dockerfile.syntax);
  const isRoot = before.user === undefined || /^(?:root|0)(?::|$)/.test(before.user);
  return isRoot && before.shell[0] === '/bin/sh'
    ? {
        ...common,
        title: `Make ${name} executable`,
        edits: [layout.insertAfter(instruction, [`${layout.keyword('RUN')} chmod +x ${path}`])],
      }
    : undefined;
}
