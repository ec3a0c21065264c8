import { inspect } from 'node:util';
import { filter, firstValueFrom, ignoreElements, lastValueFrom, merge, take, toArray, type Observable } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { depths, klines, quotes, trades } from '../../../lib/model/topic.js';
import { ofKind } from '../../../lib/operators/ofKind.js';
import { itick, type ItickOptions } from '../../../lib/providers/itick/index.js';
import { shareFeed } from '../../../lib/share/shareFeed.js';
import { startSimulator, type ItickRules, type Simulator } from '../../../lib/simulator/index.js';
import { SECRET } from '../../secrets/secret.cjs';
import { eventually, newHandles } from './resources.js';
import { until } from './until.js';

/** Runs a body against a simulated iTick that speeds along, and takes it down again. */
const withItick = async (
  rules: ItickRules,
  body: (feed: (options: Partial<ItickOptions>) => Observable<FeedEvent>, simulator: Simulator) => Promise<void>,
): Promise<void> => {
  const simulator = await startSimulator({ speed: 50, itick: { token: SECRET, ...rules } });
  const feed = (options: Partial<ItickOptions>): Observable<FeedEvent> =>
    itick({
      token: SECRET,
      market: 'stock',
      topics: quotes('AAPL.US'),
      url: simulator.url,
      backoff: () => 5,
      ...options,
    });
  try {
    await body(feed, simulator);
  } finally {
    await simulator.close();
  }
};

