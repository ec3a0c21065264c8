import type { Bucket } from '../../model/calendar/bucketing.js';
import type { Connected, Disconnected } from '../../model/feedEvent.js';

interface Outage {
  from: number;
  to: number;
}

/** What is known of when the link to one provider was live. */
export interface Link {
  /** When it was first live; the time of the first event where nothing tells. */
  joinedAt: number | undefined;
  /** In order. The last one has no end while the link is down. */
  readonly outages: Outage[];
}

/** A link that flaps keeps this many outages in mind; long bars forget those before. */
const MEMORY = 256;

export const newLink = (): Link => ({ joinedAt: undefined, outages: [] });

export const linkLost = ({ joinedAt, outages }: Link, { receivedAt }: Disconnected): void => {
  if (joinedAt === undefined || isDown(outages)) return;
  outages.push({ from: receivedAt, to: Infinity });
  if (outages.length > MEMORY) outages.shift();
};

export const linkLive = (link: Link, { receivedAt, resumed }: Connected): void => {
  const { joinedAt, outages } = link;
  if (joinedAt === undefined) {
    link.joinedAt = receivedAt;
    return;
  }
  const last = outages.at(-1);
  if (last?.to === Infinity) {
    last.from = Math.min(last.from, resumed?.from ?? receivedAt);
    last.to = resumed?.to ?? receivedAt;
  } else if (resumed) outages.push({ ...resumed });
};

/** Share of the bucket's trading time that the link was live from `joinedAt` on, 0 to 1. */
export const coverageOf = ({ outages }: Link, joinedAt: number, { openTime, closeTime, trading }: Bucket): number => {
  const last = outages.at(-1);
  if (joinedAt <= openTime && (last === undefined || last.to <= openTime)) return 1;
  let total = 0;
  let lost = 0;
  for (const { from, to } of trading) {
    total += to - from;
    lost += overlap(from, to, openTime, Math.min(joinedAt, closeTime));
    for (const outage of outages) lost += overlap(from, to, Math.max(outage.from, joinedAt), outage.to);
  }
  return total > 0 ? 1 - lost / total : 1;
};

const isDown = (outages: readonly Outage[]): boolean => outages.at(-1)?.to === Infinity;

const overlap = (from: number, to: number, since: number, until: number): number =>
  Math.max(0, Math.min(to, until) - Math.max(from, since));
