import type { Interval } from '../../model/interval.js';
import { topicKey, type Topic } from '../../model/topic.js';
import type { Answer } from '../../session/ledger.js';
import type { WantedTopics } from '../../session/wanted.js';
import type { ItickMarket } from './protocol.js';

/** What the code 3 of a bar means: ten minutes on the vendor's older pages, fifteen on its newer ones. */
export type CodeThreeMeaning = '10m' | '15m';

/** Finds out what the code 3 of a feed means; knows it across sessions. */
export interface CodeThree {
  /** The interval of a bar of code 3; undefined if only the other meaning is wanted. */
  readonly intervalOf: (openTime: number, symbol: string) => CodeThreeMeaning | undefined;
  /** The refusal of the topics that mean the other interval, once for each list; undefined if there are none. */
  readonly refusal: () => Answer | undefined;
}

const MINUTE = 60_000;

/**
 * Goes by where bars open: at :10, :20, :40 or :50 none of a quarter of an hour does, in zones of half an hour neither. One
 * at :15 or :45 is no bar of ten minutes, unless the session begins at such a quarter, as in India and Taiwan, or for futures in Hong Kong. Until a bar
 * shows it, code 3 is taken for fifteen minutes.
 */
export const codeThree = (
  meaning: CodeThreeMeaning | 'detect',
  wanted: Pick<WantedTopics, 'current'>,
  market?: ItickMarket,
): CodeThree => {
  const oddStart = market === 'future' ? ODD_START_OF_FUTURES : ODD_START;
  let proven = meaning === 'detect' ? undefined : meaning;
  let keys: ReadonlySet<string> = new Set();
  let known: readonly Topic[] | undefined;
  let pending: Answer | undefined;

  const look = (openTime: number, symbol: string): void => {
    if (meaning !== 'detect' || proven === '10m') return;
    const minute = (openTime / MINUTE) % 60;
    if (minute % 10 === 0 && minute % 30 !== 0) proven = '10m';
    else if (proven !== undefined || minute % 30 !== 15 || oddStart.test(symbol)) return;
    else proven = '15m';
    known = undefined;
  };

  const compare = (): void => {
    if (known === wanted.current) return;
    known = wanted.current;
    keys = new Set(known.map(topicKey));
    const refusal = proven && refusalOf(otherThan[proven]);
    if (refusal && known.some(refusal.lacks)) pending = refusal;
  };

  return {
    intervalOf: (openTime, symbol) => {
      look(openTime, symbol);
      compare();
      const interval = proven ?? '15m';
      const isWanted = (one: CodeThreeMeaning): boolean =>
        keys.has(topicKey({ channel: 'kline', interval: one, symbol }));
      return !isWanted(interval) && isWanted(otherThan[interval]) ? undefined : interval;
    },
    refusal: () => {
      const answer = pending;
      pending = undefined;
      return answer;
    },
  };
};

/** Venues whose sessions begin at a quarter past or to, so that bars of ten minutes open there too. */
const ODD_START = /\.(?:IN|TW)$/;
/** Futures of Hong Kong begin at 09:15 and at 17:15. */
const ODD_START_OF_FUTURES = /\.(?:IN|TW|HK)$/;

/** What code 3 does not mean then; undefined for an interval of another code. */
export const otherThan: Readonly<
  Record<CodeThreeMeaning, CodeThreeMeaning> & Partial<Record<Interval | 'detect', CodeThreeMeaning>>
> = { '10m': '15m', '15m': '10m' };

/** What to do instead of bars that the vendor has not. */
export const remedyFor = (interval: Interval): string => {
  const other = otherThan[interval];
  if (interval === '1s') return `the vendor has no bars of 1s; make them of trades with toKlines('1s')`;
  return (
    `the vendor has no bars of ${interval}${other ? ` here, its code 3 means ${other}` : ''}; ` +
    `make them with resampleKlines('${interval}') from bars of ${other ? 5 : 1}m`
  );
};

const refusalOf = (interval: CodeThreeMeaning) => ({
  refusal: remedyFor(interval),
  lacks: (topic: Topic): boolean => topic.channel === 'kline' && topic.interval === interval,
});
