import { concat, interval, map, NEVER, take, throwError } from 'rxjs';
import { liveTable } from '../../lib/bin/views/watch.js';
import type { SourceEvent } from '../../lib/bin/sources.js';
import { quotes } from '../../lib/index.js';
import { aQuote, marbles } from '../../lib/testing/index.js';
import { fakeIo } from './fakeIo.js';

const source = {
  name: 'itick:stock',
  vendor: 'itick',
  variant: 'stock',
  topics: quotes('AAPL.US'),
  credential: 'demo',
  url: undefined,
} as const;
const table = (io: Pick<ReturnType<typeof fakeIo>, 'stdin' | 'stdout'>) =>
  liveTable({ sources: [source], title: 'itick:stock', colors: 'none' }, io);
const heard = (last: number): SourceEvent => ({ source: 'itick:stock', event: aQuote({ last, receivedAt: 0 + last }) });
const rowsDrawn = (text: string): number => text.split('\u001b[5;1H').length - 1;
const BUSY_FRAMES = 6;
const LATER_CHANGES_OF_AGE = 1;
const LEAVE = '\u001b[?1049l';

describe('liveTable', () => {
  it(
    'draws at most ten times a second, whatever the load, and only when something changed',
    marbles(({ expectObservable, flush }) => {
      const io = fakeIo({ terminal: true });
      const busy$ = concat(interval(1).pipe(take(500), map(heard)), NEVER);
      expectObservable(busy$.pipe(table(io)), '2s !').toBe('');
      flush();
      expect(rowsDrawn(io.stdout.text)).toBe(BUSY_FRAMES + LATER_CHANGES_OF_AGE);
    }),
  );

  it(
    'counts events per second, once a second',
    marbles(({ expectObservable, flush }) => {
      const io = fakeIo({ terminal: true });
      const busy$ = interval(4).pipe(map(heard));
      expectObservable(busy$.pipe(table(io)), '2050ms !').toBe('');
      flush();
      expect(io.stdout.text.match(/\d+ events/g)).toEqual(['0 events', '250 events', '250 events']);
    }),
  );

  it(
    'leaves the terminal as it was, with the last table on it, when it is unsubscribed',
    marbles(({ cold, expectObservable, flush }) => {
      const io = fakeIo({ terminal: true });
      expectObservable(cold('a', { a: heard(42) }).pipe(table(io)), '50ms !').toBe('');
      flush();
      expect(io.stdout.text.split(LEAVE)[1]).toMatch(/^rxtape itick:stock\s+SYMBOL[^]*AAPL\.US +42 /);
      expect(io.stdin.raw).toEqual([true, false]);
    }),
  );

  it(
    'does the same when there is nothing more to hear',
    marbles(({ cold, expectObservable, flush }) => {
      const io = fakeIo({ terminal: true });
      expectObservable(cold('a 49ms |', { a: heard(42) }).pipe(table(io))).toBe('- 49ms |');
      flush();
      expect(io.stdout.text.split(LEAVE)[1]).toMatch(/AAPL\.US +42 /);
    }),
  );

  it(
    'does the same before it passes an error on',
    marbles(({ expectObservable, flush }) => {
      const io = fakeIo({ terminal: true });
      expectObservable(throwError(() => new Error('over')).pipe(table(io))).toBe('#', undefined, new Error('over'));
      flush();
      expect(io.stdout.text).toContain(LEAVE);
    }),
  );
});
