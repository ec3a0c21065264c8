import { asyncScheduler, connect, filter, merge, type Observable } from 'rxjs';
import type { FeedEvent, LinkEvent } from '../../../lib/model/feedEvent.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { depths, quotes, trades } from '../../../lib/model/topic.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { isLinkEvent } from '../../../lib/model/feedEvent.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { tickflow } from '../../../lib/providers/tickflow/index.js';
import type { FeedConnection, FileSink, Sink } from '../../../lib/record/index.js';
import type { Outage } from './outages.js';
import { recordVirtually, type Scene } from './recordVirtually.js';
import { BEAT, hongKong, mainland } from './vendors.js';

export interface TradingDay {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** How many symbols there are in each of the two markets. */
  readonly symbols: number;
  readonly outages: readonly Outage[];
}

/** What a day comes to: its bars, and what was said of its links. */
export type DayEvent = Kline | LinkEvent;

export const hongKongSymbols = ({ symbols }: TradingDay): readonly string[] =>
  Array.from({ length: symbols }, (_, i) => `${i + 1}.HK`);

export const mainlandSymbols = ({ symbols }: TradingDay): readonly string[] =>
  Array.from({ length: symbols }, (_, i) => `${600_000 + i}.SH`);

const barsAndLinks = (feed$: Observable<FeedEvent>): Observable<DayEvent> =>
  feed$.pipe(
    connect((events$) => merge(events$.pipe(filter(isLinkEvent)), events$.pipe(toKlines('1m', { forming: false })))),
  );

/** Minutes of Hong Kong from iTick and of mainland China from TickFlow, live or from a tape. */
export const dayOf =
  (day: TradingDay, credential = 'any') =>
  (connection: FeedConnection): Observable<DayEvent> => {
    const hk = hongKongSymbols(day);
    const cn = mainlandSymbols(day);
    const options = { backoff: (attempt: number) => Math.min(30_000, 500 * 2 ** attempt), ...connection };
    return merge(
      barsAndLinks(
        itick({ token: credential, market: 'stock', topics: [...trades(...hk), ...quotes(...hk)], ...options }),
      ),
      barsAndLinks(tickflow({ apiKey: credential, topics: [...quotes(...cn), ...depths(...cn)], ...options })),
    );
  };

/** So many characters may wait for the disk, and as many again that it is writing. */
const AHEAD = 2 ** 22;

/** Lives through a day and records it, as fast as the disk takes it. */
export const recordDay = async (
  day: TradingDay,
  credential: string,
  sink: FileSink,
  see: (event: DayEvent) => void,
): Promise<void> => {
  const markets = {
    itick: hongKong(hongKongSymbols(day), day.from, credential),
    tickflow: mainland(mainlandSymbols(day), day.from, credential),
  };
  const { track, pause } = unhurried(sink);
  const scene: Scene = {
    from: day.from,
    to: day.to,
    every: BEAT,
    openSocket: (url, options) => markets[url.includes('itick') ? 'itick' : 'tickflow'].vendor.openSocket(url, options),
    begin: () => day.outages.forEach(({ at, befall }) => asyncScheduler.schedule(() => befall(markets), at)),
    beat: (now) => {
      markets.itick.beat(now);
      markets.tickflow.beat(now);
    },
    pause,
  };
  await recordVirtually(scene, dayOf(day, credential), track, see);
  await sink.written();
};

/** A sink that can be waited for: until what was taken before is on disk, each time so much has been taken. */
const unhurried = (sink: FileSink): { readonly track: Sink; readonly pause: () => Promise<void> | undefined } => {
  let taken = 0;
  let { bytes } = sink.stats();
  const written = async (): Promise<void> => {
    while (sink.stats().bytes === bytes) await new Promise(setImmediate);
    ({ bytes } = sink.stats());
    taken = 0;
  };
  const start: Sink['start'] = (onFailure) => {
    const { write, end } = sink.start(onFailure);
    return {
      end,
      write: (entry) => {
        taken += 'frame' in entry ? entry.frame.length : 0;
        write(entry);
      },
    };
  };
  return { track: { start }, pause: () => (taken < AHEAD ? undefined : written()) };
};
