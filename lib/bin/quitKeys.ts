import { filter, fromEvent, map, Observable } from 'rxjs';
import type { Input } from './Io.js';

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
