import { flattenError } from '../../../lib/model/errorData.js';
import '../marketMatchers.js';
import { BehaviorSubject, takeUntil, timer, type Observable } from 'rxjs';
import { HeartbeatMissed, Unauthorized } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { depths, klines, quotes, trades, type Topic } from '../../../lib/model/topic.js';
import { itick, type ItickOptions } from '../../../lib/providers/itick/index.js';
import { tickflow, type TickflowOptions } from '../../../lib/providers/tickflow/index.js';
import { aDepth, aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import type { ScriptedVendor } from '../../../lib/testing/server/Dialect.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';

/** Some moment of a real market. */
const AT = 1_767_364_200_000;

const within = (ms: number) => takeUntil<FeedEvent>(timer(ms));

const viaItick = (
  { openSocket }: ScriptedVendor,
  topics: ItickOptions['topics'],
  options: Partial<ItickOptions> = {},
): Observable<FeedEvent> => itick({ token: 'demo', market: 'stock', topics, openSocket, backoff: () => 5, ...options });

const viaTickflow = (
  { openSocket }: ScriptedVendor,
  topics: TickflowOptions['topics'],
  options: Partial<TickflowOptions> = {},
): Observable<FeedEvent> => tickflow({ apiKey: 'demo', topics, openSocket, backoff: () => 5, ...options });

describe("server('itick')", () => {
  it(
    'drops connections without a value for it',
    marbles(({ server, expectObservable }) => {
      const vendor = server('itick');
      vendor.says('9ms x');
      const event = (kind: string): unknown => expect.objectContaining({ kind });
      expectObservable(viaItick(vendor, trades('AAPL.US')).pipe(within(12))).toBe('(cs) 5ms x--|', {
        c: event('connected'),
        s: event('subscribed'),
        x: event('disconnected'),
      });
    }),
  );

  it(
    'logs in, acknowledges, and turns events into frames for those who asked',
    marbles(({ server }) => {
      const vendor = server('itick');
      const wanted = [...trades('AAPL.US'), ...quotes('700.HK'), ...depths('AAPL.US'), ...klines('5m', 'AAPL.US')];
      const q = { symbol: '700.HK', last: 3, open: 1, high: 4, low: 1, previousClose: 2, volume: 9, turnover: 30 };
      const d = { bids: [{ price: 9, size: 2, orders: 1 }], asks: [] };
      const k = { interval: '5m', openTime: AT, closeTime: AT + 300_000, close: 7, volume: 2, turnover: 9 } as const;
      vendor.says('200ms t-q-d-k-u', {
        t: aTrade({ price: 5, size: 3, aggressor: 'buyer' }),
        q: aQuote({ ...q, status: 'halted', time: AT }),
        d: aDepth(d),
        k: aKline(k),
        u: aTrade({ symbol: 'MSFT.US' }),
      });
      expect(viaItick(vendor, wanted).pipe(within(300))).toEmitEvents('(cs) 96ms e 99ms t-q-d-k 93ms |', {
        s: { kind: 'subscribed', topics: wanted.filter(({ symbol }) => symbol === 'AAPL.US') },
        e: { kind: 'subscribed', topics: quotes('700.HK') },
        t: { kind: 'trade', price: 5, volume: 3, size: undefined, aggressor: 'buyer', time: 200 },
        q: { ...q, kind: 'quote', status: 'halted', time: AT },
        d: { ...d, kind: 'depth', time: 204 },
        k: { ...k, kind: 'kline' },
      });
    }),
  );

  it(
    'sums up the day of a stock, also while nobody is connected, and says sizes elsewhere',
    marbles(({ server }) => {
      const [stock, forex] = [server('itick'), server('itick', { token: 'forex' })];
      const values = {
        t: aTrade({ size: 2 }),
        s: aTrade({ size: 2, aggressor: 'seller' }),
        u: aTrade({ volume: 20, time: 3_000 }),
        v: aTrade({ size: undefined }),
      };
      stock.says('-----txt-------suv', values);
      forex.says('-----t', values);
      expect(viaItick(stock, trades('AAPL.US')).pipe(within(19))).toEmitEvents('(cb)-tx----(cb)suv-|', {
        b: { kind: 'subscribed' },
        t: { volume: 2 },
        s: { volume: 6, aggressor: 'seller' },
        u: { volume: 20, time: 3_000 },
        v: { volume: 20 },
      });
      const forex$ = viaItick(forex, trades('AAPL.US'), { token: 'forex', market: 'forex' });
      expect(forex$.pipe(within(9))).toEmitEvents('(cb)-t---|', {
        b: { kind: 'subscribed' },
        t: { size: 2, volume: undefined },
      });
    }),
  );

  it.each(['header', 'query', 'message'] as const)('takes the token by %s', (auth) => {
    marbles(({ server }) => {
      const right = viaItick(server('itick', { token: 'a b', echoToken: true }), quotes('AAPL.US'), {
        auth,
        token: 'a b',
      });
      const wrong = viaItick(server('itick'), quotes('AAPL.US'), { auth, token: 'b' });
      expect(right.pipe(within(4))).toEmitEvents('(cb)|', { b: { kind: 'subscribed' } });
      expect(wrong).toEmitEvents('#', {}, new Unauthorized('auth failed'));
    })();
  });

  it(
    'refuses what it does not serve, and what is more than the plan',
    marbles(({ server }) => {
      const [unserved] = quotes('NOPE.US');
      const poor = server('itick', { unserved: [unserved!], maxSymbols: 1 });
      poor.says('3s q', { q: aQuote() });
      const feed$ = viaItick(poor, [...quotes('AAPL.US', 'MSFT.US'), unserved!]);
      expect(feed$.pipe(within(3_001))).toEmitEvents([
        { kind: 'connected' },
        { kind: 'subscribed', topics: quotes('AAPL.US') },
        { kind: 'refused', topics: quotes('MSFT.US'), reason: 'exceeding the maximum subscription limit' },
        { kind: 'refused', topics: [unserved!], reason: 'cannot be resolved action' },
        { kind: 'quote', symbol: 'AAPL.US' },
      ]);
    }),
  );

  it(
    'pushes nothing for types that it does not know, or for none',
    marbles(({ server, flush }) => {
      const vendor = server('itick');
      vendor.says('5ms q', { q: aQuote() });
      const socket = vendor.openSocket('wss://host/stock?token=demo', {
        headers: {},
        maxFrameBytes: 1e6,
        compress: false,
      });
      const heard: unknown[] = [];
      socket.onmessage = ({ data }: { data: string }) => {
        heard.push(data);
        if (!data.includes('authenticated')) return;
        socket.send('{"ac":"subscribe","params":"AAPL$US"}');
        socket.send('{"ac":"subscribe","params":"AAPL$US","types":"news"}');
      };
      flush();
      const acknowledged = '{"code":1,"resAc":"subscribe","msg":"subscribe Successfully"}';
      expect(heard.slice(-2)).toEqual([acknowledged, acknowledged]);
    }),
  );

  it(
    'hears what is unsubscribed, and pings',
    marbles(({ server }) => {
      const vendor = server('itick', { every: 10_000 });
      const topics$ = new BehaviorSubject<readonly Topic[]>([...quotes('AAPL.US'), ...klines('1m', 'AAPL.US')]);
      timer(10_500).subscribe(() => topics$.next(quotes('AAPL.US')));
      expect(viaItick(vendor, topics$).pipe(within(21_000))).toEmitEvents([
        { kind: 'connected' },
        { kind: 'subscribed', topics: [...quotes('AAPL.US'), ...klines('1m', 'AAPL.US')] },
        { kind: 'quote' },
        { kind: 'kline', interval: '1m' },
        { kind: 'unsubscribed', topics: klines('1m', 'AAPL.US') },
        { kind: 'quote', receivedAt: 20_000 },
        { kind: 'latency' },
      ]);
      timer(30_000).subscribe(() => {
        expect(vendor.asked).toEqual(['quote AAPL.US', 'kline@1m AAPL.US']);
        expect(vendor.unsubscribed).toEqual(['kline@1m AAPL.US']);
        expect([vendor.attempts, vendor.live]).toEqual([1, 0]);
      });
    }),
  );
});

describe("server('tickflow')", () => {
  it(
    'takes the key in the address, lists what it serves, and turns events into frames',
    marbles(({ server }) => {
      const vendor = server('tickflow', { unserved: quotes('NOPE.US') });
      const q = { symbol: '700.HK', last: 3, open: 1, high: 4, low: 1, previousClose: 2, volume: 9, turnover: 30 };
      const d = { bids: [{ price: 9, size: 2 }], asks: [{ price: 10, size: 1 }] };
      vendor.says('200ms q-d', { q: aQuote({ ...q, status: 'regular', time: AT }), d: aDepth(d) });
      const wanted = [...quotes('700.HK', 'NOPE.US'), ...depths('AAPL.US')];
      expect(viaTickflow(vendor, wanted).pipe(within(300))).toEmitEvents('(csr) 95ms b 99ms q-d 97ms |', {
        s: { kind: 'subscribed', topics: quotes('700.HK') },
        b: { kind: 'subscribed', topics: depths('AAPL.US') },
        r: { kind: 'refused', topics: quotes('NOPE.US') },
        q: { ...q, kind: 'quote', status: 'regular', time: AT },
        d: { ...d, kind: 'depth', time: 202 },
      });
      expect(viaTickflow(server('tickflow'), wanted, { apiKey: 'no' })).toEmitEvents('#', {}, { _tag: 'Unauthorized' });
    }),
  );

  it(
    'refuses more than the plan',
    marbles(({ server }) => {
      const vendor = server('tickflow', { maxSymbols: 1 });
      expect(viaTickflow(vendor, quotes('AAPL.US', 'MSFT.US')).pipe(within(2_000))).toEmitEvents([
        { kind: 'connected' },
        { kind: 'subscribed', topics: quotes('AAPL.US') },
        { kind: 'refused', reason: 'exceeded max 1 symbols' },
      ]);
    }),
  );

  it(
    'hears what is unsubscribed, and pushes it no more',
    marbles(({ server }) => {
      const vendor = server('tickflow');
      const wanted$ = new BehaviorSubject(quotes('AAPL.US', 'MSFT.US'));
      timer(5_000).subscribe(() => wanted$.next(quotes('AAPL.US')));
      const [left, withdrawn] = [aQuote(), aQuote({ symbol: 'MSFT.US' })];
      vendor.says('20s (wl)', { l: left, w: withdrawn });
      expect(viaTickflow(vendor, wanted$).pipe(within(30_000))).toEmitEvents([
        { kind: 'connected' },
        { kind: 'subscribed', topics: quotes('AAPL.US', 'MSFT.US') },
        { kind: 'unsubscribed', topics: quotes('MSFT.US') },
        { kind: 'quote', symbol: 'AAPL.US' },
      ]);
      timer(30_000).subscribe(() => expect(vendor.unsubscribed).toEqual(['quote MSFT.US']));
    }),
  );

  it('throws for what TickFlow does not push', () => {
    const vendor = scriptedVendor('tickflow');
    expect(() => vendor.act(aTrade())).toThrow('TickFlow pushes no trades');
    expect(() => vendor.act(aKline())).toThrow('TickFlow pushes no klines');
  });

  it(
    'pings every thirty seconds, and serves the legacy endpoint',
    marbles(({ server }) => {
      const vendor = server('tickflow');
      vendor.says('200s q 60s s 200s q', { q: aQuote(), s: ({ mute }) => mute() });
      const feed$ = viaTickflow(vendor, quotes('AAPL.US'), { endpoint: 'quotes', heartbeat: { within: 45_000 } });
      expect(feed$.pipe(within(300_000))).toEmitEvents([
        { kind: 'connected' },
        { kind: 'subscribed', topics: quotes('AAPL.US') },
        { kind: 'quote', receivedAt: 200_000 },
        { kind: 'disconnected', cause: flattenError(new HeartbeatMissed(45_000)) },
        { kind: 'connected' },
        // It is mute.
        { kind: 'subscribed', receivedAt: 290_005 },
      ]);
      timer(300_000).subscribe(() => expect(vendor.unsubscribed).toEqual([]));
    }),
  );
});

describe('what a vendor is made to do', () => {
  it(
    'is drawn: drops, closes, junk, silence, refusals and their end',
    marbles(({ server }) => {
      const vendor = server('itick');
      vendor.says('-q-x 10ms j-k 10ms r 20ms a', {
        q: { kind: 'quote', last: 3 },
        j: '{"junk',
        k: ({ close }) => close(1012, 'restart'),
        r: ({ refuse, drop }) => {
          refuse(503, '1');
          drop();
        },
        a: ({ accept }) => accept(),
      });
      const lost = (code: number) => ({ kind: 'disconnected', cause: { code } }) as const;
      expect(viaItick(vendor, quotes('AAPL.US')).pipe(within(1_100))).toEmitEvents([
        { kind: 'connected' },
        { kind: 'subscribed' },
        { kind: 'quote', last: 3 },
        lost(1006),
        { kind: 'connected', resumed: { from: 1, to: 8 } },
        { kind: 'subscribed' },
        { kind: 'undecodable', frame: '{"junk' },
        lost(1012),
        { kind: 'connected' },
        { kind: 'subscribed' },
        lost(1006),
        { kind: 'disconnected', cause: { _tag: 'HandshakeRefused', status: 503, retryAfter: 1_000 } },
        // No data came since the first loss.
        { kind: 'connected', attempt: 4 },
        { kind: 'subscribed' },
      ]);
    }),
  );
});
