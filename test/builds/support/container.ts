import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, fchmodSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildah, tryBuildah } from './buildah.ts';
import type { ImageConfig } from './image.ts';
import { cached } from './paths.ts';
import { tryRun } from './run.ts';
import { findUser, type User } from './user.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One HTTP request; `body` is JSON text. */
export interface Question {
  readonly path: string;
  readonly method?: 'POST';
  readonly body?: string;
}

export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

/**
 * A running container. It has its own network, processes and mounts: it reaches nothing outside, its ports collide with
 * nobody's, and it ends for certain. Its start command is process 1, as in an engine.
 */
export interface Container {
  /** Asks the program inside, again and again until it answers, ends, or `seconds` have passed. */
  ask(port: number, question: Question, seconds?: number): Promise<Answer | undefined>;
  /** Runs the image's HEALTHCHECK command once, as its user. Undefined when the image has none. */
  probe(): Promise<CommandResult | undefined>;
  /** User ids under which the container's processes run. */
  userIds(): Promise<number[]>;
  /** Waits for the program's own end and returns its exit code; undefined when it still runs after `seconds`. */
  ended(seconds: number): Promise<number | undefined>;
  /** Asks the start command to stop, as `docker stop` does, and says whether it ended within `seconds`. */
  terminate(seconds: number): Promise<boolean>;
  /** Everything that the program printed so far. */
  output(): string;
  remove(): Promise<void>;
}

