import { execFile } from 'node:child_process';

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The whole environment, instead of additions to our own. */
  readonly exactEnv?: Readonly<Record<string, string>>;
  readonly seconds?: number;
}

/** Runs a program to its end. Never rejects: a program that cannot be started or took too long has a code other than 0. */
export function tryRun(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const started = performance.now();
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      {
        cwd: options.cwd,
        env: options.exactEnv ?? { ...process.env, ...options.env },
        timeout: (options.seconds ?? 1800) * 1000,
        maxBuffer: 256 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const seconds = (performance.now() - started) / 1000;
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr: error && stderr === '' ? error.message : stderr, seconds });
      },
    );
  });
}

/** Runs a program to its end and returns what it printed; throws with the end of its error output when it failed. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const result = await tryRun(program, args, options);
  if (result.code !== 0) {
    throw new Error(
      `${program} ${args.join(' ')}\nended with ${result.code}\n${tail(result.stdout)}\n${tail(result.stderr)}`,
    );
  }
  return result;
}

function tail(text: string): string {
  return text.split('\n').slice(-60).join('\n');
}
