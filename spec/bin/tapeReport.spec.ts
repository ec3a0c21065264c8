import { newDecoded } from '../../lib/bin/commands/inspect.js';
import { ConnectionLost, depths, quotes, type FeedEvent } from '../../lib/index.js';
import { aBbo, aDepth, aKline, aQuote, aTrade } from '../../lib/testing/index.js';

const link = (receivedAt: number) => ({ provider: 'itick', receivedAt });
const connected = (at: number, resumed?: { from: number; to: number }): FeedEvent => ({
  ...link(at),
  kind: 'connected',
  attempt: 1,
  resumed,
});
const lost = (at: number, attempt = 1): FeedEvent => ({
  ...link(at),
  kind: 'disconnected',
  cause: new ConnectionLost(1006),
  attempt,
  retryAt: at + 500,
});

const decoded = (...events: readonly FeedEvent[]) => {
  const { accept, report } = newDecoded(
    [{ name: 'itick:stock', topics: [...quotes('AAPL.US'), ...depths('AAPL.US')] }],
    0,
  );
  events.forEach((event) => accept({ source: 'itick:stock', event }));
  return report();
};

describe('newDecoded', () => {
  it('counts the events of each symbol by kind, those never heard of too', () => {
    const { symbols } = decoded(
      aQuote(),
      aTrade(),
      aTrade(),
      aDepth({ symbol: '700.HK' }),
      aBbo({ symbol: '700.HK' }),
      aKline({ symbol: '700.HK' }),
    );
    expect(symbols).toEqual([
      { source: 'itick:stock', symbol: 'AAPL.US', trades: 2, quotes: 1, depths: 0, bbos: 0, klines: 0 },
      { source: 'itick:stock', symbol: '700.HK', trades: 0, quotes: 0, depths: 1, bbos: 1, klines: 1 },
    ]);
    expect(decoded().symbols).toMatchObject([{ symbol: 'AAPL.US', quotes: 0 }]);
  });

  it('measures how late events are, by kind', () => {
    const late = (by: number) => aQuote({ time: 1_000, receivedAt: 1_000 + by });
    const { latency } = decoded(...Array.from({ length: 100 }, (_, i) => late(i + 1)));
    expect(latency).toEqual([{ kind: 'quote', count: 100, p50: 50, p90: 90, p99: 99 }]);
  });

  it('has a gap from the last word to the next session, over all attempts', () => {
    const { gaps } = decoded(
      connected(0),
      aQuote({ receivedAt: 90 }),
      lost(100),
      lost(700, 2),
      connected(900, { from: 95, to: 900 }),
    );
    expect(gaps).toEqual([{ source: 'itick:stock', from: 95, to: 900, cause: expect.stringContaining('1006') }]);
  });

  it('has a gap to the end when nobody comes back, and none before the first session', () => {
    expect(decoded(connected(0), aQuote({ receivedAt: 90 }), lost(100)).gaps).toMatchObject([
      { from: 90, to: undefined },
    ]);
    expect(decoded(lost(100), connected(900)).gaps).toEqual([]);
  });

  it('counts what was refused and what nobody can read', () => {
    const refused: FeedEvent = { ...link(0), kind: 'refused', topics: quotes('A.US'), reason: 'no' };
    const undecodable: FeedEvent = { ...link(0), kind: 'undecodable', frame: '?', problems: [] };
    expect(decoded(refused, undecodable, undecodable)).toMatchObject({ refusedTopics: 1, undecodable: 2 });
  });
});
