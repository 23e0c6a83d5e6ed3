import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 wait about twice as long before it optimizes a function. Our code is wide and flat, and much of the CPU goes into
 * optimizing functions that are seldom called again. Measured on 2026-11-30 with Node 20 on two busy cores, against V8's own
 * patience: a letter in a file of 60 lines 13.3 -> 8.9 ms, a run over 300 files 5.9 -> 4.1 s; a letter in a file of 600 lines
 * 24.8 -> 29.3 ms, because what runs there for long is optimized later.
 *
 * Versions from Node 22 on do not know the flag, and would say so on standard error. What they have instead, counts of
 * calls, made no difference there (2026-12-01).
 */
export function tuneEngine(): void {
  if (process.versions.v8.startsWith('11.')) {
    setFlagsFromString('--interrupt-budget=250000');
  }
}

/**
 * Has V8 optimize no WebAssembly: function 0, which is imported, is the only one that it may. It would optimize the whole
 * shell grammar in the background, which costs a short process more than all of its own work, and with Node 24 half a
 * gigabyte of memory; the baseline compiler is fast enough for what a Dockerfile holds. `--liftoff-only` says the same,
 * but is without effect from Node 24 on once the process runs. Seen with Node 20, 22, 24, 25 and 26 on 2026-12-01.
 */
export function leaveWebAssemblyUnoptimized(): void {
  setFlagsFromString('--wasm-tier-up-filter=0');
}
