import { readFileSync } from 'node:fs';
import { availableParallelism, release, totalmem } from 'node:os';

/** The machine in one line: what times depend on. */
export function describeMachine(): string {
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${system}, ${process.arch}, ${availableParallelism()} processors, ${memory} GiB of memory, Linux ${release().split('-')[0]}`;
}