describe('itick, over loopback', () => {
  const markets = [
    ['stock', ['AAPL.US', '00700.HK', 'BRK.B.US', 'RELIANCE.NSE.IN']],
    ['forex', ['EURUSD.GB']],
    ['indices', ['SPX.GB']],
    ['crypto', ['BTCUSDT.BA']],
    ['future', ['NQ.US']],
    ['fund', ['SPY.US']],
  ] as const;

  it.each(markets)('streams all four kinds of the %s market', (market, symbols) =>
    withItick({}, async (feed) => {
      const topics = [...trades(...symbols), ...quotes(...symbols), ...depths(...symbols), ...klines('1m', ...symbols)];
      const wanted = new Set(topics.map(({ channel, symbol }) => `${channel} ${symbol}`));
      await until(feed({ market, topics }), (event) => {
        if ('symbol' in event) wanted.delete(`${event.kind} ${event.symbol}`);
        else expect(['connected', 'subscribed']).toContain(event.kind);
        return wanted.size === 0;
      });
    }),
  );

  it.each(['dotted', 'region', 'dollar', 'lower'] as const)(
    'gives the callers spelling back for %s pushes',
    (symbolForm) =>
      withItick({ symbolForm, numbers: 'string', klineForm: 'nested', envelope: 'array' }, async (feed) => {
        const symbols = ['AAPL.US', '00700.HK', 'BRK.B.US', 'RELIANCE.NSE.IN'];
        const missing = new Set(symbols);
        await until(feed({ topics: [...quotes(...symbols), ...klines('1d', ...symbols)] }), (event) => {
          if ('symbol' in event) {
            expect(symbols).toContain(event.symbol);
            missing.delete(event.symbol);
          } else expect(['connected', 'subscribed']).toContain(event.kind);
          return missing.size === 0;
        });
      }),
  );

  it.each(['header', 'query', 'message'] as const)('logs in by %s, and says so to nobody', (auth) =>
    withItick({ echoToken: true }, async (feed, simulator) => {
      const feed$ = feed({ auth });
      const events = await until(feed$, ({ kind }) => kind === 'quote');
      expect(events.map(({ kind }) => kind)).toEqual(['connected', 'subscribed', 'quote']);
      expect(inspect([feed$, events, simulator.itick], { depth: 10, showHidden: true })).not.toContain(SECRET);
    }),
  );

  it.each(['header', 'query', 'message'] as const)('ends with Unauthorized for a wrong token by %s', (auth) =>
    withItick({}, async (feed, simulator) => {
      const events$ = feed({ auth, token: 'wrong-token' });
      const error: unknown = await lastValueFrom(events$).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ _tag: 'Unauthorized', reason: 'auth failed' });
      expect(inspect(error, { showHidden: true })).not.toContain('wrong-token');
      expect(simulator.itick.accepted).toBe(1);
    }),
  );

  it('asks a token function before each attempt', () =>
    withItick({}, async (feed, simulator) => {
      const given = ['first-is-stale', SECRET];
      let asked = 0;
      const token = (): Promise<string> => Promise.resolve(given[Math.min(asked++, 1)] ?? '');
      simulator.itick.refuseUpgrades(503, { times: 1 });
      const events = await until(feed({ token }), ({ kind }) => kind === 'quote');
      expect(events.map(({ kind }) => kind)).toEqual(['disconnected', 'connected', 'subscribed', 'quote']);
      expect(asked).toBe(2);
    }));

  it('refuses what the plan does not hold, topic by topic, and streams the rest', () =>
    withItick({ maxSymbols: 2, refuseTypes: ['kline@1'] }, async (feed) => {
      const topics = [...quotes('AAPL.US', 'TSLA.US', 'MSFT.US', 'NOPE.US'), ...klines('1m', 'AAPL.US')];
      const refused = new Map<string, string>();
      const heard = new Set<string>();
      await until(feed({ topics }), (event) => {
        if (event.kind === 'refused')
          event.topics.forEach(({ channel, symbol }) => refused.set(`${channel} ${symbol}`, event.reason));
        if (event.kind === 'quote') heard.add(event.symbol);
        return refused.size >= 3 && heard.size >= 2;
      });
      expect(refused.get('kline AAPL.US')).toMatch(/package only supports/);
      expect([...refused.values()].filter((reason) => /exceeding/.test(reason)).length).toBeGreaterThan(0);
      expect([...refused.keys()].sort()).toEqual(expect.arrayContaining(['kline AAPL.US']));
      expect(heard.size).toBe(2);
    }));

  it('takes a quota for no reason to reconnect', () =>
    withItick({ maxSymbols: 1 }, async (feed, simulator) => {
      const events$ = feed({ topics: quotes('AAPL.US', 'TSLA.US') });
      await lastValueFrom(merge(events$.pipe(ofKind('refused'), take(1)), events$.pipe(take(0))));
      expect(simulator.itick.accepted).toBe(1);
    }));

  it('measures the round trip of its pings, and lives as long as they are answered', () =>
    withItick({ heartbeatTimeout: 150 }, async (feed) => {
      const pings$ = feed({ heartbeat: { every: 30, within: 140 } }).pipe(
        filter(({ kind }) => kind === 'latency' || kind === 'disconnected'),
        take(10),
        toArray(),
      );
      const pings = await lastValueFrom(pings$);
      expect(pings).toHaveLength(10);
      expect(pings.every((event) => event.kind === 'latency' && event.roundTrip >= 0 && event.roundTrip < 140)).toBe(
        true,
      );
    }));

  it('notices a link that has gone silent', () =>
    withItick({}, async (feed, simulator) => {
      const events = await until(feed({ heartbeat: { every: 20, within: 60 } }), (event) => {
        if (event.kind === 'quote') simulator.itick.mute();
        return event.kind === 'disconnected';
      });
      expect(events.at(-1)).toMatchObject({ cause: { _tag: 'HeartbeatMissed' }, attempt: 1 });
    }));

  it('recovers from a socket that is cut in the middle of a frame', () =>
    withItick({}, async (feed, simulator) => {
      let cut = false;
      const events = await until(feed({}), (event) => {
        if (event.kind === 'quote' && !cut) simulator.itick.cut();
        cut ||= event.kind === 'quote';
        return event.kind === 'quote' && simulator.itick.accepted === 2;
      });
      const link = events.filter(({ kind }) => kind !== 'quote');
      expect(link.map(({ kind }) => kind)).toEqual([
        'connected',
        'subscribed',
        'disconnected',
        'connected',
        'subscribed',
      ]);
    }));

  it('says garbage, text and binary, and streams on', () =>
    withItick({}, async (feed, simulator) => {
      const junk = [
        '{"code":1,"data":{"s":"AAPL.US"',
        new Uint8Array([0xff, 0x00, 0xfe]),
        '',
        'null',
        '{"__proto__":{"s":1}}',
      ];
      let said = false;
      const events = await until(feed({}), (event) => {
        if (event.kind === 'quote' && !said) junk.forEach((frame) => simulator.itick.say(frame));
        said ||= event.kind === 'quote';
        return event.kind === 'undecodable' && event.frame.includes('__proto__');
      });
      expect(events.filter(({ kind }) => kind === 'undecodable')).toHaveLength(junk.length);
      expect(simulator.itick.accepted).toBe(1);
    }));

  it('waits as long as a Retry-After says', () =>
    withItick({}, async (feed, simulator) => {
      simulator.itick.refuseUpgrades(429, { retryAfter: 7 });
      const event = await firstValueFrom(feed({}));
      expect(event).toMatchObject({
        kind: 'disconnected',
        cause: { _tag: 'HandshakeRefused', status: 429, retryAfter: 7_000 },
      });
      expect(event.kind === 'disconnected' && event.retryAt - event.receivedAt).toBe(7_000);
    }));

  it.each([401, 403])('takes HTTP %i for a refused credential', (status) =>
    withItick({}, async (feed, simulator) => {
      simulator.itick.refuseUpgrades(status);
      await expect(lastValueFrom(feed({}))).rejects.toMatchObject({ _tag: 'Unauthorized', status });
    }),
  );

  it('ends with HTTP 404', () =>
    withItick({}, async (feed, simulator) => {
      simulator.itick.refuseUpgrades(404);
      await expect(lastValueFrom(feed({}))).rejects.toMatchObject({ _tag: 'HandshakeRefused', status: 404 });
    }));

  it('gives a kick war up', () =>
    withItick({}, async (feed) => {
      const events$ = feed({ connections: 2 });
      const ended = lastValueFrom(merge(events$, events$).pipe(ignoreElements()));
      await expect(ended).rejects.toMatchObject({ _tag: 'KickedRepeatedly', kicks: 4 });
    }));

  it('allows one feed per market and token, and the next as soon as that is unsubscribed', () =>
    withItick({}, async (feed) => {
      const first = feed({}).subscribe();
      await expect(lastValueFrom(feed({}))).rejects.toMatchObject({ _tag: 'FeedInUse' });
      await expect(lastValueFrom(feed({}))).rejects.toThrow(/shareFeed/);
      first.unsubscribe();
      expect(await firstValueFrom(feed({}))).toMatchObject({ kind: 'connected' });
    }));

  it('serves two watchers of a shared feed over one connection and one wire subscription', () =>
    withItick({}, async (feed, simulator) => {
      const desk = shareFeed((topics) => feed({ topics }));
      const watch = (): Promise<FeedEvent[]> => lastValueFrom(desk.watch(quotes('AAPL.US')).pipe(take(5), toArray()));
      const [one, two] = await Promise.all([watch(), watch()]);
      expect(one).toEqual(two);
      expect(simulator.itick.accepted).toBe(1);
      expect(simulator.itick.commands).toEqual(['{"ac":"subscribe","params":"AAPL$US","types":"quote"}']);
    }));

  it('leaves no handle behind, whether it was connected, connecting or waiting', () =>
    withItick({}, async (feed, simulator) => {
      const handles = newHandles();
      const unharmed = (): Promise<void> => eventually(() => expect(handles()).toEqual({}));

      await firstValueFrom(feed({}).pipe(ofKind('quote')));
      await unharmed();
      feed({}).subscribe().unsubscribe();
      await unharmed();
      simulator.itick.refuseUpgrades(503);
      await firstValueFrom(feed({ backoff: () => 60_000 }).pipe(ofKind('disconnected')));
      await unharmed();
    }));
});
