import '../marketMatchers.js';
import { firstValueFrom, map, takeUntil, timer, type Observable } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { bbos, depths, klines, quotes, trades } from '../../../lib/model/topic.js';
import { orderBook } from '../../../lib/operators/depth/orderBook.js';
import { binance, type BinanceOptions } from '../../../lib/providers/binance/index.js';
import { aBbo, aDepth, aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import type { ScriptedVendor } from '../../../lib/testing/server/Dialect.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import { heard } from '../../history/fakeRest.js';

/** Some moment of a real market. */
const AT = 1_767_364_200_000;
const symbol = 'BTCUSDT.BA';

const via = (
  { openSocket, fetch }: ScriptedVendor,
  topics: BinanceOptions['topics'],
  options: Partial<BinanceOptions> = {},
): Observable<FeedEvent> => binance({ topics, openSocket, fetch, backoff: () => 5, ...options });
const within = (ms: number) => takeUntil<FeedEvent>(timer(ms));
const one = (price: number, size: number) => [{ price, size }];

describe("server('binance')", () => {
  it(
    'acknowledges by id, and turns events into frames for those who asked',
    marbles(({ server }) => {
      const vendor = server('binance');
      const wanted = [...trades(symbol), ...quotes(symbol), ...bbos(symbol), ...klines('5m', symbol)];
      const k = { interval: '5m', openTime: AT, closeTime: AT + 300_000, close: 7, volume: 2, turnover: 9 } as const;
      vendor.says('200ms t-u-q-b-k-o', {
        t: aTrade({ symbol, price: 5, size: 3, aggressor: 'buyer', time: AT }),
        u: aTrade({ symbol, price: 6 }),
        q: aQuote({ symbol, last: 3, time: AT }),
        b: aBbo({ symbol, bid: { price: 9, size: 2 }, ask: undefined }),
        k: aKline({ symbol, ...k }),
        o: aTrade({ symbol: 'ETHUSDT.BA' }),
      });
      expect(via(vendor, wanted).pipe(within(300))).toEmitEvents('(cs) 196ms t-u-q-b-k 91ms |', {
        s: { kind: 'subscribed', topics: wanted },
        t: { kind: 'trade', symbol, price: 5, size: 3, aggressor: 'buyer', time: AT, id: 1 },
        u: { kind: 'trade', price: 6, id: 2 },
        q: { kind: 'quote', last: 3, time: AT },
        b: { kind: 'bbo', bid: { price: 9, size: 2 }, ask: undefined },
        k: { ...k, kind: 'kline' },
      });
    }),
  );

  it(
    'sends what changes in a book, and has the whole of it for REST',
    marbles(({ server, flush }) => {
      const vendor = server('binance');
      vendor.says('a-b-c-d', {
        a: aDepth({ symbol, bids: [...one(9, 1), ...one(8, 1)], asks: one(11, 1) }),
        b: aDepth({ symbol, type: 'update', bids: one(9, 0), asks: one(12, 4) }),
        c: aDepth({ symbol, bids: one(7, 2), asks: one(11, 1) }),
        d: aDepth({ symbol, type: 'update', bids: [], asks: one(11, 5) }),
      });
      const { values } = heard(via(vendor, depths(symbol)).pipe(within(50), orderBook()));
      flush();
      const levels = values.map(({ valid, bids, asks }) => [
        valid,
        ...[bids, asks].map((side) => side.map(({ price, size }) => `${price}x${size}`).join(' ')),
      ]);
      expect(levels).toEqual([
        [true, '9x1 8x1', '11x1'],
        [true, '8x1', '11x1 12x4'],
        [true, '7x2', '11x1'],
        [true, '7x2', '11x5'],
      ]);
    }),
  );

  it(
    'has the same book for two sockets',
    marbles(({ flush }) => {
      const vendor = scriptedVendor('binance', { every: 10 });
      const all = [1, 2].map(() => heard(via(vendor, depths(symbol)).pipe(within(100))));
      flush();
      for (const { values } of all) {
        const numbers = values.flatMap((event) => (event.kind === 'depth' ? [event.sequence] : []));
        expect(numbers.length).toBeGreaterThan(10);
        expect(numbers.map((sequence) => sequence?.last)).toEqual(numbers.map((_, i) => i));
      }
    }),
  );

  it(
    'accepts a symbol that there is not, and stays silent; REST says that it is none',
    marbles(({ server, flush }) => {
      const [unserved] = quotes('NOPEUSDT.BA');
      const vendor = server('binance', { unserved: [unserved!], every: 20 });
      const { values } = heard(
        via(vendor, [...quotes('NOPEUSDT.BA', symbol), ...depths('NOPEUSDT.BA')]).pipe(within(99)),
      );
      flush();
      const commands = vendor.connections[0]?.received ?? [];
      expect(commands.filter((command) => command.includes('"SUBSCRIBE"'))).toHaveLength(1);
      expect(vendor.unsubscribed).toHaveLength(2);
      const refused = values.flatMap((event) => (event.kind === 'refused' ? event.topics : []));
      expect(refused).toEqual(expect.arrayContaining([...quotes('NOPEUSDT.BA'), ...depths('NOPEUSDT.BA')]));
      expect(refused).toHaveLength(2);
      expect(values.filter(({ kind }) => kind === 'quote')).toHaveLength(4);
    }),
  );

  it(
    'refuses more streams than it is told to, with the id of the command',
    marbles(({ server, flush }) => {
      const vendor = server('binance', { maxSymbols: 2, every: 20 });
      const topics = trades(symbol, 'ETHUSDT.BA', 'SOLUSDT.BA');
      const { values } = heard(via(vendor, topics).pipe(within(3_000)));
      flush();
      const refused = values.flatMap((event) => (event.kind === 'refused' ? event.topics : []));
      expect(refused).toEqual(trades('SOLUSDT.BA'));
      expect(new Set(values.flatMap((event) => (event.kind === 'trade' ? [event.symbol] : [])))).toEqual(
        new Set([symbol, 'ETHUSDT.BA']),
      );
    }),
  );

  it(
    'withdraws what is no longer wanted, and is dropped where the diagram says so',
    marbles(({ server, flush }) => {
      const vendor = server('binance', { every: 10 });
      vendor.says('50ms x');
      const topics$ = timer(0, 30).pipe(map((step) => trades(...(step === 0 ? [symbol, 'ETHUSDT.BA'] : [symbol]))));
      const { values } = heard(via(vendor, topics$).pipe(within(100)));
      flush();
      expect(values.filter(({ kind }) => kind === 'connected')).toHaveLength(2);
      expect(vendor.unsubscribed).toEqual(['trade ETHUSDT.BA']);
      expect(vendor.asked).toEqual([`trade ${symbol}`, 'trade ETHUSDT.BA', `trade ${symbol}`]);
    }),
  );

  it('has no other path of REST, and no REST for a vendor that needs none', async () => {
    const status = async (vendor: ScriptedVendor, url: string) => (await firstValueFrom(vendor.fetch(url))).status;
    expect(await status(scriptedVendor('binance'), 'https://x.test/api/v3/klines')).toBe(404);
    expect(await status(scriptedVendor('itick'), 'https://x.test/api/v3/depth')).toBe(404);
  });
});
