import { flattenError } from '../model/errorData.js';
import { ABNORMAL } from '../model/closeCodes.js';
import { ConnectionLost, type FeedError } from '../model/errors.js';
import { feedNameOf, type Connected, type Disconnected, type FeedEvent, type Switched } from '../model/feedEvent.js';
import { leftBy } from '../model/leftBy.js';

/** One of the feeds that an owner may have merged, as its joiners hear it. */
interface Line {
  readonly names: { readonly provider: string; readonly feed?: string };
  readonly isLive: boolean;
  /** The last news of it, as the owner said them. */
  readonly last: Connected | Disconnected;
  /** Where the hole begins that is open; undefined without one. */
  readonly from: number | undefined;
  /** Whether the hole is one on the way from the owner, of which the owner knows nothing. */
  readonly isOurs: boolean;
  /** Which line of a standby it is, once one has taken over. */
  readonly line?: Switched['to'];
}

/** A hole between the owner and this joiner. */
export interface Cut {
  readonly cause: FeedError;
  /** Up to when nothing was lost, and now; both by the owner's clock. */
  readonly agreedAt: number;
  readonly now: number;
}

/** How a hole on the way ended. */
export interface Healed {
  readonly now: number;
  /** How many events were lost in it; undefined when that is not known. */
  readonly lost: number | undefined;
}

/**
 * Makes one link of two: that of the owner to the vendor, and that of the joiner to the owner. A cut is `disconnected` for each
 * feed that was live; the `connected` after it says the hole.
 */
export const lineTable = () => {
  const lines = new Map<string, Line>();

  return {
    cut: ({ cause, agreedAt, now }: Cut): readonly Disconnected[] => {
      const live: Disconnected[] = [];
      for (const [name, line] of lines) {
        const from = Math.min(line.from ?? Infinity, agreedAt);
        lines.set(name, { ...line, isLive: false, from, isOurs: true });
        if (!line.isLive) continue;
        const facts = { cause: flattenError(cause), attempt: 1, retryAt: now };
        live.push({ kind: 'disconnected', ...line.names, receivedAt: now, ...facts });
      }
      return live;
    },

    /** What to say when an owner has news of a link; undefined if they are known. `healed` is given where it tells old news. */
    heard: (event: Connected | Disconnected, healed?: Healed): FeedEvent | undefined => {
      const name = feedNameOf(event);
      const before = lines.get(name);
      const { provider, feed } = event;
      const names = feed === undefined ? { provider } : { provider, feed };
      if (healed && before && !before.isOurs && isSame(before.last, event)) return undefined;
      if (event.kind === 'disconnected') {
        const from = before?.from ?? (before?.isLive ? event.receivedAt : undefined);
        lines.set(name, { ...before, names, isLive: false, last: event, from, isOurs: before?.isOurs ?? false });
        return event;
      }
      lines.set(name, { ...before, names, isLive: true, last: event, from: undefined, isOurs: false });
      // JSON has no `undefined`.
      const { resumed } = event;
      if (!before?.isOurs || before.from === undefined) return { ...event, resumed };
      const to = Math.max(healed?.now ?? event.receivedAt, before.from);
      // The hole of a `connected` that was heard before was said before.
      const known = isSame(before.last, event) ? undefined : resumed?.from;
      const from = Math.min(before.from, known ?? Infinity);
      const lost = healed?.lost;
      return { ...event, receivedAt: to, resumed: lost === undefined ? { from, to } : { from, to, lost } };
    },

    /** Another line of the owner's standby serves: the link goes on as its own. Returns whether that is news. */
    handOver: (event: Switched): boolean => {
      const { feed: left, to, isAll } = leftBy(event) ?? {};
      const line = left === undefined || !isAll ? undefined : lines.get(left);
      if (left === undefined || to === undefined || line === undefined || left === to) return false;
      const names = { provider: event.provider, feed: to };
      lines.delete(left);
      lines.set(to, { ...line, names, last: { ...line.last, ...names }, line: event.to });
      return true;
    },

    /** Which line of a standby it is that serves, for a joiner that came after the switch. */
    note: (event: Switched): void => {
      const name = feedNameOf(event);
      const line = lines.get(name);
      if (line) lines.set(name, { ...line, line: event.to });
    },

    /** The switch that a new owner knows nothing of, whose standby begins with the other line; by what it says of its links. */
    switchTo: (links: readonly Connected[]): Switched | undefined => {
      const [next, ...others] = links.filter((event) => !lines.has(feedNameOf(event)));
      const isGone = ([name, { isOurs }]: readonly [string, Line]): boolean =>
        isOurs && !links.some((event) => feedNameOf(event) === name);
      const [gone] = [...lines].filter(isGone);
      if (next === undefined || others.length > 0 || gone?.[1].line === undefined) return undefined;
      const [left, { line: from }] = gone;
      const { provider, feed, receivedAt } = next;
      const to = from === 'primary' ? 'secondary' : 'primary';
      const cause = flattenError(new ConnectionLost(ABNORMAL, 'the owner is another one'));
      return {
        kind: 'switched',
        provider,
        ...(feed !== undefined && { feed }),
        receivedAt,
        symbols: 'all',
        from,
        to,
        left,
        cause,
      };
    },

    isLive: (): boolean => [...lines.values()].some(({ isLive }) => isLive),
  };
};

const isSame = (a: Connected | Disconnected, b: Connected | Disconnected): boolean =>
  a.kind === b.kind && a.receivedAt === b.receivedAt && a.attempt === b.attempt;
