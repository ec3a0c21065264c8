import fc from 'fast-check';
import { asyncScheduler, from, NEVER, of, throwError, type Observable } from 'rxjs';
import { HistoryRefused, HistoryUnavailable } from '../../lib/history/errors.js';
import type { HistoryQuery } from '../../lib/history/History.js';
import type { Backfilled, FeedEvent } from '../../lib/model/feedEvent.js';
import type { Kline } from '../../lib/model/marketEvent.js';
import { backfill } from '../../lib/operators/backfill/backfill.js';
import { toKlines } from '../../lib/operators/klines/toKlines.js';
import { marbles } from '../../lib/testing/marbles.js';
import { barsOf, executions, feedOf, historyOf, MINUTE, SECOND, SYMBOL } from '../operators/backfill/market.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);
const MINUTES = 24;
const END = 90 * MINUTE;

/** Where the link is lost, in order and apart. */
const cuts = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 240 })), { minLength: 1, maxLength: 4 })
  .map((steps) => {
    let at = 2 * MINUTE;
    return steps.map(([live, lost]) => {
      const from = at + live * SECOND;
      at = from + lost * SECOND;
      return [from, at] as const;
    });
  });

type Answer = (query: HistoryQuery, rows: readonly Kline[], call: number) => Observable<Kline>;

const changed =
  (change: (kline: Kline) => Kline): Answer =>
  (_, rows) =>
    from(rows.map(change));
const scaled =
  (by: number) =>
  (kline: Kline): Kline => ({
    ...kline,
    open: kline.open * by,
    high: kline.high * by,
    low: kline.low * by,
    close: kline.close * by,
  });

/** Histories that are right, though not at once, not in order, or with more than was asked for. */
const right: Readonly<Record<string, Answer>> = {
  plain: (_, rows) => from(rows),
  'in any order, twice, and of others': (query, rows) =>
    from(
      [...rows, ...rows]
        .reverse()
        .flatMap((kline) => [
          kline,
          { ...kline, symbol: 'OTHER.BA', close: 1 },
          { ...kline, interval: '5m' as const },
          { ...kline, open: NaN },
        ]),
    ).pipe((klines$) => (query.from === query.to ? NEVER : klines$)),
  'out of order': (_, rows, call) =>
    call % 3 === 1 ? throwError(() => new HistoryUnavailable('no answer', 503)) : from(rows),
  'asked too often': (_, rows, call) =>
    call % 3 === 1
      ? throwError(() => new HistoryRefused({ status: 429, retryAfter: 3_000, reason: 'slow down' }))
      : from(rows),
};
/** Histories that are wrong in all they say. */
const wrong: Readonly<Record<string, Answer>> = {
  'a hundred times the volume': changed((kline) => ({ ...kline, volume: kline.volume * 100 })),
  'adjusted prices': changed(scaled(0.5)),
  'stamps a bar late': changed((kline) => ({
    ...kline,
    openTime: kline.openTime + MINUTE,
    closeTime: kline.closeTime + MINUTE,
  })),
  'stamps a bar early': changed((kline) => ({
    ...kline,
    openTime: kline.openTime - MINUTE,
    closeTime: kline.closeTime - MINUTE,
  })),
};
/** Histories that say nothing. */
const mute: Readonly<Record<string, Answer>> = {
  'no answer': () => NEVER,
  garbage: changed((kline) => ({ ...kline, open: NaN, high: Infinity, openTime: NaN })),
  'a server error': () => throwError(() => new HistoryUnavailable('down', 500)),
  'an unknown symbol': () => throwError(() => new HistoryRefused({ code: 'E001', reason: 'no such product' })),
  'a refused credential': () => throwError(() => new HistoryRefused({ status: 401, reason: 'bad key' })),
  'a defect': () => throwError(() => new TypeError('x is not a function')),
  nothing: () => of(),
};

const run = (
  flush: () => void,
  seed: number,
  form: 'trades' | 'figures' | 'quotes',
  lost: readonly (readonly [number, number])[],
  answer: Answer,
  budget = { calls: 4, per: MINUTE },
) => {
  const truth = executions(seed, MINUTES);
  const bars = barsOf(truth);
  const { history, asked } = historyOf(bars, answer, { budget });
  const live: FeedEvent[] = [];
  const heard: { readonly event: FeedEvent; readonly at: number }[] = [];
  const final = new Map<number, Kline>();
  feedOf(truth, form, lost).subscribe((event) => live.push(event));
  feedOf(truth, form, lost)
    .pipe(backfill(history, { interval: '1m' }))
    .subscribe((event) => heard.push({ event, at: asyncScheduler.now() }));
  const second = historyOf(bars, answer, { budget });
  feedOf(truth, form, lost)
    .pipe(backfill(second.history, { interval: '1m' }), toKlines('1m', { forming: false }))
    .subscribe((bar) => final.set(bar.openTime, bar));
  asyncScheduler.schedule(() => undefined, END);
  flush();
  const repaired = heard.flatMap(({ event, at }) => (event.kind === 'kline' ? [{ bar: event, at }] : []));
  const ends = heard.flatMap(({ event }) => (event.kind === 'backfilled' ? [event] : []));
  const passed = heard.filter(({ event }) => event.kind !== 'kline' && event.kind !== 'backfilled');
  return { truth: new Map(bars.map((bar) => [bar.openTime, bar])), live, passed, repaired, ends, asked, final };
};

