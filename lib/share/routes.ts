import type { Observer } from 'rxjs';
import type { Refused } from '../model/feedEvent.js';
import { intervals, type Interval } from '../model/interval.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { canonicalSymbol } from '../model/symbol.js';
import type { Channel, Topic } from '../model/topic.js';

/** One topic: who listens, and what a late joiner has missed. */
export interface Route {
  /** As the topic that opened the route spells it. */
  readonly symbol: string;
  /** Replaced, never changed: coming and going inside a `next` must not disturb the round it happens in. */
  listeners: readonly Listener[];
  last: MarketEvent | undefined;
  /** The refusal that still stands. */
  refused: Refused | undefined;
}

export type Listener = Pick<Observer<MarketEvent>, 'next'>;

/** Klines have a table per interval, everything else one per channel. */
type TableName = Exclude<Channel, 'kline'> | Interval;

type Table = Map<string, Route>;

/** The routes of all topics. A route is known by the spelling that opened it and by the canonical one. */
export const routes = () => {
  const tables = Object.fromEntries(
    (['trade', 'quote', 'depth', ...intervals] as const).map((name) => [name, new Map()]),
  ) as Record<TableName, Table>;

  const find = (table: Table, symbol: string): Route | undefined =>
    table.get(symbol) ?? table.get(canonicalSymbol(symbol));

  const tableOf = (topic: Topic): Table => tables[topic.channel === 'kline' ? topic.interval : topic.channel];

  return {
    /** The route an event takes; undefined when nobody wants it. */
    taken: (event: MarketEvent): Route | undefined =>
      find(tables[event.kind === 'kline' ? event.interval : event.kind], event.symbol),

    of: (topic: Topic): Route | undefined => find(tableOf(topic), topic.symbol),

    open: (topic: Topic): Route => {
      const table = tableOf(topic);
      const known = find(table, topic.symbol);
      if (known) return known;
      const route: Route = { symbol: topic.symbol, listeners: [], last: undefined, refused: undefined };
      table.set(topic.symbol, route).set(canonicalSymbol(topic.symbol), route);
      return route;
    },

    /** Takes the topic as the one who opened its route spelled it. */
    close: (topic: Topic): void => {
      const table = tableOf(topic);
      table.delete(topic.symbol);
      table.delete(canonicalSymbol(topic.symbol));
    },
  };
};
