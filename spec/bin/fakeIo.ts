import { Readable, Writable } from 'node:stream';
import { Subject } from 'rxjs';
import type { Io } from '../../lib/bin/terminal.js';

/** A terminal or a pipe that keeps what was written. */
export class FakeOutput extends Writable {
  text = '';
  columns = 120;
  rows = 30;
  /** Called with all the text so far, after each write. */
  onText: (text: string) => void = () => undefined;
  /** Set to make writing fail. */
  failure: NodeJS.ErrnoException | undefined;
  /** Set to keep what is written waiting. */
  stuck = false;

  constructor(readonly isTTY = false) {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error) => void): void {
    if (this.failure) return done(this.failure);
    this.text += chunk;
    if (!this.stuck) done();
    this.onText(this.text);
  }

  lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

export class FakeInput extends Readable {
  raw: boolean[] = [];
  constructor(readonly isTTY = false) {
    super({ read: () => undefined });
  }
  setRawMode(raw: boolean): void {
    this.raw.push(raw);
  }
}

export const fakeIo = ({ terminal = false } = {}) => {
  const interrupted$ = new Subject<void>();
  return {
    stdin: new FakeInput(terminal),
    stdout: new FakeOutput(terminal),
    stderr: new FakeOutput(terminal),
    interrupted$,
  } satisfies Io;
};

/** An error as a failed system call has it. */
export const systemError = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`write ${code}`), { code });
