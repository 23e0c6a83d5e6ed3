import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimiter, createSharedWork, wait } from '../../server/src/host/images/work.ts';

const never = new AbortController().signal;

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('a limiter runs so many tasks at once, in order, whatever becomes of them', async () => {
  const limit = createLimiter(2);
  const started: number[] = [];
  const tasks = [0, 1, 2, 3].map(() => deferred<number>());
  const results = tasks.map((task, index) =>
    limit(() => {
      started.push(index);
      return task.promise;
    }, never).catch(() => -1),
  );
  await settled();
  assert.deepEqual(started, [0, 1]);
  tasks[1]?.reject(new Error('failed'));
  await settled();
  assert.deepEqual(started, [0, 1, 2]);
  for (const [index, task] of tasks.entries()) {
    task.resolve(index);
  }
  assert.deepEqual(await Promise.all(results), [0, -1, 2, 3]);
});

test('who waits in a limiter may give up', async () => {
  const limit = createLimiter(1);
  const first = deferred<string>();
  const running = limit(() => first.promise, never);
  const abort = new AbortController();
  const waiting = limit(async () => 'never', abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  first.resolve('done');
  assert.equal(await running, 'done');
  assert.equal(await limit(async () => 'next', never), 'next');
});

test('equal questions at the same time are one piece of work', async () => {
  const share = createSharedWork<string>(10_000);
  const answer = deferred<string>();
  let count = 0;
  const work = (): Promise<string> => {
    count++;
    return answer.promise;
  };
  const both = [share('a', work, never), share('a', work, never)];
  const another = share('b', async () => 'other', never);
  await settled();
  answer.resolve('same');
  assert.deepEqual(await Promise.all(both), ['same', 'same']);
  assert.equal(await another, 'other');
  assert.equal(count, 1);
  await share('a', async () => 'anew', never);
});

test('work goes on while somebody waits for it, and stops when nobody does', async () => {
  const share = createSharedWork<string>(10_000);
  let seen: AbortSignal | undefined;
  const work = (signal: AbortSignal): Promise<string> => {
    seen = signal;
    return new Promise(() => {});
  };
  const first = new AbortController();
  const second = new AbortController();
  const waiting = [share('a', work, first.signal), share('a', work, second.signal)];
  first.abort(new Error('first'));
  await assert.rejects(waiting[0] as Promise<string>, /first/);
  assert.equal(seen?.aborted, false);
  second.abort(new Error('second'));
  await assert.rejects(waiting[1] as Promise<string>, /second/);
  assert.equal(seen?.aborted, true);
  // Who asks now does not join what was given up.
  assert.equal(await share('a', async () => 'new', never), 'new');
});

test('work has a deadline', async () => {
  const share = createSharedWork<string>(20);
  const late = share('a', (signal) => wait(60_000, signal).then(() => 'late'), never);
  await assert.rejects(late, { name: 'TimeoutError' });
});

test('a failure is told to everybody who waits, and is not kept', async () => {
  const share = createSharedWork<string>(10_000);
  const answer = deferred<string>();
  const both = [share('a', () => answer.promise, never), share('a', () => answer.promise, never)];
  answer.reject(new Error('broken'));
  for (const one of both) {
    await assert.rejects(one, /broken/);
  }
  assert.equal(await share('a', async () => 'well', never), 'well');
});

test('waiting ends at once when nobody cares any more', async () => {
  const abort = new AbortController();
  const waiting = wait(60_000, abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  await assert.rejects(wait(1, abort.signal), /enough/);
});

test('the deadline holds whatever is collected, and for work that does not listen', async () => {
  const collect = await collector();
  const share = createSharedWork<void>(150);
  const deaf = share('deaf', () => new Promise(() => {}), never);
  const silent = Array.from({ length: 8 }, (_, i) =>
    share(
      `silent ${i}`,
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      never,
    ),
  );
  const ended = Promise.allSettled([deaf, ...silent]);
  for (let i = 0; i < 10; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const answer of await ended) {
    assert.equal(answer.status === 'rejected' && (answer.reason as Error).name, 'TimeoutError');
  }
});

/** The garbage collection of this process. */
async function collector(): Promise<() => void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
