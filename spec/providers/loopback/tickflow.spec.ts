import { inspect } from 'node:util';
import { firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { depths, quotes } from '../../../lib/model/topic.js';
import { ofKind } from '../../../lib/operators/ofKind.js';
import { tickflow, type TickflowOptions } from '../../../lib/providers/tickflow/index.js';
import { shareFeed } from '../../../lib/share/shareFeed.js';
import { startSimulator, type Simulator, type TickflowRules } from '../../../lib/simulator/index.js';
import { SECRET } from '../../secrets/secret.cjs';
import { until } from './until.js';

/** Runs a body against a simulated TickFlow that speeds along, and takes it down again. */
const withTickflow = async (
  rules: TickflowRules,
  body: (feed: (options: Partial<TickflowOptions>) => Observable<FeedEvent>, simulator: Simulator) => Promise<void>,
): Promise<void> => {
  const simulator = await startSimulator({ speed: 50, tickflow: { apiKey: SECRET, ...rules } });
  try {
    await body(
      (options) =>
        tickflow({ apiKey: SECRET, topics: quotes('600000.SH'), url: simulator.url, backoff: () => 5, ...options }),
      simulator,
    );
  } finally {
    await simulator.close();
  }
};

describe('tickflow, over loopback', () => {
  it('streams quotes and depth in the callers spelling, with the unit of their sizes', () =>
    withTickflow({}, async (feed) => {
      const symbols = ['600000.SH', '700.HK', 'AAPL.US', 'au2604.SHF'];
      const missing = new Set([...symbols.map((s) => `quote ${s}`), ...symbols.map((s) => `depth ${s}`)]);
      const events = await until(feed({ topics: [...quotes(...symbols), ...depths(...symbols)] }), (event) => {
        if ('symbol' in event) missing.delete(`${event.kind} ${event.symbol}`);
        return missing.size === 0;
      });
      const units = new Map(
        events.flatMap((event) => (event.kind === 'quote' ? [[event.symbol, event.sizeUnit]] : [])),
      );
      expect(Object.fromEntries(units)).toEqual({
        '600000.SH': 'lots',
        '700.HK': 'shares',
        'AAPL.US': 'shares',
        'au2604.SHF': 'lots',
      });
    }));

  it('streams quotes from the legacy endpoint', () =>
    withTickflow({}, async (feed, simulator) => {
      await firstValueFrom(feed({ endpoint: 'quotes' }).pipe(ofKind('quote')));
      expect(simulator.tickflow.commands).toEqual(['{"op":"subscribe","symbols":["600000.SH"]}']);
    }));

  it('names the symbols that were dropped silently', () =>
    withTickflow({}, async (feed) => {
      const refused = await firstValueFrom(feed({ topics: quotes('600000.SH', 'NOPE.SH') }).pipe(ofKind('refused')));
      expect(refused.topics).toEqual(quotes('NOPE.SH'));
    }));

  it('says that symbols were dropped when the vendor tells only their number', () =>
    withTickflow({ terse: true }, async (feed) => {
      const refused = await firstValueFrom(feed({ topics: quotes('600000.SH', 'NOPE.SH') }).pipe(ofKind('refused')));
      expect(refused).toMatchObject({ topics: [], reason: expect.stringContaining('1 of the 2 symbols') });
    }));

  it('streams quotes on when the plan holds no depth', () =>
    withTickflow({ channels: ['quotes'] }, async (feed) => {
      const events$ = feed({ topics: [...depths('600000.SH', '000001.SZ'), ...quotes('600000.SH')] });
      const events = await until(events$, (event) => event.kind === 'refused');
      expect(events.at(-1)).toMatchObject({
        topics: depths('600000.SH', '000001.SZ'),
        reason: 'no permission for channel: depth',
      });
      expect(events.map(({ kind }) => kind)).toContain('quote');
    }));

  it('asks for as many symbols as the plan holds and names the rest', () =>
    withTickflow({ maxSymbols: 3 }, async (feed) => {
      const symbols = ['600000.SH', '000001.SZ', '600519.SH', '300750.SZ', '601318.SH'];
      const heard = new Set<string>();
      const refused = new Set<string>();
      await until(feed({ topics: quotes(...symbols) }), (event) => {
        if (event.kind === 'quote') heard.add(event.symbol);
        if (event.kind === 'refused') event.topics.forEach(({ symbol }) => refused.add(symbol));
        return heard.size === 3 && refused.size === 2;
      });
      expect([...heard, ...refused].sort()).toEqual([...symbols].sort());
    }));

  it('notices a link that has gone silent', () =>
    withTickflow({}, async (feed, simulator) => {
      const events = await until(feed({ heartbeat: { within: 60 } }), (event) => {
        if (event.kind === 'quote') simulator.tickflow.mute();
        return event.kind === 'disconnected';
      });
      expect(events.at(-1)).toMatchObject({ cause: { _tag: 'HeartbeatMissed' } });
    }));

  it('backs off after a clean close, and is not ended by many', () =>
    withTickflow({}, async (feed, simulator) => {
      const backoff = jest.fn(() => 5);
      let losses = 0;
      await until(feed({ backoff }), (event) => {
        if (event.kind === 'connected') simulator.tickflow.close(1000);
        if (event.kind === 'disconnected') losses += 1;
        return losses === 8;
      });
      expect(backoff).toHaveBeenCalledTimes(8);
      // No data came in between, so the attempts count on: a vendor that closes at once is asked less and less often.
      expect(backoff).toHaveBeenLastCalledWith(8, expect.objectContaining({ _tag: 'ConnectionLost', code: 1000 }));
    }));

  it.each([
    [401, 'Unauthorized'],
    [403, 'Unauthorized'],
    [404, 'HandshakeRefused'],
  ])('ends with HTTP %i as %s, without the key', (status, tag) =>
    withTickflow({}, async (feed, simulator) => {
      simulator.tickflow.refuseUpgrades(status, { body: `{"code":"NO","message":"bad key ${SECRET}"}` });
      const error: unknown = await lastValueFrom(feed({})).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ _tag: tag, status });
      expect(inspect(error, { showHidden: true })).not.toContain(SECRET);
      expect(inspect(error)).not.toContain(encodeURIComponent(SECRET));
    }),
  );

  it('serves many watchers over one connection, with one subscription for each topic', () =>
    withTickflow({}, async (feed, simulator) => {
      const desk = shareFeed((topics) => feed({ topics }));
      const watch = (): Promise<FeedEvent[]> =>
        until(desk.watch([...quotes('600000.SH'), ...depths('600000.SH')]), ({ kind }) => kind === 'depth');
      const [one, two] = await Promise.all([watch(), watch()]);
      expect(one).toEqual(two);
      expect(simulator.tickflow.accepted).toBe(1);
      expect(simulator.tickflow.commands).toEqual([
        '{"op":"subscribe","channel":"quotes","symbols":["600000.SH"]}',
        '{"op":"subscribe","channel":"depth","symbols":["600000.SH"]}',
      ]);
    }));
});
