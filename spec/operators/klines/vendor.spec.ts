import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected } from '../../share/linkEvents.js';
import { barsOf, lastWords, MINUTE, symbol } from './aTape.js';

const vendor = (minute: number, close: number, more: Partial<Kline> = {}): Kline =>
  aKline({ symbol, openTime: minute * MINUTE, closeTime: (minute + 1) * MINUTE, close, volume: close, ...more });
const live = { ...connected, receivedAt: 0 };
const trade = aTrade({ symbol, time: 1, price: 50, size: 3 });
const closedOf = (...events: readonly FeedEvent[]) => barsOf(events, '1m').filter(({ closed }) => closed);

describe('a vendor’s own bars', () => {
  it('are closed when the next one appears', () => {
    const closed = closedOf(vendor(0, 10), vendor(0, 11), vendor(1, 12));
    expect(closed).toMatchObject([{ openTime: 0, open: 100, close: 11, volume: 11, revision: 0, source: 'provider' }]);
  });

  it(
    'are closed by the clock, a grace after their end',
    marbles(({ hot, expectObservable }) => {
      const source = hot('v    ', { v: vendor(0, 10) });
      const expected = '  61s k';
      const k = { ...vendor(0, 10), turnover: undefined, trades: undefined, closed: true };
      expectObservable(source.pipe(toKlines('1m', { forming: false }))).toBe(expected, { k });
    }),
  );

  it('are closed by the vendor, where it says so', () => {
    expect(closedOf(vendor(0, 10, { closed: true }))).toMatchObject([{ close: 10, revision: 0 }]);
  });

  it('are corrected when the vendor corrects them, and only then', () => {
    const events = [vendor(0, 10), vendor(2, 12), vendor(0, 10), vendor(0, 11), vendor(1, 9)];
    const revisions = closedOf(...events).map(({ openTime, close, revision }) => [openTime, close, revision]);
    expect(revisions).toEqual([
      [0, 10, 0],
      [0, 11, 1],
      [MINUTE, 9, 0],
    ]);
    expect(barsOf(events, '1m', { late: 'drop' }).filter(({ closed }) => closed)).toHaveLength(1);
  });

  it('of another interval are left out', () => {
    expect(barsOf([vendor(0, 10, { interval: '5m' })], '1m')).toEqual([]);
  });

  it('are said with all the vendor says of them', () => {
    const more = { turnover: 500, trades: 7, missedVolume: 2, time: 30_000, receivedAt: 30_001, closed: true };
    const kline = vendor(0, 10, { open: 9, high: 12, low: 8, ...more });
    expect(barsOf([live, vendor(0, 11), kline], '1m')).toEqual([
      { ...vendor(0, 11), turnover: undefined, trades: undefined },
      kline,
    ]);
  });

  it.each([
    ['open', 9],
    ['high', 12],
    ['low', 8],
    ['close', 11],
    ['volume', 11],
    ['turnover', 500],
    ['trades', 7],
    ['closed', true],
  ])('are said again where their %s is another one, and only then', (field, value) => {
    const again = [vendor(0, 10), { ...vendor(0, 10), time: 1_000 }];
    expect(barsOf(again, '1m')).toHaveLength(1);
    expect(barsOf([...again, { ...vendor(0, 10), [field]: value }], '1m')).toHaveLength(2);
  });

  it('are said also where nothing was traded', () => {
    expect(barsOf([vendor(0, 10, { open: 10, high: 10, low: 10, volume: 0 })], '1m')).toHaveLength(1);
  });

  it('are closed once, whatever is repeated', () => {
    const closed = vendor(0, 10, { closed: true });
    expect(barsOf([closed, closed, vendor(0, 10)], '1m')).toHaveLength(1);
  });

  it.each([
    [0, 90_000],
    [30_000, 60_000],
    [30_000, 90_000],
  ])('from %d to %d are waited for until they end', (openTime, closeTime) => {
    const [forming, closed] = [vendor(0, 10, { openTime, closeTime }), vendor(2, 12)];
    expect(barsOf([forming, closed], '1m')[1]).toMatchObject({ openTime, closeTime, closed: true, close: 10 });
  });

  it('stay where the vendor put them', () => {
    const [bar] = barsOf([vendor(0, 10, { openTime: 30_000, closeTime: 90_000 })], '1m');
    expect(bar).toMatchObject({ openTime: 30_000, closeTime: 90_000, coverage: 1 });
    const hole = { ...live, receivedAt: 60_000, resumed: { from: 45_000, to: 60_000 } };
    const covered = (closeTime: number) => barsOf([live, hole, vendor(0, 10, { openTime: 30_000, closeTime })], '1m');
    expect(covered(90_000)).toMatchObject([{ coverage: 0.75 }]);
    expect(covered(30_000)).toMatchObject([{ coverage: 1 }]);
  });

  it('give way to quotes, and both to trades', () => {
    const quote = aQuote({ symbol, time: 2, last: 40 });
    const events = [vendor(0, 10), quote, vendor(0, 11), { ...trade, time: 3 }, vendor(0, 12)];
    expect(barsOf(events, '1m').map(({ source, open }) => [source, open])).toEqual([
      ['provider', 100],
      ['quotes', 40],
      ['trades', 40],
    ]);
    expect(lastWords(barsOf([vendor(0, 10), trade], '1m'))).toMatchObject([{ source: 'trades', open: 50, volume: 3 }]);
  });

  it('give way to trades also where they are said to be of trades', () => {
    const events = [vendor(0, 10, { source: 'trades', time: 0 }), trade, { ...trade, time: 2 }];
    expect(lastWords(barsOf(events, '1m'))).toMatchObject([{ source: 'trades', open: 50, volume: 6, trades: 2 }]);
  });
});
