import { asyncScheduler } from 'rxjs';
import { ABNORMAL } from '../model/closeCodes.js';
import { reviveError } from '../model/errorData.js';
import { ConnectionLost } from '../model/errors.js';
import { feedNameOf, type Connected, type Disconnected, type FeedEvent } from '../model/feedEvent.js';
import { isFeedError } from '../model/isRecoverable.js';
import { ownersClock } from '../nats/clock.js';
import { lineTable } from '../nats/lines.js';

/** Makes one link of two: that of the gateway to the vendor, and that of a client to the gateway. */
export const twoLinks = () => {
  const lines = lineTable();
  const clock = ownersClock();
  /** When something was last heard, by our clock; and the last time that the gateway said, which has said all of before then. */
  let heardAt = -Infinity;
  let beatAt: number | undefined;
  let lost: number | undefined;
  /** What was said of feeds that are cut off here. */
  let cutOff: readonly Disconnected[] = [];
  /** Whether the vendor's link was ever heard of, and whether it was said before that that there is no gateway. */
  let isKnown = false;
  let isMissing = false;

  const cut = (cause: ConnectionLost | Error, agreedAt: number): readonly Disconnected[] => {
    const now = clock.now();
    const error = isFeedError(cause) ? cause : new ConnectionLost(ABNORMAL, cause.message);
    return lines.cut({ cause: error, agreedAt: Math.min(agreedAt, now), now });
  };

  return {
    heard: (at: number): void => {
      heardAt = at;
    },
    beat: (at: number): void => {
      clock.hear(at);
      beatAt = at;
    },

    /** What to say when the link to the gateway is there or lost. */
    own: (event: Connected | Disconnected): readonly FeedEvent[] => {
      const ahead = clock.now() - asyncScheduler.now();
      if (event.kind === 'connected') {
        lost = undefined;
        const news = isMissing ? [event] : [];
        isMissing = false;
        return news;
      }
      if (!isKnown) {
        isMissing = true;
        return [event];
      }
      const { cause, attempt } = event;
      const facts = { cause, attempt, retryAt: event.retryAt + ahead };
      const news = cut(reviveError(cause), beatAt ?? heardAt + ahead);
      cutOff = news.length > 0 ? news : cutOff.map((one) => ({ ...one, receivedAt: event.receivedAt + ahead }));
      return cutOff.map((one) => ({ ...one, ...facts }));
    },

    /** What to say when the gateway has left something out. */
    gap: (count: number, from: number): readonly FeedEvent[] => {
      lost = count;
      return cut(new ConnectionLost(ABNORMAL, `this client was too slow: ${count} event(s) of it are lost`), from);
    },

    /** What to say of news that the gateway has. */
    told: (event: FeedEvent): readonly FeedEvent[] => {
      if (event.kind === 'switched') lines.handOver(event);
      if (event.kind !== 'connected' && event.kind !== 'disconnected') return [event];
      isKnown = true;
      cutOff = cutOff.filter((one) => feedNameOf(one) !== feedNameOf(event));
      const now = Math.max(clock.now(), beatAt ?? -Infinity);
      const news = lines.heard(event, { now, lost });
      return news ? [news] : [];
    },
  };
};
