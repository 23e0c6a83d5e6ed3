import { Writable } from 'node:stream';

/** Output that is kept until it may be printed, so that suites that run side by side do not mix theirs. */
export class HeldOutput extends Writable {
  private held: Buffer[] | undefined = [];

  /** Prints what was kept, and everything that follows at once. */
  release(): void {
    for (const chunk of this.held ?? []) {
      process.stdout.write(chunk);
    }
    this.held = undefined;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.held === undefined) {
      process.stdout.write(chunk);
    } else {
      this.held.push(chunk);
    }
    done();
  }
}
