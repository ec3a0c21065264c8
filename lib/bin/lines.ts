import { asyncScheduler, defer, finalize, ignoreElements, tap, type Observable } from 'rxjs';
import type { Output } from './Io.js';
import { lineWriter } from './lineWriter.js';
import type { Heard } from './openSource.js';
import { plainLine } from './plainLine.js';

/** Writes each event as a line of JSON. A line with `kind: "dropped"` counts those that a slow reader has missed. */
export const jsonLines = (out: Output) => jsonOf(out, ({ event }: Heard) => event);

/** Writes each event as a line for people. */
export const plainLines = (out: Output) => linesOf(out, ({ source, event }: Heard) => plainLine(source, event));

/** Writes a part of each value as a line of JSON, and counts what a slow reader has missed. */
export const jsonOf = <A>(out: Output, part: (value: A) => unknown) =>
  written<A>(
    out,
    (value) => JSON.stringify(part(value)),
    (count) => JSON.stringify({ kind: 'dropped', receivedAt: asyncScheduler.now(), count }),
  );

/** Writes a line for each value, and says how many a slow reader has missed. */
export const linesOf = <A>(out: Output, line: (value: A) => string) =>
  written(out, line, (count) => `... ${count} left out: the reader is too slow`);

const written =
  <A>(out: Output, line: (value: A) => string, lost: (count: number) => string) =>
  (values$: Observable<A>): Observable<never> =>
    defer(() => {
      const writer = lineWriter(out, lost);
      return values$.pipe(
        tap((value) => writer.write(line(value))),
        ignoreElements(),
        finalize(writer.end),
      );
    });
