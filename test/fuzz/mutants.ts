import type { Sample } from './examine.ts';
import { mutate } from './mutate.ts';
import { projectOf } from './projects.ts';
import { below, pick, type Random } from './random.ts';
import { runInstruction } from './shell.ts';

/** Mutants of one text follow each other, so that what is read of its project is read once. */
const ofOneText = 16;

export type Kind = 'text' | 'shell' | 'project';

export interface Mutant {
  readonly kind: Kind;
  readonly sample: Sample;
}

/** Mutants for ever: of the samples, of samples with a generated script, and of those in a generated project. */
export function* mutants(samples: readonly Sample[], random: Random): Generator<Mutant> {
  for (;;) {
    const kind = pick<Kind>(['text', 'text', 'text', 'shell', 'project', 'project'], random);
    const sample = kind === 'project' ? projectOf(samples, random) : pick(samples, random);
    for (let i = 0; i < ofOneText; i++) {
      const text = kind === 'shell' ? withScript(sample.text, random) : sample.text;
      const isChanged = kind === 'text' || random() < 0.5;
      yield {
        kind,
        sample: { ...sample, text: isChanged ? mutate(text, pick(samples, random).text, random) : text },
      };
    }
  }
}

function withScript(text: string, random: Random): string {
  const lines = text.split('\n');
  return lines.toSpliced(1 + below(lines.length, random), 0, runInstruction(random)).join('\n');
}
