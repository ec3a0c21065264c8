import type { Readable, Writable } from 'node:stream';
import type { Observable } from 'rxjs';

/** A stream that may be a terminal. */
export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Input extends Readable {
  readonly isTTY?: boolean;
  readonly setRawMode?: (raw: boolean) => unknown;
}

/** The world outside, as far as the console touches it. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Emits when somebody asks the program to end. */
  readonly interrupted$: Observable<unknown>;
}
