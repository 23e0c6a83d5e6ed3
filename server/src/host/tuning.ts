import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 wait about twice as long before it optimizes a function. Our code is wide and flat, and much of the CPU goes into
 * optimizing functions that are seldom called again. Measured on 2026-11-30 with Node 20 on two busy cores, against V8's own
 * patience: a letter in a file of 60 lines 13.3 -> 8.9 ms, a run over 300 files 5.9 -> 4.1 s; a letter in a file of 600 lines
 * 24.8 -> 29.3 ms, because what runs there for long is optimized later.
 */
export function tuneEngine(): void {
  setFlagsFromString('--interrupt-budget=250000');
}
