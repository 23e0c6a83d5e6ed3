import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process has used so far. */
export interface Usage {
  /** CPU time of all its threads in milliseconds, in steps of ten. */
  readonly cpu: number;
  /** The most memory that it held at once, in bytes. */
  readonly peak: number;
}

/** Clock ticks of the kernel per second, which every Linux gives to programs as 100. */
const ticksPerSecond = 100;
const millisecondsBetweenLooks = 5;

/** What a running process has used; undefined where the system does not tell in Linux's way, and after its end. */
export function usageOf(pid: number | undefined): Usage | undefined {
  try {
    // The name of the program stands in parentheses and may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return peak === undefined
      ? undefined
      : {
          cpu: ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond,
          peak: Number(peak) * 1024,
        };
  } catch {
    return undefined;
  }
}

/** One run of a program: its time in milliseconds, and what it had used when it was last looked at before its end. */
export interface Run {
  readonly time: number;
  readonly usage: Usage | undefined;
}

/** Runs a program to its end, throwing away what it prints. @throws when it fails: a code of 2 or more. */
export async function measureRun(command: string, args: readonly string[]): Promise<Run> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  let time: number | undefined;
  const ended = new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => {
      time = performance.now() - began;
      done(code ?? 2);
    });
  });
  let usage: Usage | undefined;
  while (time === undefined && child.exitCode === null) {
    usage = usageOf(child.pid) ?? usage;
    await Promise.race([ended, sleep(millisecondsBetweenLooks)]);
  }
  if ((await ended) > 1) {
    throw new Error(`${command} ${args.join(' ')} failed: ${errors}`);
  }
  return { time: time ?? performance.now() - began, usage };
}
