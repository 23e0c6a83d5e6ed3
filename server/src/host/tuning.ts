import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 wait longer before it optimizes a function. Our code is wide and flat: with the usual patience of 132 kB of bytecode,
 * a third of the CPU of a run over 300 files, and of typing in a file of 20 lines, goes into optimizing functions that are
 * seldom called again. Loops that run for long are optimized all the same.
 */
export function tuneEngine(): void {
  setFlagsFromString('--interrupt-budget=400000');
}