const figures = ({ open, high, low, close, volume }: Kline) => ({ open, high, low, close, volume });
const isLost = (openTime: number, lost: readonly (readonly [number, number])[]): boolean =>
  lost.some(([from, to]) => from < openTime + MINUTE && to > openTime);

/** What holds whatever the history does. */
const check = (
  { live, passed, asked, ends, repaired }: ReturnType<typeof run>,
  lost: readonly (readonly [number, number])[],
  form: string,
): void => {
  // Live never waits, and loses nothing.
  expect(passed.map(({ event }) => event)).toEqual(live);
  expect(passed.filter(({ event, at }) => at > event.receivedAt)).toEqual([]);
  for (const { at } of asked) {
    expect(asked.filter((other) => other.at >= at && other.at < at + MINUTE).length).toBeLessThanOrEqual(4);
  }
  // Each hole ends in one event, and a bar is in one.
  expect(ends.length).toBeGreaterThan(0);
  const covered = (openTime: number): number => ends.filter(({ from, to }) => from <= openTime && to > openTime).length;
  for (let openTime = 0; openTime < MINUTES * MINUTE; openTime += MINUTE) {
    if (isLost(openTime, lost)) expect([openTime, covered(openTime)]).not.toEqual([openTime, 0]);
  }
  for (const { bar, at } of repaired) {
    expect(bar).toMatchObject({ source: 'backfill', closed: true, symbol: SYMBOL, feed: 'itick:crypto' });
    expect(at).toBeGreaterThanOrEqual(bar.closeTime + 5 * SECOND);
    // The bar in which the figure told of a hole that is explained now is corrected as well.
    if (!isLost(bar.openTime, lost)) expect([form !== 'trades', bar.coverage, bar.missedVolume]).toEqual([true, 1, 0]);
    else expect(bar.coverage).toBeLessThan(1);
  }
  const keys = repaired.map(({ bar }) => `${bar.openTime} ${bar.revision}`);
  expect(new Set(keys).size).toBe(keys.length);
};

const forms = fc.constantFrom('trades' as const, 'figures' as const, 'quotes' as const);
const some = (answers: Readonly<Record<string, Answer>>) =>
  fc.constantFrom(...Object.keys(answers)).map((name) => name);

describe('a feed whose holes are repaired', () => {
  it('has the bars of the truth, none twice and none missing', () => {
    fc.assert(
      fc.property(fc.nat(), forms, cuts, some(right), (seed, form, lost, name) =>
        marbles(({ flush }) => {
          const found = run(flush, seed, form, lost, right[name] ?? NEVER_ANSWERS);
          check(found, lost, form);
          for (const { bar } of found.repaired)
            expect(figures(bar)).toEqual(figures(found.truth.get(bar.openTime) ?? bar));
          const isRepaired = (openTime: number): boolean => found.repaired.some(({ bar }) => bar.openTime === openTime);
          for (const [openTime, bar] of found.truth) {
            if (!isLost(openTime, lost)) continue;
            expect([openTime, isRepaired(openTime)]).toEqual([openTime, true]);
            expect(figures(found.final.get(openTime) ?? ({} as Kline))).toEqual(figures(bar));
            expect(found.final.get(openTime)?.missedVolume).toBe(0);
          }
          if (form !== 'figures') return;
          // Without a figure behind it nothing proves that a minute without a bar had no trades.
          const last = found.live.filter(({ kind }) => kind === 'trade').at(-1)?.receivedAt ?? 0;
          const proven = found.ends.filter(({ to }) => to <= last).map(({ outcome }) => outcome);
          expect(proven).toEqual(proven.map(() => 'whole'));
        })(),
      ),
      { numRuns },
    );
  });

  it('uses nothing of a history that is wrong', () => {
    fc.assert(
      fc.property(fc.nat(), forms, cuts, some(wrong), (seed, form, lost, name) =>
        marbles(({ flush }) => {
          const found = run(flush, seed, form, lost, wrong[name] ?? NEVER_ANSWERS);
          check(found, lost, form);
          const isCompared = ({ proof }: Backfilled): boolean => proof.overlap.compared > 0;
          for (const end of found.ends.filter(isCompared)) {
            expect(end).toMatchObject({
              outcome: 'none',
              bars: 0,
              reason: expect.stringContaining('history') as string,
            });
            expect(found.repaired.filter(({ bar }) => bar.openTime >= end.from && bar.openTime < end.to)).toEqual([]);
          }
        })(),
      ),
      { numRuns },
    );
  });

  it('goes on as it is where the history says nothing', () => {
    fc.assert(
      fc.property(fc.nat(), forms, cuts, some(mute), (seed, form, lost, name) =>
        marbles(({ flush }) => {
          const found = run(flush, seed, form, lost, mute[name] ?? NEVER_ANSWERS);
          check(found, lost, form);
          expect(found.repaired).toEqual([]);
          if (form === 'figures') return;
          for (const end of found.ends) expect(end.bars).toBe(0);
        })(),
      ),
      { numRuns },
    );
  });
});

const NEVER_ANSWERS: Answer = () => NEVER;
