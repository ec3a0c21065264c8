import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { trades } from '../../../lib/model/topic.js';
import { recoverTrades } from '../../../lib/operators/recoverTrades/recoverTrades.js';
import { binance, binanceHistory } from '../../../lib/providers/binance/index.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import { until } from './until.js';

const SPEED = 20;
const LOSSES = 3;

describe('recoverTrades of Binance, over loopback', () => {
  it('has each id once and all of them, though the link is lost again and again', async () => {
    const simulator = await startSimulator({ speed: SPEED });
    const { url, restUrl } = simulator;
    try {
      const symbols = ['BTCUSDT.BA', 'ETHUSDT.BA'];
      // A link that is away for a moment of the simulator's, so that trades are missed.
      const feed$ = binance({ topics: trades(...symbols), url, restUrl, backoff: () => 60 });
      let dropped = 0;
      let sinceDrop = 0;
      const closed = new Set<string>();
      const events = await until(feed$.pipe(recoverTrades(binanceHistory({ restUrl }))), (event: FeedEvent) => {
        if (event.kind === 'connected') sinceDrop = 0;
        if (event.kind === 'recovered') closed.add(event.symbol);
        if (event.kind !== 'trade') return false;
        sinceDrop += 1;
        if (sinceDrop === 20 && dropped < LOSSES) {
          dropped += 1;
          simulator.binance.drop();
        }
        return dropped === LOSSES && sinceDrop > 200 && closed.size === symbols.length;
      });
      const ends = events.flatMap((event) => (event.kind === 'recovered' ? [event] : []));
      expect(ends.map(({ outcome }) => outcome)).toEqual(ends.map(() => 'whole'));
      // Holes that are open still when the spec ends are told by the live trades alone.
      const asked = new Map(
        symbols.map((symbol) => [symbol, ends.filter((end) => end.symbol === symbol).at(-1)?.toId]),
      );
      for (const symbol of symbols) {
        const ids = events.flatMap((event) =>
          event.kind === 'trade' && event.symbol === symbol && (event.id ?? NaN) <= (asked.get(symbol) ?? NaN)
            ? [event.id ?? NaN]
            : [],
        );
        const [first, last] = [Math.min(...ids), Math.max(...ids)];
        expect([...ids].sort((a, b) => a - b)).toEqual(Array.from({ length: last - first + 1 }, (_, at) => first + at));
        expect(ids.length).toBeGreaterThan(0);
      }
      expect(simulator.binance.rest.violations).toBe(0);
    } finally {
      await simulator.close();
    }
  });
});
