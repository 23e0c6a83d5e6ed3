/** Where lines of the log go; a language server connection's console fits. */
export interface LogSink {
  error(line: string): void;
  warn(line: string): void;
  info(line: string): void;
}

/** The log of the server. Says nothing twice: typing repeats whatever goes wrong. */
export class Log {
  private readonly sink: LogSink;
  private readonly said = new Set<string>();

  constructor(sink: LogSink) {
    this.sink = sink;
  }

  info(line: string): void {
    this.sink.info(line);
  }

  /** Something of the user's that cannot be used, and what happens instead. */
  warn(line: string): void {
    if (this.isNew(line)) {
      this.sink.warn(line);
    }
  }

  /** Something that threw. The first place it was thrown from is what tells two failures apart. */
  failure(where: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (this.isNew(`${where} ${text.split('\n').slice(0, 2).join(' ')}`)) {
      this.sink.error(`${where} failed: ${text}`);
    }
  }

  private isNew(key: string): boolean {
    if (this.said.has(key)) {
      return false;
    }
    // A server runs for days: what it memoizes stays bounded.
    if (this.said.size >= 1000) {
      this.said.clear();
    }
    this.said.add(key);
    return true;
  }
}
