import type { InstallCommand } from '../../ecosystems/ecosystem.ts';
import type { Download, Manifests } from '../../ecosystems/toolchain.ts';
import type { CommandStep } from '../../model/commands.ts';
import type { Copy } from '../../model/copy.ts';
import type { Stage } from '../../model/dockerfile.ts';
import type { ContextPath } from '../../text/path-types.ts';

/** What is to be put in order: sources that are copied, and an install behind them that could do without. */
export interface Reordering {
  readonly stage: Stage;
  readonly copy: Copy;
  readonly at: CommandStep;
  /** Folder of the build context that the install's project lies in; `''` is the root. */
  readonly directory: ContextPath;
  readonly manifests: Manifests;
  /** The install that can come first. */
  readonly install?: InstallCommand;
  /** For a build that fetches by itself: what fetches before it. */
  readonly download?: Download;
}
