import type { Bucket } from '../../model/calendar/bucketing.js';
import { tradingTime } from '../../model/calendar/tradingTime.js';
import { feedNameOf } from '../../model/feedEvent.js';
import type { Interval } from '../../model/interval.js';
import { klineOf, klineSemigroup } from '../../model/kline.js';
import type { Kline } from '../../model/marketEvent.js';

interface Parts {
  readonly bucket: Bucket;
  /** At least one, in the order of time. */
  readonly parts: readonly Kline[];
  readonly closed: boolean;
}

/** A bar as a whole of smaller ones; of the time before `since` nothing is known. It has the volume of one vendor. */
export const joined = (
  interval: Interval,
  symbol: string,
  { bucket, parts, closed }: Parts,
  { since, revision }: { readonly since: number; readonly revision: number },
): Kline => {
  const last = parts.at(-1);
  const [first] = parts;
  const isOne = !parts.some(({ left }) => left);
  const sum = (isOne ? parts : parts.map((part) => ofOneVendor(part, first))).reduce(klineSemigroup.concat);
  const { provider, feed } = last ?? sum;
  const coverage = coverageOf(bucket, since, parts);
  const kline = klineOf({ provider, feed, symbol }, interval, bucket, { ...sum, closed, revision, coverage });
  if (isOne || !first) return kline;
  const left = first.left ?? { feed: feedNameOf(first), volumeOf: first.provider };
  return left.feed === feedNameOf(kline) ? kline : { ...kline, left };
};

/** What two vendors count cannot be added up: of another one only the prices are taken. */
const ofOneVendor = (part: Kline, first: Kline | undefined): Kline =>
  first === undefined || volumeOf(part) === volumeOf(first)
    ? part
    : {
        ...part,
        volume: 0,
        turnover: undefined,
        vwap: undefined,
        buyVolume: undefined,
        sellVolume: undefined,
        trades: undefined,
        missedVolume: 0,
      };

const volumeOf = ({ left, provider }: Kline): string => left?.volumeOf ?? provider;

/** Weighted by trading time. A bar that was skipped counts as covered, what was before the first bar does not. */
const coverageOf = ({ openTime, trading }: Bucket, since: number, parts: readonly Kline[]): number => {
  let lost = since > openTime ? tradingTime(trading, openTime, since) : 0;
  for (const part of parts) {
    if (part.coverage < 1) lost += (1 - part.coverage) * tradingTime(trading, part.openTime, part.closeTime);
  }
  return lost > 0 ? 1 - lost / tradingTime(trading) : 1;
};
