import type { FeedErrorData } from '../../model/errorData.js';
import type { FeedEvent } from '../../model/feedEvent.js';

/** A hole in the events of one provider. */
export interface Gap {
  readonly provider: string;
  /** When data last arrived over the lost link, epoch milliseconds. */
  readonly from: number;
  /** When the link was back; undefined while it is not. */
  readonly to: number | undefined;
  /** What ended the link; undefined if only its return was received. */
  readonly cause: FeedErrorData | undefined;
}

/** The holes in a stream of events, in the order in which they began; attempts before the first connection are none. */
export const gapsIn = (events: readonly FeedEvent[]): readonly Gap[] => {
  const gaps: Gap[] = [];
  const open = new Map<string, Gap>();
  const heardAt = new Map<string, number>();
  for (const event of events) {
    const { kind, provider, receivedAt } = event;
    const gap = open.get(provider);
    const from = heardAt.get(provider);
    if (kind === 'disconnected') {
      if (gap || from === undefined) continue;
      const begun = { provider, from, to: undefined, cause: event.cause };
      open.set(provider, begun);
      gaps.push(begun);
      continue;
    }
    heardAt.set(provider, receivedAt);
    if (kind !== 'connected') continue;
    open.delete(provider);
    if (gap) gaps[gaps.indexOf(gap)] = { ...gap, ...(event.resumed ?? { to: receivedAt }) };
    else if (event.resumed) gaps.push({ provider, ...event.resumed, cause: undefined });
  }
  return gaps;
};
