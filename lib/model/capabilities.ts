import type { MarketEvent } from './marketEvent.js';

/**
 * What shows that data of a channel are missing.
 *
 * `ids`: executions are numbered one by one, so that each missing one is found and counted. `sequence`: the updates of a book
 * are numbered, so that a missing one is found. `figures`: cumulative figures of the day. What was traded between two of them
 * is in the second, so that a hole shows as volume; that a single message was lost shows nowhere. `none`: a lost message leaves
 * no trace.
 */
export type Evidence = 'ids' | 'sequence' | 'figures' | 'none';

/** What can be detected with a vendor. */
export interface Capabilities {
  readonly provider: string;
  /** By channel; a channel that the vendor does not push is absent. */
  readonly channels: Readonly<Partial<Record<MarketEvent['kind'], Evidence>>>;
  /** How a dead link is noticed: `pong` answers our pings and tells the round trip, `ping` is the vendor's own. */
  readonly link: 'pong' | 'ping';
  /** Whether it stamps its data, so that their lag can be told; some channels may lack stamps. */
  readonly stamps: boolean;
}
