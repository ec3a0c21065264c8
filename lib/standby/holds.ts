import type { SymbolData } from '../model/feedEvent.js';
import { bySymbol } from '../operators/bySymbol.js';

/** What the line that does not serve has said since the other one was last heard: it follows a switch. */
export interface Holds {
  readonly hold: (event: SymbolData) => void;
  /** The line that serves has said it. */
  readonly clear: (event: SymbolData & { readonly time?: number }) => void;
  /** The link of the line that serves was heard. */
  readonly clearLink: () => void;
  readonly clearAll: () => void;
  /**
   * What is held of some symbols or all that came at `since` or later, in order of arrival, and is not of a time of which the
   * line that served has spoken. It is held no more.
   */
  readonly take: (isOf: (symbol: string) => boolean, since: number) => readonly SymbolData[];
  /** When the last event came that had to be dropped, as more were held than can be. */
  readonly truncatedAt: () => number;
}

/** So many events are held together. */
const MOST = 100_000;

interface Held {
  readonly event: SymbolData;
  readonly order: number;
}

/** @param isPerSymbol whether silence counts symbol by symbol; else any word of the line that serves ends what is held */
export const holdsOf = (isPerSymbol: boolean): Holds => {
  let table = bySymbol<Held[]>();
  /** By symbol, the vendor's time of what was served last. */
  const times = bySymbol<{ last: number }>();
  let all: Held[] = [];
  let size = 0;
  let order = 0;
  let truncatedAt = -Infinity;

  const clearAll = (): void => {
    if (size === 0) return;
    table = bySymbol();
    all = [];
    size = 0;
  };
  /** Of an execution that both vendors have told of, the first word stands. */
  const isAhead = ({ symbol, time = Infinity }: SymbolData & { readonly time?: number }): boolean =>
    time > (times.find(symbol)?.last ?? -Infinity);

  return {
    hold: (event) => {
      if (size >= MOST) {
        clearAll();
        truncatedAt = event.receivedAt;
      }
      size += 1;
      const list = isPerSymbol ? (table.find(event.symbol) ?? table.add(event.symbol, [])) : all;
      list.push({ event, order: (order += 1) });
    },
    clear: ({ symbol, time }) => {
      if (time !== undefined) (times.find(symbol) ?? times.add(symbol, { last: time })).last = time;
      if (size === 0) return;
      if (!isPerSymbol) return clearAll();
      const list = table.find(symbol);
      if (list) size -= list.splice(0).length;
    },
    clearLink: () => {
      if (!isPerSymbol) clearAll();
    },
    clearAll,
    take: (isOf, since) => {
      const lists = isPerSymbol ? [...table.values()] : [all];
      const taken = lists.flatMap((list) => {
        const [first] = list;
        if (!first || (isPerSymbol && !isOf(first.event.symbol))) return [];
        size -= list.length;
        return list.splice(0);
      });
      return taken
        .filter(({ event }) => event.receivedAt >= since && isOf(event.symbol) && isAhead(event))
        .sort((a, b) => a.order - b.order)
        .map(({ event }) => event);
    },
    truncatedAt: () => truncatedAt,
  };
};
