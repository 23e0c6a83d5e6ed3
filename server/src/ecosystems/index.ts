import type { ShellCommand } from '../syntax/shell/script.ts';
import { c } from './c.ts';
import { dotnet } from './dotnet.ts';
import type { Ecosystem, InstallCommand } from './ecosystem.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { node } from './node.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';

export const ecosystems: readonly Ecosystem[] = [node, python, go, ruby, php, java, rust, c, dotnet];

/** Reads a command as the install of a project's dependencies, whatever the ecosystem. */
export function readInstall(command: ShellCommand): InstallCommand | undefined {
  for (const ecosystem of ecosystems) {
    const install = ecosystem.readInstall(command);
    if (install !== undefined) {
      return { ...install, ecosystem, command };
    }
  }
  return undefined;
}
