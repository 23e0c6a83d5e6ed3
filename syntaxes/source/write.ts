/** Writes the grammar files of `syntaxes/`: `node --import tsx syntaxes/source/write.ts`. */
import { writeFileSync } from 'node:fs';
import { grammarFiles } from './files.ts';

for (const [name, text] of grammarFiles) {
  writeFileSync(new URL(`../${name}`, import.meta.url), text);
}
