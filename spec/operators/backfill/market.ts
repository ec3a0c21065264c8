import { asyncScheduler, concat, concatMap, defer, from, map, mergeMap, NEVER, timer, type Observable } from 'rxjs';
import type { History, HistoryQuery } from '../../../lib/history/History.js';
import { flattenError } from '../../../lib/model/errorData.js';
import { ConnectionLost } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { klineOf } from '../../../lib/model/kline.js';
import type { Kline, Quote, Trade } from '../../../lib/model/marketEvent.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const names = { provider: 'itick', feed: 'itick:crypto' };
export const SYMBOL = 'BTCUSDT.BA';

/** One execution of a made-up market. */
export interface Execution {
  readonly time: number;
  readonly price: number;
  readonly size: number;
}

/** Executions of a seed, some a minute, some minutes without any: the truth. */
export const executions = (seed: number, minutes: number, perMinute = 6): readonly Execution[] => {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let price = 1_000;
  return Array.from({ length: minutes }, (_, minute) => {
    const count = minute > 0 && random() < 0.1 ? 0 : 1 + Math.floor(random() * perMinute);
    const times = Array.from({ length: count }, () => minute * MINUTE + 500 + Math.floor(random() * (MINUTE - 1_000)));
    return [...new Set(times)]
      .sort((a, b) => a - b)
      .map((time) => {
        price += Math.round((random() - 0.5) * 20);
        return { time, price, size: 1 + Math.floor(random() * 50) };
      });
  }).flat();
};

/** The bars of the truth, of the minutes in which there were trades. */
export const barsOf = (truth: readonly Execution[], length = MINUTE): readonly Kline[] => {
  const groups = new Map<number, Execution[]>();
  for (const one of truth) {
    const openTime = Math.floor(one.time / length) * length;
    groups.set(openTime, [...(groups.get(openTime) ?? []), one]);
  }
  return [...groups].map(([openTime, all]) => {
    const prices = all.map(({ price }) => price);
    const [open = 0, close = 0] = [prices[0], prices.at(-1)];
    const volume = all.reduce((sum, { size }) => sum + size, 0);
    return klineOf(
      { ...names, symbol: SYMBOL },
      '1m',
      { openTime, closeTime: openTime + length },
      {
        time: openTime,
        receivedAt: openTime + length,
        open,
        high: Math.max(...prices),
        low: Math.min(...prices),
        close,
        volume,
        turnover: all.reduce((sum, { price, size }) => sum + price * size, 0),
        closed: true,
      },
    );
  });
};

/** What a feed says of the executions: trades with or without a cumulative figure, or quotes. */
export const said = (
  truth: readonly Execution[],
  form: 'trades' | 'figures' | 'quotes',
): readonly (Trade | Quote)[] => {
  let volume = 0;
  return truth.map(({ time, price, size }) => {
    volume += size;
    const facts = { ...names, symbol: SYMBOL, time, receivedAt: time + 20 };
    return form === 'quotes'
      ? aQuote({ ...facts, last: price, volume })
      : aTrade({ ...facts, price, size, ...(form === 'figures' && { volume }) });
  });
};

/** A history that knows the truth, and what was asked of it. */
export const historyOf = (
  bars: readonly Kline[],
  answer: (query: HistoryQuery, rows: readonly Kline[], call: number) => Observable<Kline> = (_, rows) => from(rows),
  options: Partial<Pick<History, 'budget' | 'settle' | 'batch'>> = {},
) => {
  const asked: (HistoryQuery & { readonly at: number })[] = [];
  const history: History = {
    provider: names.provider,
    budget: { calls: 60, per: MINUTE },
    settle: 5 * SECOND,
    ...options,
    klines: (query) =>
      defer(() => {
        const now = asyncScheduler.now();
        asked.push({ ...query, at: now });
        const rows = bars.filter(
          ({ openTime, closeTime }) => openTime >= query.from && openTime < query.to && closeTime <= now,
        );
        return timer(50).pipe(mergeMap(() => answer(query, rows, asked.length)));
      }),
  };
  return { history, asked };
};

const cause = flattenError(new ConnectionLost(1006));

/** Events in virtual time, each when it is received. */
export const played = (events: readonly FeedEvent[]): Observable<FeedEvent> =>
  concat(
    from(events).pipe(
      concatMap((event) => timer(Math.max(0, event.receivedAt - asyncScheduler.now())).pipe(map(() => event))),
    ),
    NEVER,
  );

/** The feed of some executions over a link that is lost in some spans. */
export const feedOf = (
  truth: readonly Execution[],
  form: 'trades' | 'figures' | 'quotes',
  cuts: readonly (readonly [number, number])[],
): Observable<FeedEvent> => {
  const links = cuts.flatMap(([lost, back]): FeedEvent[] => [
    { ...names, kind: 'disconnected', receivedAt: lost, cause, attempt: 1, retryAt: back },
    { ...names, kind: 'connected', receivedAt: back, attempt: 1, resumed: { from: lost, to: back } },
  ]);
  const heard = said(truth, form).filter(({ time }) => !cuts.some(([lost, back]) => time >= lost && time < back));
  const events: FeedEvent[] = [{ ...names, kind: 'connected', receivedAt: 0, attempt: 1, resumed: undefined }];
  return played([...events, ...links, ...heard].sort((a, b) => a.receivedAt - b.receivedAt));
};
