import type { Bucket } from '../../model/calendar/bucketing.js';
import { tradingTime } from '../../model/calendar/tradingTime.js';
import type { Connected } from '../../model/feedEvent.js';

interface Absence {
  from: number;
  to: number;
}

/** The time of a bar, and the trading time in it. */
export type BarSpan = Pick<Bucket, 'openTime' | 'closeTime' | 'trading'>;

interface Timed {
  readonly time: number;
  readonly receivedAt: number;
}

/** When something was there: the link of a feed, or the data of one of its topics. By the clock that closes bars. */
export interface Presence {
  /** When it was first there; the time of the first event where nothing tells. */
  joinedAt: number | undefined;
  /** When that was heard. What arrives later was not heard before. */
  heardAt: number;
  /** In order, and apart from each other. The last one has no end while it lasts. */
  readonly outages: Absence[];
}

/** A link that flaps keeps this many outages in mind; long bars forget those before. */
const MEMORY = 256;

export const newPresence = (heardAt: number): Presence => ({ joinedAt: undefined, heardAt, outages: [] });

export const isAbsent = ({ outages }: Presence): boolean => outages.at(-1)?.to === Infinity;

export const isAbsentSince = ({ outages }: Presence, moment: number): boolean => {
  const last = outages.at(-1);
  return last?.to === Infinity && last.from <= moment;
};

/** It is gone since `at`. */
export const lose = ({ joinedAt, outages }: Presence, at: number): void => {
  if (joinedAt === undefined) return;
  const last = outages.at(-1);
  if (last?.to === Infinity) {
    last.from = Math.max(Math.min(last.from, at), outages.at(-2)?.to ?? -Infinity);
    return;
  }
  outages.push({ from: Math.max(at, last?.to ?? -Infinity), to: Infinity });
  if (outages.length > MEMORY) outages.shift();
};

/** It is there again since `at`. */
export const regain = (presence: Presence, at: number): void => {
  presence.joinedAt ??= at;
  const last = presence.outages.at(-1);
  if (last?.to === Infinity) last.to = Math.max(last.from, at);
};

/** It goes on from `at` where another one was until then. */
export const follow = (presence: Presence, other: Presence, at: number): void => {
  const before = other.outages.filter(({ from }) => from < at).map(({ from, to }) => ({ from, to: Math.min(to, at) }));
  const after = presence.outages.filter(({ to }) => to > at).map(({ from, to }) => ({ from: Math.max(from, at), to }));
  presence.outages.splice(0, Infinity, ...before, ...after);
  presence.joinedAt = Math.min(presence.joinedAt ?? at, other.joinedAt ?? at);
  presence.heardAt = Math.min(presence.heardAt, other.heardAt);
};

export const linkLost = (presence: Presence, at: number): void => {
  if (!isAbsent(presence)) lose(presence, at);
};

export const linkLive = (presence: Presence, at: number, resumed: Connected['resumed']): void => {
  if (resumed) lose(presence, resumed.from);
  regain(presence, presence.joinedAt === undefined ? at : (resumed?.to ?? at));
};

/**
 * Share of a bar's trading time in which it was there, 0 to 1, by what arrived at `receivedAt`. The times of the bar are `delay` behind those of receipt.
 */
export const coverageOf = (presence: Presence, receivedAt: number, span: BarSpan, delay: number): number => {
  const { outages } = presence;
  const joinedAt = joinedBy(presence, receivedAt) - delay;
  const { openTime, closeTime, trading } = span;
  const last = outages.at(-1);
  if (joinedAt <= openTime && (last === undefined || last.to - delay <= openTime)) return 1;
  const total = tradingTime(trading);
  let lost = tradingTime(trading, openTime, Math.min(joinedAt, closeTime));
  for (const { from, to } of outages) lost += tradingTime(trading, Math.max(from - delay, joinedAt), to - delay);
  return total > 0 ? Math.max(0, 1 - lost / total) : 1;
};

/** When it was first there, by what arrived at `receivedAt`. */
const joinedBy = ({ heardAt, joinedAt = -Infinity }: Presence, receivedAt: number): number =>
  // A shared feed tells late joiners of what began long ago. What arrives now was not heard before now.
  receivedAt >= heardAt ? Math.max(joinedAt, heardAt) : joinedAt;

/** Whether it was there before a moment, whatever became of it since. */
export const wasThereBefore = (presence: Presence, moment: number, receivedAt: number): boolean =>
  joinedBy(presence, receivedAt) <= moment;

/** Whether it was there from a moment on until an event came. */
export const wasThere = (presence: Presence, from: number, { time, receivedAt }: Timed): boolean => {
  const to = Math.max(time, receivedAt, from + 1);
  return coverageOf(presence, receivedAt, { openTime: from, closeTime: to, trading: [{ from, to }] }, 0) === 1;
};
