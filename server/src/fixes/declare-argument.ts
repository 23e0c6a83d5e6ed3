import type { DockerfileSyntax, Instruction } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { Layout } from './layout.ts';

/** Puts an ARG above an instruction: a name, with `=` and a default where one is known. */
export function insertedArgument(syntax: DockerfileSyntax, above: Instruction, declared: string): TextEdit {
  const layout = new Layout(syntax);
  return layout.insertBefore(above, [`${layout.keyword('ARG')} ${declared}`]);
}
