import { asyncScheduler, defer, finalize, ignoreElements, tap, type Observable } from 'rxjs';
import type { Output } from './Io.js';
import { lineWriter } from './lineWriter.js';
import type { Heard } from './openSource.js';
import { plainLine } from './plainLine.js';

/** Writes each event as a line of JSON. A line with `kind: "dropped"` counts those that a slow reader has missed. */
export const jsonLines = (out: Output) =>
  written(
    out,
    ({ event }) => JSON.stringify(event),
    (count) => JSON.stringify({ kind: 'dropped', receivedAt: asyncScheduler.now(), count }),
  );

/** Writes each event as a line for people. */
export const plainLines = (out: Output) =>
  written(
    out,
    ({ source, event }) => plainLine(source, event),
    (count) => `... ${count} left out: the reader is too slow`,
  );

const written =
  (out: Output, line: (heard: Heard) => string, lost: (count: number) => string) =>
  (heard$: Observable<Heard>): Observable<never> =>
    defer(() => {
      const writer = lineWriter(out, lost);
      return heard$.pipe(
        tap((heard) => writer.write(line(heard))),
        ignoreElements(),
        finalize(writer.end),
      );
    });
