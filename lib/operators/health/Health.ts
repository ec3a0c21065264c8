import type { Capabilities } from '../../model/capabilities.js';
import type { CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import type { Line } from '../../model/feedEvent.js';

/** How the health of a feed is judged. */
export interface HealthOptions {
  /**
   * What can be detected with each vendor: `itickCapabilities` and the like. Of a vendor that is not named here the data
   * themselves tell: cumulative figures and numbered books count, and ids of trades once 16 in a row have gone up by one.
   *
   * @defaultValue none is named
   */
  readonly capabilities?: readonly Capabilities[] | undefined;
  /**
   * Trading hours of all symbols, or a function of the symbol and the name of its feed.
   *
   * @defaultValue `calendarOf`
   */
  readonly calendar?: CalendarChoice | undefined;
  /**
   * Milliseconds of trading time without an event that make a topic stale; above 0.
   *
   * @defaultValue `30_000`
   */
  readonly staleAfter?: number | undefined;
}

/** How long something took, in milliseconds: a lag, a round trip, a hole. */
export interface Delay {
  readonly count: number;
  /** Of all together. */
  readonly sum: number;
  /** The last one; of several feeds the longest of their last ones. Undefined where there was none. */
  readonly latest: number | undefined;
  readonly worst: number | undefined;
  /** Half of them, and all but one in a hundred, are at most so long: bounds of the buckets, or the worst. */
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  /** The upper bounds of the buckets. */
  readonly bounds: readonly number[];
  /** How many are in each bucket and in none before it; the last count is of those above all bounds. */
  readonly counts: readonly number[];
}

/** How many holes, or repairs, have come to which end. */
export interface Outcomes {
  readonly whole: number;
  readonly partial: number;
  readonly none: number;
}

/** A volume by its unit; `units` where the vendor names none. */
export interface VolumeByUnit {
  readonly shares: number;
  readonly lots: number;
  readonly units: number;
}

/** How many links were lost, or attempts failed, for one cause. */
export interface CountedLoss {
  readonly cause: string;
  /** The close code, or the vendor's; undefined where there is none. */
  readonly code: number | undefined;
  readonly count: number;
}

/** How often one line of a `standby` took over from the other one for one cause. */
export interface CountedSwitch {
  readonly from: Line;
  readonly to: Line;
  readonly cause: string;
  readonly count: number;
}

/** The figures of one feed, or of all together. Counts are from the subscription on. */
export interface HealthFigures {
  /** How many events of each kind there were. */
  readonly events: Readonly<Record<string, number>>;
  /** The same in a second of the last beat; undefined before the first one. */
  readonly perSecond: Readonly<Record<string, number>> | undefined;
  /** When the last event of the market came, epoch milliseconds; undefined before the first. */
  readonly heardAt: number | undefined;
  /** The same, and the lag, by kind. A kind that was never heard is missing. */
  readonly byKind: Readonly<Record<string, { readonly heardAt: number; readonly lag: Delay }>>;
  /** `receivedAt - time` of what the vendor stamped, bars excepted; less the offset of its clock where a pong told it. */
  readonly lag: Delay;
  /** How far the vendor's clock is ahead of this machine's, in milliseconds, where a pong told it. */
  readonly clockOffset: number | undefined;
  readonly roundTrip: Delay;
  /** How many sessions there were. */
  readonly connects: number;
  /** How many times the link was lost or an attempt failed, by the `_tag` of the cause and the code it came with. */
  readonly disconnects: readonly CountedLoss[];
  /** `open` are holes that last. One that is over counts as `none` until it is repaired. */
  readonly holes: Outcomes & { readonly open: number };
  /** How long holes were that have ended. */
  readonly holeLengths: Delay;
  /** Holes that a history closed, or was asked to close, each by symbol. */
  readonly repairs: Outcomes;
  /** Executions and book updates that numbers prove missing; `repaired` of them came from a history. */
  readonly missedEvents: { readonly missed: number; readonly repaired: number };
  /** What cumulative figures say was traded in holes; `repaired` of it is in bars of a history, as their proof says. */
  readonly missedVolume: { readonly missed: VolumeByUnit; readonly repaired: VolumeByUnit };
  /** Topics the vendor has rejected, frames that fit no codec, and events that were never asked for. */
  readonly refused: number;
  readonly undecodable: number;
  readonly unexpected: number;
  /** How often another line of a `standby` took over: from which, to which, and the `_tag` of the cause. */
  readonly switches: readonly CountedSwitch[];
  /** How often the passive line of a `standby` was lost, and how often both disagreed. */
  readonly standbyLosses: number;
  readonly divergences: number;
  /** How often the data fell behind, and whether they are behind now. */
  readonly lags: number;
  readonly isLagging: boolean;
  readonly topics: {
    /** Served, refused, or awaited after a loss. */
    readonly wanted: number;
    readonly served: number;
    readonly refused: number;
    /** Served, and silent for `staleAfter` ms of trading time. */
    readonly stale: number;
  };
  /** Whether anything that is watched is traded now. */
  readonly inSession: boolean;
  /** Trading time of all topics together, in milliseconds. */
  readonly watched: number;
  /** Which part of it any evidence covers: between two data of a topic that would show what is missing, or in a known hole. */
  readonly verified: number | undefined;
  /** Which part of it is covered, and whole. Undefined, as `verified`, while nothing was traded. */
  readonly clean: number | undefined;
  /** Events that came faster than 10,000 a second: they are counted, and not looked at. */
  readonly unlooked: number;
}

/** The health of one feed. */
export interface OneFeedHealth extends HealthFigures {
  readonly provider: string;
  readonly feed: string;
  /** `left` is that of a line of a `standby` that does not serve any more. */
  readonly state: 'connecting' | 'live' | 'down' | 'left';
}

/** What bounded buffers have said. */
export interface BufferHealth {
  /** How many values waited, by the last word of it; 0 before any. */
  readonly waiting: number;
  /** Whether the consumer is slow, by the last word of it. */
  readonly isSlow: boolean;
  readonly slowTimes: number;
  readonly dropped: number;
}

/** How all that a stream holds is doing, as numbers. */
export interface Health extends HealthFigures {
  /** When this was so, epoch milliseconds. */
  readonly at: number;
  /** One by one, in the order in which they were first heard. */
  readonly feeds: readonly OneFeedHealth[];
  readonly buffer: BufferHealth;
}

/** How much a hole has cost: `exact` where all that is missing is numbered, `atLeast` where some of it is, else `unknown`. */
export interface HoleSize {
  readonly known: 'exact' | 'atLeast' | 'unknown';
  /** Executions and updates. */
  readonly events: number;
  readonly volume: VolumeByUnit;
}

/** A time in which data are missing. */
export interface HealthHole {
  readonly provider: string;
  readonly feed: string;
  /** Of one symbol alone, where its numbers show it in a live link. */
  readonly symbol: string | undefined;
  readonly from: number;
  /** Undefined while it lasts. */
  readonly to: number | undefined;
  /** The `_tag` of the error that ended the link, or `MissingNumbers`. */
  readonly cause: string;
  readonly outcome: 'open' | 'whole' | 'partial' | 'none';
  readonly size: HoleSize;
}
