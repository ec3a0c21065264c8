import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { HistoryRefused } from '../../lib/history/errors.js';
import { SECRET } from '../secrets/secret.cjs';
import { atTime } from './atTime.js';
import { fakeRest, heard, ownCredential } from './fakeRest.js';
import { trueBar, vendors, type TrueBar } from './vendors.js';

const MINUTE = 60_000;
/** Ten in the morning of a Wednesday in Shanghai. */
const START = Date.UTC(2026, 6, 1, 2);

const minutes = (picks: readonly boolean[]): readonly TrueBar[] =>
  picks.flatMap((isThere, i) => (isThere ? [trueBar(START + i * MINUTE)] : []));

describe.each(Object.entries(vendors))('the bars of %s', (_, vendor) => {
  const [first, second, third] = vendor.symbols;

  it('are exactly those of the span, whatever the vendor makes of pages', () => {
    const picks = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(picks, { minLength: 1, maxLength: 3 }),
        fc.record({
          includesEnd: fc.boolean(),
          asText: fc.boolean(),
          cap: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 70 })),
          seed: fc.nat(),
        }),
        fc.nat(3_600_000),
        fc.nat(3_600_000),
        // Also just before a bar ends: it is not over when it is asked for.
        fc.oneof(
          fc.integer({ min: 0, max: 70 * MINUTE }),
          fc.tuple(fc.integer({ min: 1, max: 70 }), fc.nat(60)).map(([n, early]) => n * MINUTE - early),
        ),
        (kept, { seed, ...manners }, one, other, now) =>
          atTime(START + now, (flush) => {
            const bars = new Map(kept.map((picks, i) => [vendor.symbols[i]!, minutes(picks)]));
            const order = (rows: readonly TrueBar[]): readonly TrueBar[] =>
              [...rows, ...rows.slice(0, seed % 3)].sort((a, b) => ((a.t * seed) % 101) - ((b.t * seed) % 101));
            const { fetch } = fakeRest(vendor.answer(bars, { ...manners, order }), 50);
            const budget = { calls: 1_000, per: 1 };
            const history = vendor.historyOf({ credential: ownCredential(SECRET), fetch, budget });
            const [from, to] = [START + Math.min(one, other), START + Math.max(one, other)];
            const asked = { interval: '1m', symbols: [...bars.keys()], from, to } as const;
            const { values, end } = heard(history.klines(asked));
            flush();
            expect(end.error).toBeUndefined();
            expect(end.complete).toBe(true);
            for (const [symbol, truth] of bars) {
              const found = values.filter((bar) => bar.symbol === symbol);
              const isAsked = ({ t }: TrueBar): boolean => t >= from && t < to && t + MINUTE <= START + now;
              expect(
                found.map(({ openTime, open, high, low, close, volume, turnover }) => ({
                  t: openTime,
                  o: open,
                  h: high,
                  l: low,
                  c: close,
                  v: volume,
                  tu: turnover,
                })),
              ).toEqual(truth.filter(isAsked));
            }
          })(),
      ),
      { numRuns: 150 },
    );
  });

  const bars = new Map(vendor.symbols.map((symbol) => [symbol, minutes(Array.from({ length: 30 }, () => true))]));
  const query = { interval: '1m', symbols: [first], from: START + 5 * MINUTE, to: START + 8 * MINUTE } as const;
  const later = START + 60 * MINUTE;
  const within = (
    check: (run: {
      readonly start: (query?: object) => ReturnType<typeof heard<unknown>>;
      readonly rest: ReturnType<typeof fakeRest>;
      readonly flush: () => void;
    }) => void,
    answer = vendor.answer(bars),
    latency = 50,
  ) =>
    atTime(later, (flush) => {
      const rest = fakeRest(answer, latency);
      const history = vendor.historyOf({
        credential: ownCredential(SECRET),
        fetch: rest.fetch,
        budget: { calls: 1_000, per: 1 },
      });
      const start = (changes: object = {}) => heard<unknown>(history.klines({ ...query, ...changes }));
      check({ start, rest, flush });
    });

  it(
    'of a hole of three minutes cost one request',
    within(({ start, rest, flush }) => {
      const { values } = start();
      flush();
      expect(values).toHaveLength(3);
      expect(rest.asked.length).toBe(1);
    }),
  );

  it(
    'are the vendor’s, closed, and whole by its word',
    within(({ start, flush }) => {
      const { values } = start({ to: query.from + MINUTE });
      flush();
      expect(values).toEqual([
        expect.objectContaining({
          kind: 'kline',
          symbol: first,
          interval: '1m',
          openTime: query.from,
          closeTime: query.from + MINUTE,
          time: query.from,
          receivedAt: later + 50,
          closed: true,
          revision: 0,
          coverage: 1,
          missedVolume: 0,
          source: 'provider',
        }),
      ]);
    }),
  );

  it(
    'are asked for again by each subscription',
    within(({ start, rest, flush }) => {
      const all = [start(), start()];
      flush();
      expect(all.map(({ values }) => values.length)).toEqual([3, 3]);
      expect(rest.asked.length).toBe(2);
    }),
  );

  it.each([
    ['an empty span', { to: query.from }],
    ['a span of the future', { from: later + 1, to: later + MINUTE }],
    ['no symbols', { symbols: [] }],
  ])('of %s need no request', (_name, changes) =>
    within(({ start, rest, flush }) => {
      const { values, end } = start(changes);
      flush();
      expect([values.length, end.complete, rest.asked.length]).toEqual([0, true, 0]);
    })(),
  );

  it(
    'of one instrument in two spellings come once, in the first',
    within(({ start, flush }) => {
      // A vendor with one spelling of each is asked for it twice.
      const symbols = vendor.spellings ?? [first, first];
      const { values } = start({ symbols, to: query.from + MINUTE });
      flush();
      expect(values).toEqual([expect.objectContaining({ symbol: symbols[0] })]);
    }),
  );

  it(
    'that are still moving give way to those of more volume',
    within(
      ({ start, flush }) => {
        const { values } = start();
        flush();
        expect(values).toHaveLength(3);
        expect(values).toEqual(
          [5, 6, 7].map((i): unknown => expect.objectContaining({ volume: trueBar(START + i * MINUTE).v })),
        );
      },
      vendor.answer(new Map([[first, bars.get(first)!.flatMap((bar) => [bar, { ...bar, v: bar.v / 2 }])]])),
    ),
  );

  it(
    'abort their request when they are unsubscribed',
    within(({ start, rest, flush }) => {
      const { subscription } = start();
      asyncScheduler.schedule(() => subscription.unsubscribe(), 20);
      flush();
      expect([rest.asked.length, rest.aborted.length]).toEqual([1, 1]);
    }),
  );

  it(
    'abort nothing that is over',
    within(({ start, rest, flush }) => {
      start();
      flush();
      expect(rest.aborted).toEqual([]);
    }),
  );

  it(
    'of a symbol that is refused do not cost the others',
    atTime(later, (flush) => {
      const answer = vendor.answer(bars);
      const { fetch } = fakeRest((asked) => {
        const isBad = JSON.stringify(asked.params).includes(second.replace(/^0+|\.\w+$/g, ''));
        return isBad ? { status: 404, json: { code: 'NOT_FOUND', message: 'no such symbol' } } : answer(asked);
      });
      const history = vendor.historyOf({ credential: ownCredential(SECRET), fetch, budget: { calls: 1_000, per: 1 } });
      const { values, end } = heard(history.klines({ ...query, symbols: [first, second, third] }));
      flush();
      expect(values.map(({ symbol }) => symbol)).toEqual([first, first, first, third, third, third]);
      expect(end.error).toBeInstanceOf(HistoryRefused);
      expect(end.error).toMatchObject({ status: 404, reason: expect.stringMatching(/no such symbol/) });
    }),
  );
});
