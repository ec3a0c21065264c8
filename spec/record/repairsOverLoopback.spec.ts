import { concat, lastValueFrom, mergeMap, of, takeWhile, toArray, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades } from '../../lib/model/topic.js';
import { backfill } from '../../lib/operators/backfill/backfill.js';
import { itick, itickHistory } from '../../lib/providers/itick/index.js';
import { tickflow, tickflowHistory } from '../../lib/providers/tickflow/index.js';
import {
  fileSink,
  inspectCassette,
  readCassette,
  record,
  replay,
  type FeedConnection,
} from '../../lib/record/index.js';
import { startSimulator } from '../../lib/simulator/index.js';
import { SECRET } from '../secrets/secret.cjs';
import { aFolder } from './files/aFolder.js';

const path = aFolder();
const MINUTE = 60_000;
const [SYMBOL, OTHER] = ['600000.SH', '600519.SH'];
const budget = { calls: 60, per: MINUTE };

/** 10:00 in Shanghai, on the last weekday before today. */
const lastMorning = (): number => {
  const day = new Date();
  day.setUTCHours(2, 0, 0, 0);
  do day.setUTCDate(day.getUTCDate() - 1);
  while (day.getUTCDay() % 6 === 0);
  return day.getTime();
};

/** An event without its times here; see loopback.spec.ts. */
const timeless = (event: FeedEvent): unknown => {
  const ours = 'time' in event && event.time === event.receivedAt ? ['time'] : [];
  const times = ['receivedAt', 'resumed', 'retryAt', 'roundTrip', ...ours];
  return JSON.parse(JSON.stringify(event, (key, value: unknown) => (times.includes(key) ? undefined : value)));
};

describe.each(['itick', 'tickflow'] as const)('a recording of %s with its history, over loopback', (vendor) => {
  it('is replayed as it was heard, with its repairs, and asks no network', async () => {
    const start = lastMorning();
    const simulator = await startSimulator({ start, [vendor]: { token: SECRET, apiKey: SECRET, budget } });
    const { url, restUrl } = simulator;
    /** The symbol starts with bars from the history; when the link is back, another one's are asked for. */
    const feedOf = (
      { fetch, ...connection }: FeedConnection,
      credential: string,
      hosts: { readonly ws?: string; readonly rest?: string } = {},
    ): Observable<FeedEvent> => {
      const more = { url: hosts.ws, backoff: () => 20, ...connection };
      const past = { url: hosts.rest, fetch, budget };
      const [feed$, history] =
        vendor === 'itick'
          ? ([
              itick({ token: credential, market: 'stock', topics: trades(SYMBOL), ...more }),
              itickHistory({ token: credential, market: 'stock', ...past }),
            ] as const)
          : ([
              tickflow({ apiKey: credential, topics: quotes(SYMBOL), ...more }),
              tickflowHistory({ apiKey: credential, ...past }),
            ] as const);
      const earlier$ = history.klines({
        interval: '1m',
        symbols: [OTHER],
        from: start - 10 * MINUTE,
        to: start - 2 * MINUTE,
      });
      return feed$.pipe(
        backfill(history, { interval: '1m', warm: 5 }),
        mergeMap((event) => (event.kind === 'connected' && event.resumed ? concat(of(event), earlier$) : of(event))),
      );
    };

    const sink = fileSink(path('tape.ndjson.gz'), { flushEvery: 20 });
    let after = 0;
    let bars = 0;
    const isEnough = (event: FeedEvent): boolean => {
      if (event.kind === 'backfilled') {
        simulator[vendor].rest.refuse(429, { retryAfter: 1, times: 1 });
        simulator[vendor].drop();
      }
      if (event.kind === 'kline' && event.symbol === OTHER) bars += 1;
      if (bars === 8) after += 1;
      return after === 5;
    };
    const live = await lastValueFrom(
      record((connection) => feedOf(connection, SECRET, { ws: url, rest: restUrl }), sink).pipe(
        takeWhile((event) => !isEnough(event)),
        toArray(),
      ),
    );
    const { calls } = simulator[vendor].rest;
    await simulator.close();
    await sink.written();

    const network = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('there is no network'));
    const tape = readCassette(path('tape.ndjson.gz'));
    const again = await lastValueFrom(
      replay(tape, (connection) => feedOf(connection, 'key-of-a-replay'), { speed: Infinity }).pipe(toArray()),
    );
    const faster = await lastValueFrom(
      replay(tape, (connection) => feedOf(connection, 'key-of-a-replay'), { speed: 4 }).pipe(toArray()),
    );
    expect(network).not.toHaveBeenCalled();
    network.mockRestore();
    expect(JSON.stringify(faster)).toBe(JSON.stringify(again));
    expect(again.slice(0, live.length).map(timeless)).toEqual(live.map(timeless));
    expect(live.filter(({ kind }) => kind === 'backfilled')).toMatchObject([{ outcome: 'whole', bars: 5 }]);
    expect((await inspectCassette(tape)).requests).toMatchObject({ sent: calls, answered: calls, failed: 0 });
  });
});
