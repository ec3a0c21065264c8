import { flattenError } from '../model/errorData.js';
import type { FeedError } from '../model/errors.js';
import { feedNameOf, type Connected, type Disconnected, type FeedEvent } from '../model/feedEvent.js';

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
        lines.set(name, { names, isLive: false, last: event, from, isOurs: before?.isOurs ?? false });
        return event;
      }
      lines.set(name, { names, isLive: true, last: event, from: undefined, isOurs: false });
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

    isLive: (): boolean => [...lines.values()].some(({ isLive }) => isLive),
  };
};

const isSame = (a: Connected | Disconnected, b: Connected | Disconnected): boolean =>
  a.kind === b.kind && a.receivedAt === b.receivedAt && a.attempt === b.attempt;
