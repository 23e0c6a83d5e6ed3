import type { ShellCommand } from '../syntax/shell/script.ts';
import { rememberFor } from '../text/remember.ts';
import { c } from './c/index.ts';
import { dotnet } from './dotnet/index.ts';
import type { Ecosystem, InstallCommand } from './ecosystem.ts';
import { go } from './go/index.ts';
import { java } from './java/index.ts';
import { node } from './node/index.ts';
import { php } from './php/index.ts';
import { python } from './python/index.ts';
import { ruby } from './ruby/index.ts';
import { rust } from './rust/index.ts';
import { unsupportedEcosystems } from './unsupported/index.ts';

export const ecosystems: readonly Ecosystem[] = [
  node,
  python,
  go,
  ruby,
  php,
  java,
  rust,
  c,
  dotnet,
  ...unsupportedEcosystems,
];

/** Reads a command as the install of a project's dependencies, whatever the ecosystem. */
export const readInstall = rememberFor((command: ShellCommand): InstallCommand | undefined => {
  for (const ecosystem of ecosystems) {
    const install = ecosystem.readInstall(command);
    if (install !== undefined) {
      return { ...install, ecosystem, command };
    }
  }
  return undefined;
});
