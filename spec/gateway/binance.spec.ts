import type { Observable } from 'rxjs';
import { filter, tap } from 'rxjs';
import { joinFeed as joinGateway } from '../../lib/gateway/index.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { bbos, depths, klines, trades, type Topic } from '../../lib/model/topic.js';
import { hostFeed, joinFeed as joinNats } from '../../lib/nats/index.js';
import { mutableBook } from '../../lib/operators/depth/mutableBook.js';
import { recoverTrades } from '../../lib/operators/recoverTrades/recoverTrades.js';
import { binance, binanceHistory } from '../../lib/providers/binance/index.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { describeWithNats } from '../nats/describeWithNats.js';
import { listen, stage, until, type Listener, type Stage } from '../nats/stage.js';
import { opened } from './stage.js';

const SPEED = 10;
const [bitcoin, ether] = ['BTCUSDT.BA', 'ETHUSDT.BA'] as const;
const TOP = 10;

/** Follows a book; says after which number it is which, and where it lost its way although the link held. */
const followed = () => {
  const book = mutableBook();
  const out = new Float64Array(4 * TOP);
  const tops = new Map<number, string>();
  const seen = { snapshots: 0, updates: 0, holes: 0 };
  return {
    tops,
    seen,
    take: (event: FeedEvent): void => {
      if (event.kind === 'disconnected') book.invalidate();
      if (event.kind !== 'depth' || event.symbol !== bitcoin) return;
      book.apply(event);
      seen[event.type === 'snapshot' ? 'snapshots' : 'updates'] += 1;
      if (!book.isValid()) {
        seen.holes += 1;
        return;
      }
      book.bids.readTop(TOP, out, 0);
      book.asks.readTop(TOP, out, 2 * TOP);
      tops.set(event.sequence?.last ?? NaN, out.join());
    },
  };
};

const idsOf = (events: readonly FeedEvent[]): readonly number[] =>
  events.flatMap((event) => (event.kind === 'trade' && event.symbol === bitcoin ? [event.id ?? NaN] : []));

/** All the numbers from the least to the greatest, each once. */
const whole = (ids: readonly number[]): readonly number[] => {
  const first = Math.min(...ids);
  return Array.from({ length: Math.max(...ids) - first + 1 }, (_, at) => first + at);
};

const ascending = (ids: readonly number[]): readonly number[] => [...ids].sort((a, b) => a - b);

