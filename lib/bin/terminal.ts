import type { Readable, Writable } from 'node:stream';
import {
  asyncScheduler,
  defer,
  endWith,
  filter,
  finalize,
  fromEvent,
  ignoreElements,
  map,
  merge,
  NEVER,
  Observable,
  takeUntil,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import { clock as timeOfDay } from './format.js';
import type { Frame } from './line.js';
import type { SourceEvent } from './sources.js';

/** A stream that may be a terminal. */
export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

interface Input extends Readable {
  readonly isTTY?: boolean;
  readonly setRawMode?: (raw: boolean) => unknown;
}

/** The world outside, as far as the console touches it. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Emits when the user ends the program. */
  readonly interrupted$: Observable<unknown>;
  /** The version of the package. */
  readonly version?: () => string;
}

/** Emits on a signal, when the time is up, and when the reader has left; fails when writing fails. */
export const stopped = ({ stdout, interrupted$ }: Pick<Io, 'stdout' | 'interrupted$'>, length: number | undefined) =>
  merge(interrupted$, length === undefined ? NEVER : timer(length), readerLeft(stdout));

/** Emits when the reader has left; fails when writing fails for any other reason. */
const readerLeft = (out: Output): Observable<unknown> =>
  fromEvent(out, 'error').pipe(
    map((error) => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error as Error;
    }),
  );

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const QUIT = ['q', 'Q', CTRL_C, CTRL_D];

/** Emits on `q`, Ctrl-C and Ctrl-D, which a terminal no longer handles while single keys are read from it. */
export const quitKeys = (stdin: Input): Observable<unknown> =>
  new Observable((subscriber) => {
    if (!stdin.isTTY || !stdin.setRawMode) return;
    const keys = fromEvent(stdin, 'data')
      .pipe(
        map(String),
        filter((typed) => QUIT.some((key) => typed.includes(key))),
      )
      .subscribe(subscriber);
    stdin.setRawMode(true);
    stdin.resume();
    return () => {
      keys.unsubscribe();
      stdin.setRawMode?.(false);
      stdin.pause();
    };
  });

interface Screen {
  /** Shows these lines and nothing else; writes only those that have changed. */
  readonly draw: (lines: readonly string[]) => void;
  /** Gives the terminal back as it was, with these lines left on it. */
  readonly leave: (last: readonly string[]) => void;
}

const ESC = '\u001b[';
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
const CLEAR_SCREEN = `${ESC}H${ESC}2J`;

/**
 * Takes a terminal over: the alternate screen, so that a change of size cannot smear lines over what was there before,
 * without cursor and line wrapping.
 */
export const openScreen = (out: Output): Screen => {
  let shown: readonly string[] = [];
  let size = '';
  out.write(ENTER);

  return {
    draw: (lines) => {
      // A terminal that is behind is skipped; the next frame shows all.
      if (out.writableLength > 0) return;
      const current = `${out.columns}x${out.rows}`;
      const fresh = current !== size;
      const before = fresh ? [] : shown;
      let text = fresh ? CLEAR_SCREEN : '';
      // Erasing comes first: after a line that fills the terminal it would take the last character away.
      for (let i = 0; i < Math.max(lines.length, before.length); i += 1) {
        const line = lines[i] ?? '';
        if (line !== (before[i] ?? '')) text += `${ESC}${i + 1};1H${ESC}K${line}`;
      }
      if (text) out.write(text);
      shown = lines;
      size = current;
    },
    leave: (last) => {
      out.write(LEAVE + last.map((line) => `${line}\n`).join(''));
    },
  };
};

/** How far something is, in one line that is drawn again and again. */
interface StatusLine {
  readonly show: (text: string) => void;
  /** Says something that stays. */
  readonly note: (text: string) => void;
  /** Takes the line away; what was noted stays. */
  readonly end: () => void;
}

const CLEAR_LINE = '\r\u001b[K';

/** A line that is drawn anew in its place; where that is impossible, each is a line of its own. */
export const statusLine = (out: Output, redraws: boolean): StatusLine => {
  if (!redraws) {
    const write = (text: string): void => void out.write(`${text}\n`);
    return { show: write, note: write, end: () => undefined };
  }
  let shown = '';
  return {
    show: (text) => {
      // A line that wraps could not be taken back.
      shown = text.slice(0, (out.columns ?? 80) - 1);
      out.write(CLEAR_LINE + shown);
    },
    note: (text) => void out.write(`${CLEAR_LINE}${text}\n${shown}`),
    end: () => void out.write(CLEAR_LINE),
  };
};

/** By what time things are shown: how old they are, and how long to a retry. */
export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether it is not the time of this machine, and worth a place on the screen. */
  readonly foreign: boolean;
}

/** The time of this machine. */
const here: Clock = { now: () => asyncScheduler.now(), foreign: false };

/** What is kept of the events, and how it looks. */
interface Picture<A = SourceEvent> {
  /** Takes the events in; what it emits is ignored. */
  readonly watch: (events$: Observable<A>) => Observable<unknown>;
  /** Counts the rates of all links anew. */
  readonly count: (now: number) => void;
  readonly lines: (frame: Pick<Frame, 'hint' | 'width' | 'height' | 'now'>) => readonly string[];
}

/** Milliseconds between two frames. */
const BEAT = 100;
const BEATS_PER_COUNT = 10;

const OVER = 'over';

/**
 * Keeps a picture on a terminal, drawn at most ten times a second whatever the load. Completes when the user quits, and
 * when the events have ended.
 */
export const liveScreen =
  <A = SourceEvent>(
    pictureAt: (now: number) => Picture<A>,
    { stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>,
    { now, foreign }: Clock = here,
  ) =>
  (events$: Observable<A>): Observable<never> =>
    defer(() => {
      const picture = pictureAt(now());
      const lines = (frame: Partial<Frame>): readonly string[] => {
        const { columns: width = 80, rows: height = 24 } = stdout;
        return picture.lines({ hint: '', width, height, now: now(), ...frame });
      };
      const screen = openScreen(stdout);
      const frames$ = timer(0, BEAT).pipe(
        tap((beat) => {
          if (beat % BEATS_PER_COUNT === 0) picture.count(now());
          screen.draw(lines({ hint: `${foreign ? `${timeOfDay(now()).slice(0, 8)}  ` : ''}q or Ctrl-C quits` }));
        }),
      );
      const heardOut$ = picture.watch(events$).pipe(ignoreElements(), endWith(OVER));
      return merge(heardOut$, frames$.pipe(ignoreElements())).pipe(
        takeWhile((value) => value !== OVER),
        ignoreElements(),
        finalize(() => screen.leave(lines({ height: Infinity }))),
      );
    }).pipe(
      // Listens for keys before the screen opens: a job in the background is stopped here, with its terminal untouched.
      takeUntil(quitKeys(stdin)),
    );
