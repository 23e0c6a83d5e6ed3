import type { ServerHost } from './host.ts';

/** A function that runs `action` once it has not been called for so many milliseconds. */
export function debounce(
  host: Pick<ServerHost, 'startTimer'>,
  milliseconds: number,
  action: () => void,
): () => void {
  let cancel: (() => void) | undefined;
  return () => {
    cancel?.();
    cancel = host.startTimer(milliseconds, action);
  };
}
