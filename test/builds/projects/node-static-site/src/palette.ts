import { formatHex, interpolate } from 'culori';

/** Evenly spaced colours from blue to orange. */
export function palette(count: number): string[] {
  const mix = interpolate(['#2b5fa8', '#e8862b'], 'oklab');
  return Array.from({ length: count }, (_, index) => formatHex(mix(index / (count - 1))));
}