/** What a container is started with, beyond what its image says. */
export interface StartOptions {
  /** Instead of the image's entrypoint and command. */
  readonly command?: readonly string[];
  /** Variables beside those of the image. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts an image the way an engine does: its entrypoint and command, user, folder and environment. */
export async function startContainer(
  image: string,
  config: ImageConfig,
  options: StartOptions = {},
): Promise<Container> {
  const command = options.command ?? [...config.entrypoint, ...config.cmd];
  const name = (await buildah(['from', '--pull-never', image])).stdout.trim();
  const root = (await buildah(['mount', name])).stdout.trim();
  const user = findUser(root, config.user);
  const environment = {
    HOME: user.home,
    ...Object.fromEntries(config.env.map(splitVariable)),
    ...options.environment,
  };
  const logFile = join(cached('tmp'), `${name}.log`);
  // Engines give the container's user its output streams; programs such as nginx open them by name.
  const log = openSync(logFile, 'a');
  fchmodSync(log, 0o666);
  const namespaces = ['--net', '--pid', '--mount', '--ipc', '--uts', '--fork', '--kill-child'];
  // The shell that sets up leaves its own folder in PWD, which no engine sets.
  const withoutFolder = ['/usr/bin/env', '-u', 'PWD', '-u', 'OLDPWD'];
  const enterRoot = [
    ...withoutFolder,
    '/usr/bin/unshare',
    `--root=${root}`,
    `--wd=${config.workdir}`,
    ...identity(user),
  ];
  const child = spawn(
    '/usr/bin/unshare',
    [...namespaces, '/bin/sh', '-c', setUp, root, ...enterRoot, ...command],
    {
      env: environment,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);

  const target = async () => (await childrenOf(child.pid ?? 0))[0];
  return {
    async ask(port, question, seconds = 30) {
      const until = Date.now() + seconds * 1000;
      while (Date.now() < until && child.exitCode === null) {
        const pid = await target();
        const answer = pid === undefined ? undefined : await askOnce(pid, port, question);
        if (answer !== undefined) return answer;
        await sleep(200);
      }
      return undefined;
    },
    async probe() {
      const args = probeCommand(config.healthcheck);
      const pid = await target();
      if (args === undefined || pid === undefined) return undefined;
      const inside = [
        '--net',
        '--pid',
        '--mount',
        '--root',
        `--wd=/proc/${pid}/root${config.workdir}`,
        '--target',
        String(pid),
      ];
      const result = await tryRun('/usr/bin/nsenter', [...inside, ...identity(user), ...args], {
        seconds: 60,
        exactEnv: environment,
      });
      return { code: result.code, output: result.stdout + result.stderr };
    },
    async userIds() {
      const pid = await target();
      return pid === undefined ? [] : userIdsOf(await descendants(pid));
    },
    ended: (seconds) => whenEnded(child, seconds),
    async terminate(seconds) {
      const pid = await target();
      if (pid !== undefined) process.kill(pid, (config.stopSignal || 'SIGTERM') as NodeJS.Signals);
      return (await whenEnded(child, seconds)) !== undefined;
    },
    output: () => readFileSync(logFile, 'utf8'),
    async remove() {
      // Who becomes another user no longer hears that its parent ended: the first process is ended itself, and all of
      // its namespace with it.
      const pid = await target();
      if (pid !== undefined) kill(pid);
      child.kill('SIGKILL');
      await whenEnded(child, 10);
      await tryBuildah(['umount', name]);
      await tryBuildah(['rm', name]);
      rmSync(logFile, { force: true });
    },
  };
}

/** Runs one command in a fresh container of the image, with the image's user, folder and environment, to its end. */
export async function runInImage(
  image: string,
  config: ImageConfig,
  command: readonly string[],
): Promise<CommandResult> {
  const container = await startContainer(image, config, { command });
  try {
    const code = await container.ended(120);
    return { code: code ?? 124, output: container.output() };
  } finally {
    await container.remove();
  }
}

/**
 * Prepares what an engine gives a container: loopback, low ports for everybody, /proc, /dev, host names, and a session
 * of its own (Apache ends by a signal to its whole process group, which must not be ours).
 */
const setUp = `
set -e
PATH_INSIDE=$PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount --make-rprivate /
mount -t proc proc /proc
busybox ip link set lo up
echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start
mkdir -p "$0/proc" "$0/dev" "$0/sys" "$0/etc"
mount -t proc proc "$0/proc"
mount -t tmpfs -o mode=755 tmpfs "$0/dev"
for device in null:3 zero:5 full:7 random:8 urandom:9; do
  mknod -m 666 "$0/dev/\${device%:*}" c 1 "\${device#*:}"
done
ln -s /proc/self/fd "$0/dev/fd"
ln -s /proc/self/fd/0 "$0/dev/stdin"
ln -s /proc/self/fd/1 "$0/dev/stdout"
ln -s /proc/self/fd/2 "$0/dev/stderr"
mkdir -m 1777 "$0/dev/shm"
echo '127.0.0.1 localhost' > "$0/etc/hosts"
if [ -z "$PATH_INSIDE" ]; then PATH_INSIDE=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; fi
PATH=$PATH_INSIDE
exec /usr/bin/setsid "$@"
`;

function identity(user: User): string[] {
  return [`--setuid=${user.uid}`, `--setgid=${user.gid}`];
}

function splitVariable(variable: string): [string, string] {
  const equals = variable.indexOf('=');
  return [variable.slice(0, equals), variable.slice(equals + 1)];
}

function probeCommand(test: readonly string[]): string[] | undefined {
  const [kind, ...rest] = test;
  if (kind === 'CMD') return rest;
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', ...rest];
  return undefined;
}

async function askOnce(pid: number, port: number, question: Question): Promise<Answer | undefined> {
  const send =
    question.body === undefined ? [] : ['-H', 'content-type: application/json', '-d', question.body];
  const method = question.method === undefined ? [] : ['-X', question.method];
  const url = `http://127.0.0.1:${port}${question.path}`;
  const curl = ['curl', '-sS', '-m', '10', '-w', '\n%{http_code}', ...method, ...send, url];
  const result = await tryRun('/usr/bin/nsenter', ['--net', '--target', String(pid), ...curl]);
  if (result.code !== 0) return undefined;
  const end = result.stdout.lastIndexOf('\n');
  return { status: Number(result.stdout.slice(end + 1)), body: result.stdout.slice(0, end) };
}

/** Ends a process that may have ended by itself meanwhile. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Then there is nothing left to end.
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  // Every thread lists its own children.
  const listed = await tryRun('sh', ['-c', `cat /proc/${pid}/task/*/children`]);
  return listed.stdout.split(/\s+/).filter(Boolean).map(Number);
}

/** A process and all below it. */
async function descendants(pid: number): Promise<number[]> {
  const below = await Promise.all((await childrenOf(pid)).map(descendants));
  return [pid, ...below.flat()];
}

function userIdsOf(pids: readonly number[]): number[] {
  const ids = new Set<number>();
  for (const pid of pids) {
    const file = `/proc/${pid}/status`;
    const id = existsSync(file) ? /^Uid:\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
    if (id !== undefined) ids.add(Number(id));
  }
  return [...ids];
}

async function whenEnded(child: ChildProcess, seconds: number): Promise<number | undefined> {
  const until = Date.now() + seconds * 1000;
  while (child.exitCode === null && child.signalCode === null) {
    if (Date.now() > until) return undefined;
    await sleep(50);
  }
  return child.exitCode ?? 137;
}
