import type { DockerfileSyntax, Instruction } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { Layout } from './layout.ts';

/** Puts an ARG without a default above an instruction. */
export function insertedArgument(syntax: DockerfileSyntax, above: Instruction, name: string): TextEdit {
  const layout = new Layout(syntax);
  return layout.insertBefore(above, [`${layout.keyword('ARG')} ${name}`]);
}
