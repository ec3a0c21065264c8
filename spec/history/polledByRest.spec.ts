import { Subject, tap } from 'rxjs';
import {
  depths,
  gaps,
  polled,
  quotes,
  toKlines,
  Unauthorized,
  type FeedEvent,
  type Gap,
  type Kline,
} from '../../lib/index.js';
import { itickHistory } from '../../lib/providers/itick/index.js';
import { tickflowHistory } from '../../lib/providers/tickflow/index.js';
import { startSimulator, type Simulator } from '../../lib/simulator/index.js';
import { until } from '../providers/loopback/until.js';
import { SECRET } from '../secrets/secret.cjs';

const SYMBOL = '600000.SH';
const budget = { calls: 100, per: 1_000 };
const vendors = {
  itick: {
    feed: 'itick:stock',
    lot: 1,
    historyOf: (url: string) => itickHistory({ token: SECRET, market: 'stock', url, budget }),
  },
  tickflow: {
    feed: 'tickflow',
    lot: 100,
    historyOf: (url: string) => tickflowHistory({ apiKey: SECRET, url, budget }),
  },
} as const;

/** Runs a body against a simulator that lets the credential of the specs in, and keeps its vendors' budget. */
const simulated = async (body: (simulator: Simulator) => Promise<void>): Promise<void> => {
  const simulator = await startSimulator({
    speed: 20,
    itick: { token: SECRET, budget },
    tickflow: { apiKey: SECRET, budget },
  });
  try {
    await body(simulator);
  } finally {
    await simulator.close();
  }
};

describe.each(['itick', 'tickflow'] as const)('polled over the REST interface of %s', (vendor) => {
  const { feed, lot, historyOf } = vendors[vendor];

  it('is a feed with bars and gaps, also across an outage', () =>
    simulated(async (simulator) => {
      const { rest } = simulator[vendor];
      const bars: Kline[] = [];
      const holes: Gap[] = [];
      const events$ = new Subject<FeedEvent>();
      events$.pipe(toKlines('1m', { forming: 'each' })).subscribe((bar) => bars.push(bar));
      events$.pipe(gaps()).subscribe((hole) => holes.push(hole));
      let [isRefused, isBack] = [false, false];
      const feed$ = polled(historyOf(simulator.restUrl), {
        topics: [...quotes(SYMBOL, 'NOPE.SH'), ...depths(SYMBOL)],
        every: 40,
        backoff: () => 20,
      }).pipe(
        tap((event) => {
          events$.next(event);
          if (event.kind === 'depth' && !isRefused) rest.refuse(503, { times: 2 });
          if (event.kind === 'depth') isRefused = true;
          if (event.kind === 'connected' && event.resumed) isBack = true;
        }),
      );
      const events = await until(feed$, ({ kind }) => isBack && bars.length > 0 && kind === 'depth');
      events$.complete();

      expect(events.slice(0, 3).map(({ kind }) => kind)).toEqual(['connected', 'subscribed', 'quote']);
      expect(new Set(events.map((event) => event.feed))).toEqual(new Set([feed]));
      expect(events).toContainEqual(expect.objectContaining({ kind: 'refused', topics: quotes('NOPE.SH') }));
      const lost = events.filter(({ kind }) => kind === 'disconnected');
      expect(lost.map((event) => 'cause' in event && event.cause)).toMatchObject([
        { _tag: 'HandshakeRefused', status: 503 },
        { _tag: 'HandshakeRefused', status: 503 },
      ]);
      const [hole] = holes;
      expect(holes).toMatchObject([{ feed, attempts: 2 }]);
      const [before, after] = [lost[0]?.receivedAt, lost[1]?.receivedAt];
      expect(hole?.from).toBeLessThanOrEqual(before ?? NaN);
      expect(hole?.to).toBeGreaterThanOrEqual(after ?? NaN);
      const last = events.filter((event) => event.kind === 'quote').at(-1);
      expect(last).toMatchObject({ symbol: SYMBOL, sizeUnit: lot === 1 ? 'shares' : 'lots' });
      expect(bars.at(-1)).toMatchObject({ symbol: SYMBOL, feed, source: 'quotes', close: last?.last });
      expect(bars.every(({ coverage }) => coverage >= 0 && coverage <= 1)).toBe(true);
      expect(rest.violations).toBe(0);
    }));

  it('ends with Unauthorized where the credential is refused', () =>
    simulated(async (simulator) => {
      simulator[vendor].rest.refuse(401);
      const feed$ = polled(historyOf(simulator.restUrl), { topics: quotes(SYMBOL) });
      await expect(until(feed$, () => false)).rejects.toBeInstanceOf(Unauthorized);
    }));
});
