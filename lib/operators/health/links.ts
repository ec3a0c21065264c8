import { isLinkEvent, type FeedEvent, type LinkEvent } from '../../model/feedEvent.js';
import { linkTable, soundLink } from '../../model/link.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import { topicKey } from '../../model/topic.js';
import { addDelay } from './delays.js';
import { backfillHole, closeHole, loseEvents, openHole, recoverHole } from './holes.js';
import { takeOver } from './takeOver.js';
import { countOf, type Tally } from './tally.js';

/** Keeps the links of all feeds of a stream, and counts what they say. */
export const takeLinks = (
  tallies: ReadonlyMap<string, Tally>,
): ((tally: Tally, event: Exclude<FeedEvent, MarketEvent>) => void) => {
  const links = linkTable();
  return (tally, said) => {
    // A link event that is heard twice counts once.
    const isTurn = said.kind === 'connected' || said.kind === 'disconnected';
    const before = links.of(tally.feed);
    const link = links.next(said);
    if (isTurn && link === undefined) return;
    tally.others.set(said.kind, (tally.others.get(said.kind) ?? 0) + 1);
    if (!isLinkEvent(said)) return;
    const event: LinkEvent = soundLink(said, before?.since ?? 0);
    switch (event.kind) {
      case 'connected': {
        const { resumed, receivedAt } = event;
        if (resumed && !tally.hole) lose(tally, resumed.from, 'Unknown');
        if (tally.hole && resumed) tally.hole.from = Math.min(tally.hole.from, resumed.from);
        if (tally.hole && resumed?.lost !== undefined) {
          loseEvents(tally.holes, tally.hole, resumed.lost);
          tally.hole.isCountable = true;
          tally.hole.awaited = 0;
        }
        tally.state = 'live';
        tally.topics.resume(receivedAt, link?.awaited.size === 0, resumed?.from);
        break;
      }
      case 'disconnected': {
        const { cause, code } = namedCause(event.cause);
        countOf(tally.disconnects, `${cause} ${code}`, { cause, code });
        if (before?.state === 'live') lose(tally, event.receivedAt, cause);
        tally.state = 'down';
        break;
      }
      case 'subscribed':
        for (const topic of event.topics) tally.refused.delete(topicKey(topic));
        tally.topics.serve(event.topics, Math.max(event.receivedAt, tally.servesSince));
        break;
      case 'unsubscribed':
      case 'refused':
        if (event.kind === 'refused') tally.refusals += Math.max(1, event.topics.length);
        for (const topic of event.topics) {
          if (event.kind === 'refused') tally.refused.add(topicKey(topic));
          else tally.refused.delete(topicKey(topic));
        }
        tally.topics.leave(event.topics, event.receivedAt);
        break;
      case 'unexpected':
        tally.unexpected += event.count;
        break;
      case 'latency':
        addDelay(tally.roundTrip, event.roundTrip);
        tally.clockOffset = event.clockOffset ?? tally.clockOffset;
        break;
      case 'switched': {
        const { from, to } = event;
        const { cause } = namedCause(event.cause);
        countOf(tally.switches, `${from} ${to} ${cause}`, { from, to, cause });
        takeOver(tally, tallies, event, cause);
        if (link) tally.state = link.state;
        break;
      }
      case 'backfilled':
        backfillHole(tally.holes, event);
        break;
      case 'recovered':
        tally.topics.repair(recoverHole(tally.holes, event));
        break;
      case 'lagging':
      case 'caughtUp':
        tally.isLagging = event.kind === 'lagging';
    }
    if (link && link.hole === undefined && tally.hole) {
      closeHole(tally.holes, tally.hole, link.lastGap?.to ?? event.receivedAt);
      tally.hole = undefined;
    }
  };
};

/** What an error is called, and its code. An event made by hand may have none. */
const namedCause = (cause: unknown): { readonly cause: string; readonly code: number | undefined } => {
  const { _tag = 'Unknown', code } = (cause ?? {}) as { readonly _tag?: string; readonly code?: number };
  return { cause: _tag, code };
};

/** A hole begins, unless one lasts, of which some topics have not come back. */
const lose = (tally: Tally, from: number, cause: string): void => {
  const { provider, feed } = tally;
  tally.hole ??= openHole(tally.holes, { provider, feed, symbol: undefined, from, cause });
  tally.topics.lose(tally.hole, from);
};
