import type { Stage } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';

/**
 * True where a stage has Alpine's own package of Rust, which links programs to musl and libgcc unless told otherwise. That of
 * rustup and of the official image links everything in.
 */
export function hasAlpineRust(stage: Stage): boolean {
  return ['rust', 'cargo'].some((name) => installsPackage(stage, name));
}