describeWithNats('Binance, through NATS and a gateway behind it', () => {
  let theatre: Stage;
  let gate: Awaited<ReturnType<typeof opened>>;
  let source: ReturnType<typeof followed>;
  let isLost: (event: FeedEvent) => boolean;
  let leave: (() => void)[];

  const history = () => binanceHistory({ restUrl: theatre.vendor.restUrl });

  beforeEach(async () => {
    theatre = await stage({ speed: SPEED, binance: { pingEvery: 20_000 * SPEED } });
    const { url, restUrl } = theatre.vendor;
    source = followed();
    isLost = () => false;
    leave = [];
    const host = hostFeed({
      nats: await theatre.connect(),
      name: 'crypto',
      makeFeed: (topics) =>
        binance({ topics, url, restUrl, backoff: () => 60 }).pipe(
          filter((event) => !isLost(event)),
          tap(source.take),
          recoverTrades(history()),
        ),
    }).subscribe();
    leave.push(() => host.unsubscribe());
    const nats = await theatre.connect();
    gate = await opened(shareFeed((topics) => joinNats({ nats, name: 'crypto', topics })));
  });
  afterEach(async () => {
    leave.forEach((one) => one());
    await gate.close();
    await theatre.close();
  });

  const heard = (feed$: Observable<FeedEvent>): Listener => {
    const listener = listen(feed$);
    leave.unshift(listener.leave);
    return listener;
  };
  const remote = (topics: readonly Topic[]): Observable<FeedEvent> =>
    joinGateway({ url: gate.url, topics, backoff: () => 20 });

  it('has for a remote watcher all that Binance says, and its own numbers', async () => {
    const topics = [bitcoin, ether].flatMap((symbol) => [
      ...trades(symbol),
      ...bbos(symbol),
      ...depths(symbol),
      ...klines('1s', symbol),
    ]);
    const far = followed();
    const watcher = heard(remote(topics).pipe(tap(far.take)));
    const kinds = ['trade', 'bbo', 'depth', 'kline'] as const;
    await until(() =>
      [bitcoin, ether].every((symbol) =>
        kinds.every((kind) => watcher.of(kind).filter((event) => event.symbol === symbol).length > 5),
      ),
    );
    expect(new Set(watcher.events.map(({ kind }) => kind))).toEqual(new Set(['connected', 'subscribed', ...kinds]));
    const ids = idsOf(watcher.events);
    expect(ids).toEqual(whole(ids));
    for (const { interval, openTime, closeTime } of watcher.of('kline')) {
      expect([interval, closeTime - openTime]).toEqual(['1s', 1_000]);
    }
    for (const { valid, bid, ask, sequence } of watcher.of('bbo')) {
      expect(valid).toBe(true);
      expect(bid?.price).toBeLessThan(ask?.price ?? NaN);
      expect(sequence).toBeGreaterThan(0);
    }
    const [first, ...later] = watcher.of('depth').filter(({ symbol }) => symbol === bitcoin);
    expect(first).toMatchObject({ type: 'snapshot' });
    expect(later.some(({ type }) => type === 'update')).toBe(true);
    for (const { sequence } of later) {
      expect(sequence).toEqual({ first: expect.any(Number), last: expect.any(Number) });
    }
    expect(far.seen.holes).toBe(0);
    for (const [number, top] of far.tops) expect([number, top]).toEqual([number, source.tops.get(number)]);
  });

  it('gives who joins late the whole book, on either way, and its updates without a hole', async () => {
    const early = heard(remote(depths(bitcoin)));
    await until(() => early.of('depth').length > 10);
    const nats = await theatre.connect();
    for (const feed$ of [remote(depths(bitcoin)), joinNats({ nats, name: 'crypto', topics: depths(bitcoin) })]) {
      const book = followed();
      const late = heard(feed$.pipe(tap(book.take)));
      await until(() => late.of('depth').length > 20);
      expect(late.of('depth')[0]).toMatchObject({ type: 'snapshot', sequence: { last: expect.any(Number) } });
      expect(book.seen.holes).toBe(0);
      expect(late.of('disconnected')).toEqual([]);
      for (const [number, top] of book.tops) expect([number, top]).toEqual([number, source.tops.get(number)]);
    }
    expect(theatre.vendor.binance.rest.callsTo['/api/v3/depth']).toBe(1);
  });

  it('hands on the trades that were lost and recovered, each once, and that they are', async () => {
    const watcher = heard(remote(trades(bitcoin)));
    await until(() => idsOf(watcher.events).length > 5);
    let lost: number | undefined;
    isLost = (event) => {
      if (lost !== undefined || event.kind !== 'trade') return false;
      lost = event.id;
      return true;
    };
    await until(() => watcher.of('recovered').length === 1);
    expect(watcher.of('recovered')).toMatchObject([{ symbol: bitcoin, fromId: lost, toId: lost, outcome: 'whole' }]);
    const ids = idsOf(watcher.events);
    expect(ids).not.toEqual(whole(ids));
    expect(ascending(ids)).toEqual(whole(ids));
    expect(watcher.of('disconnected')).toEqual([]);
  });

  it('has a whole book after the vendor was lost, and the trades of that time', async () => {
    const far = followed();
    const watcher = heard(remote([...depths(bitcoin), ...trades(bitcoin)]).pipe(tap(far.take)));
    await until(() => far.seen.updates > 5 && idsOf(watcher.events).length > 5);
    const { snapshots } = far.seen;
    theatre.vendor.binance.drop();
    await until(() => watcher.of('recovered').length > 0 && far.seen.snapshots > snapshots);
    const { updates } = far.seen;
    await until(() => far.seen.updates > updates + 10);
    expect(watcher.of('disconnected')).toHaveLength(1);
    expect(far.seen.holes).toBe(0);
    for (const [number, top] of far.tops) expect([number, top]).toEqual([number, source.tops.get(number)]);
    const ids = idsOf(watcher.events);
    expect(ascending(ids)).toEqual(whole(ids));
  });

  it('lets a watcher that lost the gateway recover its trades by itself, and begins its book anew', async () => {
    const far = followed();
    const watcher = heard(
      remote([...depths(bitcoin), ...trades(bitcoin)]).pipe(tap(far.take), recoverTrades(history())),
    );
    await until(() => far.seen.updates > 5 && idsOf(watcher.events).length > 5);
    const { snapshots } = far.seen;
    for (const socket of gate.server.clients) socket.terminate();
    await until(() => far.seen.snapshots > snapshots);
    const { updates } = far.seen;
    await until(() => far.seen.updates > updates + 10);
    const last = Math.max(...idsOf(watcher.events));
    const known = (): readonly number[] => idsOf(watcher.events).filter((id) => id <= last);
    await until(() => ascending(known()).join() === whole(known()).join());
    expect(watcher.of('disconnected')).toHaveLength(1);
    expect(far.seen.holes).toBe(0);
    for (const [number, top] of far.tops) expect([number, top]).toEqual([number, source.tops.get(number)]);
  });
});
