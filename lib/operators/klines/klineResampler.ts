import type { Bucket } from '../../model/calendar/bucketing.js';
import { InvalidOption } from '../../model/errors.js';
import { feedNameOf, isNamed } from '../../model/feedEvent.js';
import { intradayLength, isInterval, isIntraday, type Interval } from '../../model/interval.js';
import { isSameTrading, soundKline } from '../../model/kline.js';
import type { Left } from '../../model/leftBy.js';
import type { Kline } from '../../model/marketEvent.js';
import { canonicalSymbol } from '../../model/symbol.js';
import { isCountedInterval } from './boundary.js';
import { hoursBySymbol, type BucketOf } from './hours.js';
import type { Outlet } from './onTheClock.js';
import { feedTable } from './feedTable.js';
import type { Served, Source } from './source.js';
import { joined } from './joined.js';
import { isNowhere, measure, type Timing } from './timing.js';
import { klineSettings, type KlineOptions } from './KlineOptions.js';

/** A bar and the smaller ones it is made of. */
interface Whole {
  readonly bucket: Bucket;
  /** In the order of time. */
  readonly parts: Kline[];
  closed: boolean;
  /** As last emitted when closed. */
  said: Kline | undefined;
}

/** The bars of one symbol, oldest first; the last one may be forming. */
interface Wholes extends Timing {
  readonly source: Source<Wholes>;
  readonly served: Served;
  madeOf: 'provider';
  losses: number;
  readonly beginning: Beginning;
  /** As first spelled. */
  readonly symbol: string;
  readonly bucketOf: BucketOf;
  readonly kept: Whole[];
  /** When bars opened that were forgotten: made anew of one part, they would have lost the others. */
  readonly forgotten: Set<number>;
}

interface Beginning {
  /** Where the first bar of the feed begins: nothing is known of the time before it. */
  since: number;
}

interface ResampleOutlet extends Pick<Outlet<Kline>, 'emit' | 'closeAt' | 'ahead'> {
  readonly now: () => number;
}

/** Makes larger bars of smaller ones, one at a time. It has no clock: whoever owns it calls `closeUntil`. */
export const klineResampler = (
  interval: Interval,
  settings: ResampleSettings,
  { emit, closeAt, now, ahead = () => 0 }: ResampleOutlet,
) => {
  const { grace, horizon, forming } = settings;
  const hoursOf = hoursBySymbol(interval, settings.calendar);
  let part: Interval | undefined;
  const beginnings = new Map<string, Beginning>();
  const feeds = feedTable<Wholes>(
    interval,
    () => 0,
    (source, { symbol }) => {
      const beginning = beginnings.get(source.name) ?? { since: Infinity };
      beginnings.set(source.name, beginning);
      return {
        // Written out: an object that begins as a spread is slow.
        checkAt: -Infinity,
        delay: settings.delay === 'measured' ? 0 : settings.delay,
        lag: settings.delay === 'measured' ? 0 : settings.delay,
        isMeasured: settings.delay === 'measured',
        latest: -Infinity,
        behind: 0,
        settledAt: -Infinity,
        agreed: 0,
        odd: 0,
        nearest: 0,
        oddAt: -Infinity,
        isDoubtful: false,
        source,
        served: {},
        madeOf: 'provider',
        losses: 0,
        beginning,
        symbol,
        bucketOf: hoursOf(symbol, source.name).bucketOf,
        kept: [],
        forgotten: new Set(),
      };
    },
  );

  const say = (wholes: Wholes, whole: Whole): void => {
    if (!whole.closed && !forming) return;
    const { said } = whole;
    const { symbol, beginning } = wholes;
    const kline = joined(interval, symbol, whole, { since: beginning.since, revision: said ? said.revision + 1 : 0 });
    if (said && isSame(kline, said)) return;
    if (whole.closed) whole.said = kline;
    emit(kline);
  };

  const close = (wholes: Wholes, whole: Whole): void => {
    whole.closed = true;
    say(wholes, whole);
    forget(wholes, horizon);
  };

  /**
   * The bar of a bucket: the forming one, a new one, or a closed one within the horizon. A part that was repaired may be of
   * any bar that is not forgotten.
   */
  const wholeAt = (wholes: Wholes, bucket: Bucket, isRepaired: boolean): Whole | undefined => {
    const { kept, lag } = wholes;
    const index = placeOf(kept, ({ bucket: { openTime } }) => openTime <= bucket.openTime);
    const before = kept[index];
    if (before?.bucket.openTime === bucket.openTime) {
      const most = kept.at(-1)?.closed ? horizon : horizon + 1;
      return isRepaired || index >= kept.length - most ? before : undefined;
    }
    const isLate = index < kept.length - 1;
    const isBeyond = kept.length >= horizon && index < Math.max(0, kept.length - horizon - 1);
    if (isLate && (isRepaired ? wholes.forgotten.has(bucket.openTime) : isBeyond)) return undefined;
    const whole: Whole = { bucket, parts: [], closed: isLate, said: undefined };
    kept.splice(index + 1, 0, whole);
    // The forming bar comes on top of them.
    if (isLate) forget(wholes, horizon + 1);
    if (!isLate) closeAt(bucket.settleTime + grace + lag);
    return whole;
  };

  return {
    accept: (said: Kline): void => {
      if (!isNamed(said) || !isLength(said.interval)) return;
      const { left } = said;
      if (left && feeds.known({ ...said, feed: left.feed })) feeds.handOver(leftIn(said, left.feed), said.receivedAt);
      const wholes = feeds.seriesOf(said);
      const kline = soundKline(said, now);
      if (kline === undefined || isNowhere(kline)) return;
      if (kline.interval !== part) {
        checkNesting(kline.interval, interval);
        part = kline.interval;
      }
      const { lag } = wholes;
      const isRepaired = kline.source === 'backfill';
      if (kline.source !== 'empty' && !isRepaired && kline.receivedAt > 0)
        measure(wholes, kline.time, kline.receivedAt, ahead());
      const bucket = wholes.bucketOf(kline.openTime);
      const last = wholes.kept.at(-1);
      if (last && !last.closed && last.bucket.openTime < bucket.openTime) close(wholes, last);
      else if (last && !last.closed && wholes.lag < lag) closeAt(last.bucket.settleTime + grace + wholes.lag);
      const { beginning } = wholes;
      beginning.since = Math.min(beginning.since, kline.openTime);
      const whole = wholeAt(wholes, bucket, isRepaired);
      if (!whole) return;
      put(whole.parts, kline);
      if (!whole.closed && kline.closed && kline.closeTime >= bucket.closeTime) close(wholes, whole);
      else say(wholes, whole);
    },

    /** Closes what is due; returns when the next bar is. */
    closeUntil: (until: number): number => {
      let next = Infinity;
      feeds.forEach((wholes) => {
        const last = wholes.kept.at(-1);
        if (!last || last.closed) return;
        const due = last.bucket.settleTime + grace + wholes.lag;
        if (due <= until) close(wholes, last);
        else next = Math.min(next, due);
      });
      return next;
    },
  };
};

