import { asyncScheduler, defer, finalize, from, mergeMap, timer, type Observable } from 'rxjs';
import type { History, TradesQuery } from '../../../lib/history/History.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Trade } from '../../../lib/model/marketEvent.js';
import { aTrade } from '../../../lib/testing/builders.js';

export const names = { provider: 'test', feed: 'test' };
export const SYMBOL = 'BTCUSDT.BA';

/** A trade of a number, at its time. */
export const tradeOf = (id: number, facts: Partial<Trade> = {}): Trade =>
  aTrade({
    ...names,
    symbol: SYMBOL,
    id,
    time: id,
    receivedAt: id,
    price: 100 + (id % 7),
    size: 1 + (id % 3),
    ...facts,
  });

type Answer = (query: TradesQuery, rows: readonly Trade[], call: number) => Observable<Trade>;

/** A history that knows the trades of any number, after some milliseconds, and what was asked of it. */
export const historyOf = (
  answer: Answer = (_, rows) => from(rows),
  {
    delay = 4,
    budget = { calls: 600, per: 60_000 },
    rowOf = (id: number, symbol: string) => tradeOf(id, { symbol }),
  } = {},
) => {
  const asked: (TradesQuery & { readonly at: number })[] = [];
  const live = { now: 0, most: 0 };
  const history: History = {
    provider: names.provider,
    budget,
    settle: 0,
    klines: () => from([]),
    trades: (query) =>
      defer(() => {
        const { symbol, fromId, toId } = query;
        asked.push({ ...query, at: asyncScheduler.now() });
        live.now += 1;
        live.most = Math.max(live.most, live.now);
        const rows = Array.from({ length: toId - fromId + 1 }, (_, i) => rowOf(fromId + i, symbol));
        const call = asked.length;
        return timer(delay).pipe(
          mergeMap(() => answer(query, rows, call)),
          finalize(() => (live.now -= 1)),
        );
      }),
  };
  return { history, asked, live };
};

/** One letter for an event: the last digit of a trade, or what became of a hole. */
export const letterOf = (event: FeedEvent): string => {
  switch (event.kind) {
    case 'trade':
      return String((event.id ?? 0) % 10);
    case 'recovered':
      return { whole: 'W', partial: 'P', none: 'N' }[event.outcome];
    case 'connected':
      return 'c';
    case 'disconnected':
      return 'x';
    default:
      return 'o';
  }
};
