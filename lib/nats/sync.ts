import type { NatsConnection } from '@nats-io/nats-core';
import { firstValueFrom, timer } from 'rxjs';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import type { Entry } from './topicSubscriptions.js';
import type { lastValues, LastOf, StateOf } from './lastValues.js';
import type { OwnerMessage } from './readMessages.js';
import type { End } from './wire.js';

/** What a joiner reads before it goes on with what it hears. */
export interface Found {
  readonly epoch: number;
  readonly state: StateOf;
  /** Of the entries that were stale. A last value of another epoch is left out. */
  readonly lasts: ReadonlyMap<Entry, LastOf | undefined>;
}

/** How often a last value is read again that is older than what was heard, and how long to wait for that, in ms. */
const TRIES = 25;
const WAIT = 40;

/** Undefined while no owner has said how the link is. */
export const read = async (
  nats: NatsConnection,
  values: ReturnType<typeof lastValues>,
  stale: readonly Entry[],
  held: () => readonly OwnerMessage[],
  lastEpoch: number | undefined,
): Promise<Found | End | undefined> => {
  // The server has the subscriptions then, so that nothing falls between them and what is read.
  await nats.flush();
  const [epoch, first] = await Promise.all([values.epoch(), values.state()]);
  if (first?.end && lastEpoch !== undefined && first.epoch >= lastEpoch) return first.end;
  if (epoch === undefined || first?.epoch !== epoch) return undefined;
  const lasts = new Map<Entry, LastOf | undefined>();
  let pending = stale;
  for (let tries = 0; pending.length > 0 && tries < TRIES; tries += 1) {
    if (tries > 0) await firstValueFrom(timer(WAIT));
    const found = await values.of(pending.map(({ path }) => path));
    pending.forEach((entry, at) => lasts.set(entry, found[at]?.epoch === epoch ? found[at] : undefined));
    const firsts = firstNumbers(held(), epoch);
    pending = pending.filter((entry) => {
      const least = Math.max(firsts.get(entry) ?? 0, epoch === lastEpoch ? Math.max(entry.seq ?? 0, entry.said) : 0);
      return least > (lasts.get(entry)?.seq ?? 0);
    });
  }
  // The values may be later than the link: how that is has to be said before them.
  const hasMoved = held().some((item) => item.kind === 'link' && item.epoch === epoch && item.seq > first.seq);
  const again = hasMoved ? await values.state() : undefined;
  return { epoch, state: again?.epoch === epoch && !again.end ? again : first, lasts };
};

/** How many events of each entry, or of the link, went before the first message that was heard. */
export const firstNumbers = (held: readonly OwnerMessage[], epoch: number): ReadonlyMap<Entry | 'link', number> => {
  const firsts = new Map<Entry | 'link', number>();
  for (const item of held) {
    if (item.epoch !== epoch || (item.kind !== 'live' && item.kind !== 'link')) continue;
    const line = item.kind === 'live' ? item.entry : 'link';
    if (!firsts.has(line)) firsts.set(line, item.seq - item.batch.size);
  }
  return firsts;
};

/** When the owner received the newest of these: its clock is at least as late. */
export const newestStamp = (lasts: Found['lasts'], held: readonly OwnerMessage[]): number => {
  let newest = -Infinity;
  for (const last of lasts.values()) newest = Math.max(newest, last?.event?.receivedAt ?? -Infinity);
  for (const item of held) {
    if (item.kind === 'live') newest = Math.max(newest, item.batch.events[0]?.receivedAt ?? -Infinity);
  }
  return newest;
};

/** The news as far as they are of such topics; undefined when they are of none. */
export const about = <E extends FeedEvent & { readonly topics: readonly Topic[] }>(
  event: E,
  isOurs: (topic: Topic) => boolean,
): E | undefined => {
  const topics = event.topics.filter(isOurs);
  return topics.length > 0 || event.topics.length === 0 ? { ...event, topics } : undefined;
};
