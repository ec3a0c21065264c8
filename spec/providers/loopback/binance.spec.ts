import {
  BehaviorSubject,
  firstValueFrom,
  interval,
  lastValueFrom,
  map,
  merge,
  take,
  takeUntil,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Depth } from '../../../lib/model/marketEvent.js';
import { bbos, depths, klines, quotes, topicKey, trades, type Topic } from '../../../lib/model/topic.js';
import type { LadderView } from '../../../lib/operators/depth/LadderView.js';
import { mutableBook } from '../../../lib/operators/depth/mutableBook.js';
import { ofKind } from '../../../lib/operators/ofKind.js';
import { binance, type BinanceOptions } from '../../../lib/providers/binance/index.js';
import { shareFeed } from '../../../lib/share/shareFeed.js';
import { startSimulator, type BinanceRules, type Simulator } from '../../../lib/simulator/index.js';
import { eventually, newHandles } from './resources.js';
import { until } from './until.js';

const SPEED = 20;
const [bitcoin, ether] = ['BTCUSDT.BA', 'ETHUSDT.BA'] as const;

type Feed = (options?: Partial<BinanceOptions>) => Observable<FeedEvent>;

/**
 * Runs a body against a simulated Binance that speeds along, and takes it down again. Its limits are of this machine's time; its pings are
 * too, or they would use those up.
 */
const withBinance = async (
  rules: BinanceRules,
  body: (feed: Feed, simulator: Simulator) => Promise<void>,
  speed = SPEED,
): Promise<void> => {
  const simulator = await startSimulator({ speed, binance: rules });
  const { url, restUrl } = simulator;
  try {
    await body(
      (options) => binance({ topics: trades(bitcoin), url, restUrl, backoff: () => 5, ...options }),
      simulator,
    );
    expect(simulator.binance.overruns).toBe(0);
    expect(simulator.binance.rest.violations).toBe(0);
  } finally {
    await simulator.close();
  }
};

/** Fails at a hole that no snapshot follows, and at numbers that go back. Returns what the book is. */
const followed = () => {
  const book = mutableBook();
  const seen = { snapshots: 0, updates: 0, holes: 0, last: 0 };
  const take = (event: FeedEvent): void => {
    if (event.kind !== 'depth') return;
    seen[event.type === 'snapshot' ? 'snapshots' : 'updates'] += 1;
    seen.last = event.sequence?.last ?? NaN;
    const wasValid = book.isValid();
    book.apply(event);
    if (event.type === 'snapshot') expect(book.isValid()).toBe(true);
    else if (wasValid && !book.isValid()) seen.holes += 1;
  };
  return { book, seen, take };
};

const levelsOf = (side: LadderView): readonly unknown[] =>
  Array.from({ length: side.depth() }, (_, rank) => [side.priceAt(rank), side.sizeAt(rank)]);

/** What the simulator says of a book now. */
const bookNow = async (
  { restUrl }: Simulator,
  code: string,
): Promise<{ lastUpdateId: number; bids: string[][]; asks: string[][] }> =>
  (await (await fetch(`${restUrl}/api/v3/depth?symbol=${code}&limit=5000`)).json()) as never;