/** So many bars with a hole are kept beyond the horizon, as the hole may be repaired. */
const MOST_INCOMPLETE = 1_440;
/** So many forgotten bars are known as such. */
const MOST_FORGOTTEN = 10_000;

/** Forgets closed bars that nothing more is expected of, so that no more of them are left than `most`. */
const forget = ({ kept, forgotten }: Wholes, most: number): void => {
  for (let at = 0; kept.length - at > most;) {
    const { said, bucket } = kept[at] ?? {};
    if (said && said.coverage < 1 && kept.length - most <= MOST_INCOMPLETE) at++;
    else {
      kept.splice(at, 1);
      if (forgotten.size >= MOST_FORGOTTEN) forgotten.clear();
      if (bucket) forgotten.add(bucket.openTime);
    }
  }
};

/** Looks from the end, where nearly everything happens; -1 if there is none. */
const placeOf = <T>(items: readonly T[], fits: (item: T) => boolean): number => {
  let index = items.length - 1;
  for (let item = items[index]; item !== undefined && !fits(item); item = items[index]) index--;
  return index;
};

const put = (parts: Kline[], kline: Kline): void => {
  const last = parts.at(-1);
  if (last === undefined || last.openTime < kline.openTime) {
    parts.push(kline);
    return;
  }
  const index = placeOf(parts, ({ openTime }) => openTime <= kline.openTime);
  const isKnown = parts[index]?.openTime === kline.openTime;
  parts.splice(isKnown ? index : index + 1, isKnown ? 1 : 0, kline);
};

/** What a bar tells of a switch. */
const leftIn = (said: Kline, feed: string): Left => {
  const key = canonicalSymbol(said.symbol);
  return {
    feed,
    to: feedNameOf(said),
    isOf: (symbol) => canonicalSymbol(symbol) === key,
    isAll: false,
    hole: undefined,
  };
};

/** Whether a bar says how long it is; one that does not is none. */
const isLength = (interval: string): boolean => isInterval(interval) || isCountedInterval(interval);

/** Throws `InvalidOption` for parts that lie across the edges of the bars that are to be made of them. */
const checkNesting = (part: Interval, whole: Interval): void => {
  if (part === whole) return;
  const fits = isIntraday(whole)
    ? isIntraday(part) && intradayLength[whole] % intradayLength[part] === 0
    : isIntraday(part) || (part === '1d' && whole !== '1d');
  if (fits) return;
  throw new InvalidOption('interval', whole, `bars of ${part} do not fit into it; resample shorter ones`);
};

const isSame = (one: Kline, other: Kline): boolean =>
  isSameTrading(one, other) && one.missedVolume === other.missedVolume && one.coverage === other.coverage;

/** How larger bars are made of smaller ones. */
export interface ResampleOptions extends Pick<KlineOptions, 'calendar' | 'delay' | 'horizon'> {
  /**
   * Milliseconds after its end at which a bar is closed by the clock.
   *
   * @defaultValue `2_000`, so that the bars it is made of are closed before it
   */
  readonly grace?: number | undefined;
  /**
   * Whether forming bars are emitted, with each smaller one.
   *
   * @defaultValue `true`
   */
  readonly forming?: boolean | undefined;
}

/** The options with their defaults. */
export interface ResampleSettings extends Pick<
  ReturnType<typeof klineSettings>,
  'calendar' | 'grace' | 'delay' | 'horizon'
> {
  readonly forming: boolean;
}

/** Fills in the defaults; throws `InvalidOption` for what makes no sense. */
export const resampleSettings = (options: ResampleOptions = {}): ResampleSettings => {
  const { calendar, grace = 2_000, delay, horizon, forming = true } = options;
  return { ...klineSettings({ calendar, grace, delay, horizon }), forming };
};
