import { asyncScheduler, BehaviorSubject } from 'rxjs';
import { depths, klines, quotes, trades, type FeedEvent, type FeedEventKind, type Topic } from '../../lib/index.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { aDepth, aKline, aQuote, aTrade, marbles, type MarketHelpers } from '../../lib/testing/index.js';
import { expectToTravel } from '../model/journey.js';

const providers = ['itick', 'tickflow'] as const;
type Name = (typeof providers)[number];

const symbol = '700.HK';
const unserved = trades('9.HK');
const wantedOf = (name: Name): readonly Topic[] => [
  ...(name === 'itick' ? trades(symbol) : []),
  ...quotes(symbol),
  ...depths(symbol),
  ...(name === 'itick' ? klines('1m', symbol) : []),
];
/** A topic each vendor has a channel for and does not serve. */
const absent: { readonly [N in Name]: readonly Topic[] } = { itick: unserved, tickflow: quotes('9.HK') };

/** Data of a topic that nothing asked for, as each vendor writes them. */
const strangers: { readonly [N in Name]: string } = {
  itick: '{"code":1,"data":{"s":"5.HK","ld":1,"type":"quote","t":1700000000000}}',
  tickflow: '{"op":"quotes","data":[{"symbol":"5.HK","region":"HK","last_price":1,"timestamp":1700000000000}]}',
};

/** Data with a stamp that can be no time. */
const stampless: { readonly [N in Name]: string } = {
  itick: '{"code":1,"data":{"s":"700.HK","ld":1,"type":"quote","t":1e40}}',
  tickflow: '{"op":"quotes","data":[{"symbol":"00700.HK","region":"HK","last_price":1,"timestamp":"soon"}]}',
};

interface Scripted {
  readonly events: FeedEvent[];
  readonly vendor: ReturnType<MarketHelpers['server']>;
  readonly topics$: BehaviorSubject<readonly Topic[]>;
}

/** A feed of a provider over a scripted vendor, until `until`. */
const scripted = (name: Name, server: MarketHelpers['server'], until = 200_000): Scripted => {
  const topics$ = new BehaviorSubject<readonly Topic[]>([...wantedOf(name), ...absent[name]]);
  const vendor = server(name, { unserved: absent[name] });
  const { openSocket } = vendor;
  const options = { topics: topics$, openSocket, backoff: () => 1_000 };
  const feed$ =
    name === 'itick'
      ? itick({ ...options, token: 'demo', market: 'stock' })
      : tickflow({ ...options, apiKey: 'demo', heartbeat: { within: 20_000 } });
  const events: FeedEvent[] = [];
  const subscription = feed$.subscribe((event) => events.push(event));
  asyncScheduler.schedule(() => subscription.unsubscribe(), until);
  return { events, vendor, topics$ };
};

const at = (time: number, act: () => void): unknown => asyncScheduler.schedule(act, time);
const kindsOf = (events: readonly FeedEvent[]): readonly string[] =>
  [...new Set(events.map(({ kind }) => kind))].sort();

describe.each(providers)('every event that %s emits survives structured clone and JSON', (name) => {
  const said: readonly FeedEventKind[] = [
    'connected',
    'disconnected',
    'subscribed',
    'unsubscribed',
    'refused',
    'unexpected',
    'undecodable',
    'quote',
    'depth',
    ...(name === 'itick' ? (['trade', 'kline', 'latency'] as const) : []),
  ];

  it('of every kind', () => {
    const events: FeedEvent[] = [];
    marbles(({ server }) => {
      const run = scripted(name, server);
      const { vendor, topics$ } = run;
      const time = 1_700_000_000_000;
      at(2_000, () => {
        vendor.act(aQuote({ symbol, time, open: 1, high: 2, low: 1, previousClose: 1, volume: 500, turnover: 900 }));
        vendor.act(aDepth({ symbol, time }));
        if (name === 'itick') {
          vendor.act(aTrade({ symbol, time, aggressor: 'buyer', volume: 500 }));
          vendor.act(aKline({ symbol, openTime: time, closeTime: time + 60_000 }));
        }
        vendor.act(strangers[name]);
        vendor.act('{"half a frame');
        vendor.act(stampless[name]);
      });
      at(3_000, () => topics$.next(depths(symbol)));
      at(70_000, () => vendor.drop());
      at(90_000, () => run.events.forEach((event) => events.push(event)));
    })();
    expect(kindsOf(events)).toEqual([...said].sort());
    expect(events.some((event) => event.kind === 'connected' && event.resumed !== undefined)).toBe(true);
    expect(events.some((event) => 'vendorTime' in event && event.vendorTime !== undefined)).toBe(true);
    events.forEach(expectToTravel);
  });

  it.each<readonly [string, (vendor: Scripted['vendor']) => void]>([
    ['ConnectionLost', (vendor) => vendor.close(4001, 'bye')],
    ['HeartbeatMissed', (vendor) => vendor.mute()],
    [
      'HandshakeRefused',
      (vendor) => {
        vendor.refuse(503, '31536000');
        vendor.drop();
      },
    ],
  ])('of disconnected by %s', (tag, lose) => {
    let events: readonly FeedEvent[] = [];
    marbles(({ server }) => {
      const run = scripted(name, server);
      at(2_000, () => lose(run.vendor));
      events = run.events;
    })();
    const causes = events.flatMap((event) => (event.kind === 'disconnected' ? [event.cause._tag] : []));
    expect(causes).toContain(tag);
    events.forEach(expectToTravel);
  });
});
