import { modelOf } from '../engine/analyze.ts';
import { shellQuestions } from '../engine/shell-checks.ts';
import type { ServerHost } from './host.ts';
import type { Log } from './log.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

export interface ShellLearningOptions {
  readonly host: ServerHost;
  readonly snapshots: Snapshots;
  readonly log: Log;
  /** Something new is known: what is shown is out of date. */
  readonly onLearned: () => void;
}

/** Asks ShellCheck about the RUNs of open documents, behind the editor's back. */
export interface ShellLearning {
  /** A document was opened or changed. */
  didChange(uri: string): void;
  didClose(uri: string): void;
}

/** Pause in typing before ShellCheck is started: half a word is no shell text. */
const pause = 500;

export function createShellLearning({
  host,
  snapshots,
  log,
  onLearned,
}: ShellLearningOptions): ShellLearning {
  const { shellCheck } = host;
  if (shellCheck === undefined) {
    return { didChange: () => {}, didClose: () => {} };
  }
  const waiting = new Map<string, () => void>();
  /** Documents that wait for their turn: ShellCheck runs once at a time, however many are open. */
  const due = new Set<string>();
  let isAsking = false;

  const ask = async (uri: string): Promise<void> => {
    const snapshot = await snapshots.of(uri);
    if (snapshot?.input.shellChecks === undefined) {
      return;
    }
    if (await shellCheck.learn(() => shellQuestions(modelOf(snapshot.input)), programOf(snapshot))) {
      onLearned();
    }
  };
  const askAll = async (): Promise<void> => {
    if (isAsking) {
      return;
    }
    isAsking = true;
    for (const uri of due) {
      due.delete(uri);
      await ask(uri).catch((error) => log.failure('Asking ShellCheck', error));
    }
    isAsking = false;
  };
  const stop = (uri: string): void => {
    waiting.get(uri)?.();
    waiting.delete(uri);
    due.delete(uri);
  };
  return {
    didChange(uri) {
      stop(uri);
      const start = (): void => {
        waiting.delete(uri);
        due.add(uri);
        void askAll();
      };
      waiting.set(uri, host.startTimer(pause, start));
    },
    didClose: stop,
  };
}

/** The program that the setting names; undefined for the one on PATH. */
function programOf({ settings: { editor } }: Snapshot): string | undefined {
  return editor.shellCheck === 'auto' ? undefined : editor.shellCheck;
}
