import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { InvalidOption, InvalidTopic } from '../../../lib/model/errors.js';
import type { TradesQuery } from '../../../lib/history/History.js';
import { binanceHistory } from '../../../lib/providers/binance/index.js';
import { atTime } from '../../history/atTime.js';
import { fakeRest, heard, type Asked, type Reply } from '../../history/fakeRest.js';

const NOW = Date.UTC(2026, 6, 1, 9);
const rowOf = (id: number) => ({
  a: id,
  p: '0.5',
  q: String(1 + (id % 7)),
  f: id,
  l: id,
  T: NOW - 3_600_000 + id,
  m: id % 2 === 0,
  M: true,
});

/** A vendor that has trades up to an id, and gives so many in a page. */
const upTo =
  (last: number, cap = 1_000) =>
  ({ params }: Asked): Reply => {
    const first = Number(params['fromId']);
    const count = Math.max(0, Math.min(Number(params['limit']), cap, last - first + 1));
    return { json: Array.from({ length: count }, (_, i) => rowOf(first + i)) };
  };

const asking = (
  answer: (asked: Asked) => Reply,
  query: TradesQuery,
  check: (run: ReturnType<typeof heard> & { asked: readonly Asked[] }) => void,
  latency = 0,
) =>
  atTime(NOW, (flush) => {
    const rest = fakeRest(answer, latency);
    const run = heard(binanceHistory({ fetch: rest.fetch }).trades(query));
    flush();
    check({ ...run, asked: rest.asked });
  });

const symbol = 'BTCUSDT.BA';
const idsOf = (values: readonly unknown[]): readonly unknown[] => values.map((trade) => (trade as { id: unknown }).id);
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

describe('past trades', () => {
  it(
    'are all of those asked for, each as it was streamed',
    asking(upTo(9_999), { symbol, fromId: 100, toId: 102 }, ({ values, asked, end }) => {
      expect(values).toMatchObject([
        {
          kind: 'trade',
          provider: 'binance',
          feed: 'binance',
          symbol,
          id: 100,
          price: 0.5,
          size: 3,
          aggressor: 'seller',
          time: NOW - 3_599_900,
        },
        { id: 101, aggressor: 'buyer' },
        { id: 102, aggressor: 'seller' },
      ]);
      expect(asked).toMatchObject([
        { path: '/api/v3/aggTrades', params: { symbol: 'BTCUSDT', fromId: '100', limit: '3' } },
      ]);
      expect(end.complete).toBe(true);
    }),
  );

  it('are exact, whatever pages the vendor makes', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.integer({ min: -5, max: 3_000 }),
        fc.nat(3_500),
        fc.integer({ min: 100, max: 1_200 }),
        (fromId, more, last, cap) =>
          asking(upTo(last, cap), { symbol, fromId, toId: Math.max(0, fromId + more) }, ({ values, end }) => {
            expect(idsOf(values)).toEqual(range(fromId, Math.min(Math.max(0, fromId + more), last)));
            expect(end.complete).toBe(true);
          })(),
      ),
      { numRuns: 50 },
    );
  });

  it(
    'end where there are no more',
    asking(upTo(5), { symbol, fromId: 3, toId: 10_000 }, ({ values, asked }) => {
      expect(idsOf(values)).toEqual([3, 4, 5]);
      expect(asked.length).toBeLessThanOrEqual(2);
    }),
  );

  it(
    'of none need no request',
    asking(upTo(5), { symbol, fromId: 3, toId: 2 }, ({ values, asked, end }) => {
      expect([values.length, asked.length, end.complete]).toEqual([0, 0, true]);
    }),
  );

  it.each<[string, (asked: Asked) => Reply]>([
    ['that begins each page anew', () => ({ json: range(0, 9).map(rowOf) })],
    [
      'that gives more than was asked for',
      ({ params }) => ({ json: range(Number(params['fromId']) - 3, Number(params['fromId']) + 20).map(rowOf) }),
    ],
  ])('of a vendor %s are none that was not asked for, and come to an end', (_, answer) =>
    asking(answer, { symbol, fromId: 5, toId: 12 }, ({ values, end, asked }) => {
      const ids = idsOf(values) as number[];
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => id < 5 || id > 12)).toEqual([]);
      expect(asked.length).toBeLessThan(5);
      expect(end.complete).toBe(true);
    })(),
  );

  it.each<[string, Reply]>([
    ['an object', { json: {} }],
    ['a row that is none', { json: [rowOf(1), null] }],
    ['a row without an id', { json: [{ p: '1', q: '1' }] }],
    ['a price that is none', { json: [{ a: 1, p: 'x', q: '1' }] }],
    ['HTML', { text: '<html>' }],
    ['a server error', { status: 502, text: 'bad gateway' }],
  ])('cannot be had of %s', (_, reply) =>
    asking(
      () => reply,
      { symbol, fromId: 1, toId: 5 },
      ({ end }) => {
        expect(end.error).toMatchObject({ _tag: 'HistoryUnavailable' });
      },
    )(),
  );

  it('weigh 4 a page, and are asked for again where they were too many', () =>
    atTime(NOW, (flush) => {
      let refused = false;
      const rest = fakeRest((asked) => {
        if (refused) return upTo(9_999)(asked);
        refused = true;
        return {
          status: 429,
          headers: { 'retry-after': '7' },
          json: { code: -1003, msg: 'Too many requests queued.' },
        };
      });
      const { trades } = binanceHistory({ fetch: rest.fetch, budget: { calls: 11, per: 60_000 } });
      const { values } = heard(trades({ symbol, fromId: 0, toId: 2_999 }));
      flush();
      expect(idsOf(values)).toEqual(range(0, 2_999));
      expect(rest.asked.map(({ at }) => at - NOW)).toEqual([0, 7_000, 60_000, 67_000]);
    })());

  it('abort their request when they are unsubscribed', () =>
    atTime(NOW, (flush) => {
      const rest = fakeRest(upTo(9_999), 50);
      const { subscription } = heard(binanceHistory({ fetch: rest.fetch }).trades({ symbol, fromId: 0, toId: 5 }));
      asyncScheduler.schedule(() => subscription.unsubscribe(), 20);
      flush();
      expect([rest.asked.length, rest.aborted.length]).toEqual([1, 1]);
    })());

  it.each([-1, 1.5, NaN, Infinity, 2 ** 53, '1'])('have ids that are whole numbers, not %p', (id) => {
    const { trades } = binanceHistory();
    expect(() => trades({ symbol, fromId: id as number, toId: 5 })).toThrow(InvalidOption);
    expect(() => trades({ symbol, fromId: 0, toId: id as number })).toThrow(InvalidOption);
    expect(() => trades({ symbol: 'AAPL.US', fromId: 0, toId: 5 })).toThrow(InvalidTopic);
  });
});
