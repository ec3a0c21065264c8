import {
  depths,
  isInterval,
  intervals,
  klines,
  parseSymbol,
  quotes,
  trades,
  type Interval,
  type Topic,
} from '../index.js';
import { Misuse } from './Misuse.js';
import { isSymbol, parseSources, sourceOf, type Asked } from './parseSources.js';
import type { Command } from './Plan.js';

/** What the options say of what is wanted. */
export interface Said {
  readonly quotes?: boolean | undefined;
  readonly depth?: boolean | undefined;
  readonly trades?: boolean | undefined;
  readonly klines?: string | undefined;
  readonly levels?: string | undefined;
  readonly interval?: string | undefined;
}

/** What a command wants to see, whoever has it. */
export interface Wish {
  readonly command: Command;
  /** The sources that were named. */
  readonly named: readonly Asked[];
  /** What is shown when none was. */
  readonly showcase: readonly Asked[];
  readonly topicsOf: (asked: Asked) => readonly Topic[];
}

type Make = (words: readonly string[], said: Said) => Wish;

const showcase = parseSources(
  'itick:stock AAPL.US TSLA.US 700.HK 600000.SH tickflow 600000.SH 000001.SZ 700.HK AAPL.US'.split(' '),
);

const watch: Make = (words, said) => {
  const named = parseSources(words);
  const plain = !said.quotes && !said.depth && !said.trades && said.klines === undefined;
  return {
    command: { kind: 'watch' },
    named,
    showcase,
    topicsOf: ({ symbols }) => [
      ...(said.quotes || plain ? symbols.flatMap((symbol) => quotes(symbol)) : []),
      ...(said.depth || (plain && named.length === 0) ? symbols.flatMap((symbol) => depths(symbol)) : []),
      ...(said.trades ? symbols.flatMap((symbol) => trades(symbol)) : []),
      ...(said.klines === undefined ? [] : symbols.flatMap((symbol) => klines(said.klines as Interval, symbol))),
    ],
  };
};

const book: Make = (words, { levels = '10' }) => {
  const [symbol, ...more] = words.filter(isSymbol);
  if (symbol === undefined || more.length > 0) throw new Misuse('a book is of one symbol; write rxtape book 600000.SH');
  parseSymbol(symbol);
  const asking = (names: readonly string[]): readonly Asked[] =>
    names.map((name) => ({ source: sourceOf(name), symbols: [symbol] }));
  const named = asking([...new Set(words.filter((word) => !isSymbol(word)))]);
  // Its levels say whose they are by vendor.
  if (new Set(named.map(({ source }) => source.vendor)).size < named.length) {
    throw new Misuse('a book takes one source of each vendor; write rxtape book 600000.SH itick:stock tickflow');
  }
  return {
    command: { kind: 'book', symbol, levels: levelsOf(levels) },
    named,
    showcase: asking(['itick:stock', 'tickflow']),
    topicsOf: ({ symbols }) => depths(...symbols),
  };
};

const bars: Make = (words, { interval = '1m' }) => {
  if (!isInterval(interval)) throw new Misuse(`"${interval}" is not an interval; it is one of ${intervals.join(', ')}`);
  return {
    command: { kind: 'klines', interval },
    named: parseSources(words),
    showcase,
    // TickFlow pushes no trades.
    topicsOf: ({ source, symbols }) =>
      symbols.flatMap((symbol) => (source.vendor === 'itick' ? trades : quotes)(symbol)),
  };
};

const makers: Readonly<Record<Command['kind'], Make>> = { watch, book, klines: bars };

/** The wish of a command and the words after it. Throws `Misuse`, and `InvalidTopic` for a malformed symbol. */
export const wishOf = (name: Command['kind'], words: readonly string[], said: Said): Wish => makers[name](words, said);

/** How many levels a side a text asks for. Throws `Misuse`. */
export const levelsOf = (text: string): number => {
  const levels = Number(text);
  if (Number.isInteger(levels) && levels >= 1 && levels <= 100) return levels;
  throw new Misuse(`"${text}" is not a number of levels from 1 to 100`);
};