describe('binance, over loopback', () => {
  it('streams all five kinds, in the spelling of the caller', () =>
    withBinance({}, async (feed) => {
      const symbols = [bitcoin, ether];
      const topics = [
        ...trades(...symbols),
        ...quotes(...symbols),
        ...depths(...symbols),
        ...bbos(...symbols),
        ...klines('1m', ...symbols),
      ];
      const missing = new Set(topics.map(({ channel, symbol }) => `${channel} ${symbol}`));
      await until(feed({ topics }), (event) => {
        if ('symbol' in event) missing.delete(`${event.kind} ${event.symbol}`);
        else expect(['connected', 'subscribed']).toContain(event.kind);
        return missing.size === 0;
      });
    }));

  it('has the very book of the vendor, whole from its first event, and mended after each hole', () =>
    withBinance({}, async (feed, simulator) => {
      const { book, seen, take } = followed();
      let lost = 0;
      const depths$ = feed({ topics: depths(bitcoin) }).pipe(
        tap(take),
        tap((event) => {
          if (
            event.kind !== 'depth' ||
            event.type === 'snapshot' ||
            !book.isValid() ||
            seen.updates % 5 !== 0 ||
            lost > seen.holes
          )
            return;
          lost += 1;
          simulator.binance.loseDepth(bitcoin, 1 + (lost % 2));
        }),
      );
      const events = await until(depths$, () => seen.holes >= 4 && book.isValid() && seen.updates > 40);
      expect(events.find(({ kind }) => kind === 'depth')).toMatchObject({ type: 'snapshot' });
      expect(seen.snapshots).toBe(seen.holes + 1);
      expect(simulator.binance.accepted).toBe(1);
    }));

  it('ends with the book that the vendor has when its market stops', () =>
    withBinance(
      {},
      async (feed, simulator) => {
        const { book, seen, take } = followed();
        const heard = feed({ topics: depths(bitcoin), levels: 5_000 }).subscribe(take);
        try {
          await eventually(() => expect(seen.snapshots).toBe(1));
          for (let step = 0; step < 50; step += 1) simulator.step();
          const truth = await bookNow(simulator, 'BTCUSDT');
          await eventually(() => expect(seen.last).toBe(truth.lastUpdateId));
          const numbers = (rows: string[][]): unknown => rows.map((row) => row.map(Number));
          expect(levelsOf(book.bids)).toEqual(numbers(truth.bids));
          expect(levelsOf(book.asks)).toEqual(numbers(truth.asks));
        } finally {
          heard.unsubscribe();
        }
      },
      0,
    ));

  it.each(['drop', 'close', 'cut', 'kick'] as const)(
    'comes back from a %s with all of its topics, and whole books',
    (loss) =>
      withBinance({}, async (feed, simulator) => {
        const topics = [...trades(bitcoin), ...depths(ether)];
        let lost = false;
        const events = await until(feed({ topics }), (event) => {
          if (event.kind === 'depth' && !lost) simulator.binance[loss]();
          lost ||= event.kind === 'depth';
          return event.kind === 'depth' && simulator.binance.accepted === 2;
        });
        const links = events.filter(({ kind }) => kind === 'connected' || kind === 'disconnected');
        expect(links.map(({ kind }) => kind)).toEqual(['connected', 'disconnected', 'connected']);
        expect(links[2]).toMatchObject({ resumed: { from: expect.any(Number) as number } });
        const [first, , again] = links;
        const after = (link: FeedEvent | undefined): Depth | undefined =>
          events.slice(events.indexOf(link as FeedEvent)).find((event) => event.kind === 'depth');
        expect([after(first)?.type, after(again)?.type]).toEqual(['snapshot', 'snapshot']);
      }),
  );

  it('comes back from a server that goes down after its notice, which is no garbage', () =>
    withBinance({}, async (feed, simulator) => {
      let told = false;
      const events = await until(feed(), (event) => {
        if (event.kind === 'trade' && !told) simulator.binance.shutdown(20);
        told ||= event.kind === 'trade';
        return event.kind === 'trade' && simulator.binance.accepted >= 2;
      });
      expect(events.map(({ kind }) => kind)).not.toContain('undecodable');
    }));

  it('refuses what does not exist, by name, and streams the rest', () =>
    withBinance({}, async (feed, simulator) => {
      const missing = new Set(['depth NOPEUSDT.BA', 'trade NOPEUSDT.BA', 'quote NOPE2.BA']);
      let quotesSeen = 0;
      const topics = [...depths('NOPEUSDT.BA', ether), ...trades('NOPEUSDT.BA'), ...quotes('NOPE2.BA', bitcoin)];
      const events = await until(feed({ topics }), (event) => {
        if (event.kind === 'refused')
          event.topics.forEach(({ channel, symbol }) => missing.delete(`${channel} ${symbol}`));
        if (event.kind === 'quote') quotesSeen += 1;
        return missing.size === 0 && quotesSeen > 2;
      });
      expect(events.filter(({ kind }) => kind === 'refused').length).toBeLessThanOrEqual(3);
      expect(simulator.binance.accepted).toBe(1);
    }));

  it('streams on while REST says nothing, refuses or answers garbage; books come when it is mended', () =>
    withBinance({}, async (feed, simulator) => {
      const { rest } = simulator.binance;
      rest.garble('html');
      let count = 0;
      const events = await until(feed({ topics: [...depths(ether), ...trades(bitcoin)] }), (event) => {
        if (event.kind === 'trade') count += 1;
        if (count === 5) rest.refuse(503);
        if (count === 10) rest.mend();
        return event.kind === 'depth';
      });
      expect(events.at(-1)).toMatchObject({ kind: 'depth', type: 'snapshot', symbol: ether });
      expect(count).toBeGreaterThanOrEqual(10);
      expect(events.map(({ kind }) => kind)).not.toContain('refused');
    }));

  it('has a whole book from a REST that is slower than the stream', () =>
    withBinance({}, async (feed, simulator) => {
      simulator.binance.rest.delay(300);
      const { book, seen, take } = followed();
      await until(feed({ topics: depths(bitcoin) }).pipe(tap(take)), () => seen.updates > 20);
      expect(book.isValid()).toBe(true);
      expect([seen.snapshots, seen.holes]).toEqual([1, 0]);
    }));

  it(
    'asks for 1,024 streams on one connection, and all are served',
    () =>
      withBinance(
        {},
        async (feed, simulator) => {
          // The simulator makes up the past of a bar: those of days and months would take it minutes.
          const symbols = Array.from({ length: 128 }, (_, i) => `S${i}USDT.BA`);
          const bars = (['1m', '5m', '15m', '30m', '1h'] as const).flatMap((interval) => klines(interval, ...symbols));
          const topics = [...bars, ...trades(...symbols), ...quotes(...symbols), ...bbos(...symbols)];
          expect(topics).toHaveLength(1_024);
          const served = new Set<string>();
          const events = await until(feed({ topics }), (event) => {
            if (event.kind === 'subscribed') event.topics.forEach((topic) => served.add(topicKey(topic)));
            return served.size === 1_024;
          });
          expect(events.map(({ kind }) => kind)).not.toContain('refused');
          expect(simulator.binance.topics).toHaveLength(1_024);
          expect(simulator.binance.accepted).toBe(1);
          expect(simulator.binance.commands).toHaveLength(6);
        },
        1,
      ),
    60_000,
  );

  it(
    'never says more than the vendor takes, however fast topics change',
    () =>
      withBinance(
        { pingEvery: 1_000 },
        async (feed, simulator) => {
          const all = ['BTCUSDT.BA', 'ETHUSDT.BA', 'SOLUSDT.BA', 'BNBUSDT.BA', 'XRPUSDT.BA'];
          const topics$ = new BehaviorSubject<readonly Topic[]>(trades(bitcoin));
          const churn$ = interval(20).pipe(
            tap((i) =>
              topics$.next([...trades(...all.filter((_, at) => (i + at) % 3 !== 0)), ...depths(all[i % 5] ?? bitcoin)]),
            ),
          );
          const events: FeedEvent[] = [];
          await lastValueFrom(
            merge(feed({ topics: topics$ }).pipe(tap((event) => events.push(event))), churn$).pipe(
              takeUntil(timer(4_000)),
            ),
          );
          expect(events.filter(({ kind }) => kind === 'disconnected')).toEqual([]);
          expect(simulator.binance.accepted).toBe(1);
          expect(simulator.binance.commands.length).toBeGreaterThan(5);
        },
        1,
      ),
    30_000,
  );

  it('hears garbage, text and binary, says so, and streams on', () =>
    withBinance({}, async (feed, simulator) => {
      const junk = [
        '{"stream":"btcusdt@aggTrade","data":{"s":"BTCUSDT"',
        new Uint8Array([0xff, 0x00, 0xfe]),
        '',
        'null',
        '{"stream":"btcusdt@aggTrade","data":{"s":"ETHUSDT","a":1,"p":"1","q":"1"}}',
        '{"__proto__":{"stream":1}}',
      ];
      let said = false;
      const events = await until(feed(), (event) => {
        if (event.kind === 'trade' && !said) junk.forEach((frame) => simulator.binance.say(frame));
        said ||= event.kind === 'trade';
        return event.kind === 'undecodable' && event.frame.includes('__proto__');
      });
      expect(events.filter(({ kind }) => kind === 'undecodable')).toHaveLength(junk.length);
      expect(simulator.binance.accepted).toBe(1);
    }));

  it('notices a link that has gone silent', () =>
    withBinance({}, async (feed, simulator) => {
      const events = await until(feed({ heartbeat: { every: 500, within: 1_000 } }), (event) => {
        if (event.kind === 'trade') simulator.binance.mute();
        return event.kind === 'disconnected';
      });
      expect(events.at(-1)).toMatchObject({ cause: { _tag: 'HeartbeatMissed' }, attempt: 1 });
    }));

  it('is another socket for each subscriber, and one for all behind shareFeed', () =>
    withBinance({}, async (feed, simulator) => {
      const feed$ = feed();
      const some = (events$: Observable<FeedEvent>) => lastValueFrom(events$.pipe(ofKind('trade'), take(3)));
      await Promise.all([some(feed$), some(feed$)]);
      expect(simulator.binance.accepted).toBe(2);
      const desk = shareFeed((topics) => feed({ topics }));
      await Promise.all([some(desk.watch(trades(bitcoin))), some(desk.watch(trades(bitcoin)))]);
      expect(simulator.binance.accepted).toBe(3);
    }));

  it('gives a late joiner of a shared feed the whole book, and the same as those before', () =>
    withBinance({}, async (feed, simulator) => {
      const desk = shareFeed((topics) => feed({ topics }));
      const early = followed();
      const late = followed();
      const heard = desk.watch(depths(bitcoin)).subscribe(early.take);
      await eventually(() => expect(early.seen.updates).toBeGreaterThan(5), 1_000_000);
      const first = await firstValueFrom(desk.watch(depths(bitcoin)).pipe(ofKind('depth')));
      expect(first).toMatchObject({ type: 'snapshot' });
      await until(desk.watch(depths(bitcoin)).pipe(tap(late.take)), () => late.seen.updates > 10);
      expect(late.book.isValid()).toBe(true);
      expect([late.seen.snapshots, late.seen.holes]).toEqual([1, 0]);
      expect(levelsOf(late.book.bids)).toEqual(levelsOf(early.book.bids));
      expect(levelsOf(late.book.asks)).toEqual(levelsOf(early.book.asks));
      heard.unsubscribe();
      expect(simulator.binance.rest.callsTo['/api/v3/depth']).toBe(1);
    }));

  it('may be unsubscribed from inside of any event, and leaves no handle behind', async () => {
    const handles = newHandles();
    await withBinance({}, async (feed, simulator) => {
      const topics = [...trades(bitcoin), ...depths(bitcoin)];
      for (const kind of ['connected', 'subscribed', 'depth', 'trade'] as const) {
        const event = await firstValueFrom(feed({ topics }).pipe(ofKind(kind)));
        expect(event.kind).toBe(kind);
      }
      simulator.binance.rest.hang();
      await firstValueFrom(
        feed({ topics }).pipe(
          ofKind('trade'),
          map(({ kind }) => kind),
        ),
      );
      await eventually(() => expect(simulator.binance.live).toBe(0), 1_000_000);
      expect(Object.keys(handles())).toContain('TCPSERVERWRAP');
    });
    await eventually(() => expect(handles()).toEqual({}), 1_000_000);
  });
});
