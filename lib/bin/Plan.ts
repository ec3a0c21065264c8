import type { History, Interval, Topic } from '../index.js';
import type { Access, SourceKind } from './providers.js';

/** A feed to be watched, and what is asked of it. */
export interface Source extends SourceKind, Pick<Access, 'credential' | 'url'> {
  readonly topics: readonly Topic[];
  /** What serves while it does not. */
  readonly standby?: Source | undefined;
  /** The host of the vendor's history; its own when absent. */
  readonly restUrl?: string | undefined;
}

export type Colors = 'cn' | 'us' | 'none';

/** What is made of the events. */
export type View =
  | { readonly kind: 'watch'; readonly only?: Only | undefined; readonly health?: boolean | undefined }
  | { readonly kind: 'book'; readonly symbol: string; readonly levels: number }
  | { readonly kind: 'klines'; readonly interval: Interval };

/** What is shown of all there is: of an empty list, everything. */
export interface Only {
  readonly symbols: readonly string[];
  readonly channels: readonly Topic['channel'][];
  /** Of bars. */
  readonly interval: Interval | undefined;
}

/** How it is shown. */
export interface DisplayOptions {
  /** A table needs a terminal; elsewhere it becomes lines. */
  readonly display: 'table' | 'lines' | 'json';
  readonly colors: Colors;
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
}

/** Feeds, and what they become on a screen. */
export interface Presentation extends DisplayOptions {
  readonly view: View;
  readonly sources: readonly Source[];
  /** What is being watched, as a text. */
  readonly title: string;
  /** Whether the market is simulated. */
  readonly simulated: boolean;
  /** What is to be known of all that is shown. */
  readonly note?: string | undefined;
}

/** Where live feeds come from, and for how long. */
export interface Live {
  /** Set when the market is simulated on this machine. */
  readonly simulation: { readonly speed: number; readonly port?: number } | undefined;
  /** Milliseconds after which to stop; without end when absent. */
  readonly length: number | undefined;
}

/** Live data on a screen. */
export interface Plan extends Presentation, Live {
  readonly kind: 'watch';
  /** Set when bars begin with those of before, and when holes are repaired. */
  readonly past: Past | undefined;
  /** Whether a host that cannot be reached ends it with a line that says what to do, in place of trying on. */
  readonly isFirstLook?: boolean | undefined;
}

/** Live data into a file. */
export interface RecordPlan extends Pick<Presentation, 'sources' | 'title'>, Live {
  readonly kind: 'record';
  readonly out: string;
  /** Whether a file that exists is written over. */
  readonly force: boolean;
  /** When to begin the next file; never when absent. */
  readonly maxBytes: number | undefined;
  readonly maxAge: number | undefined;
  /** Whether a line of a terminal can be drawn anew. */
  readonly redraws: boolean;
}

/** A file on a screen. */
export interface ReplayPlan extends DisplayOptions, Pick<Live, 'length'> {
  readonly kind: 'replay';
  readonly files: readonly string[];
  readonly view: View;
  readonly speed: number;
  readonly from: StartMoment | undefined;
}

/** A point of a recording: epoch milliseconds, or milliseconds after its beginning. */
export type StartMoment = { readonly at: number } | { readonly after: number };

/** What is in a file. */
export interface InspectPlan {
  readonly kind: 'inspect';
  readonly files: readonly string[];
  readonly json: boolean;
}

/** A simulated market for other programs. */
export interface SimulatePlan extends Live {
  readonly kind: 'simulate';
}

/** Bars of some symbols from one time to another, as their venue's clocks tell it. */
export interface PastSpan {
  /** IANA name of the time zone of the venue. */
  readonly zone: string;
  readonly symbols: readonly string[];
  /** Epoch milliseconds. */
  readonly from: number;
  /** Epoch milliseconds; exclusive. */
  readonly to: number;
}

/** Bars of a vendor's history as a text. */
export interface HistoryPlan extends Pick<Live, 'simulation'>, Past {
  readonly kind: 'history';
  readonly source: Omit<Source, 'topics'>;
  readonly interval: Interval;
  readonly spans: readonly PastSpan[];
  readonly output: 'table' | 'csv' | 'json';
}

/** How a vendor's history may be asked. */
export interface Past {
  /** What the plan of the account allows; that of the free plan when absent. */
  readonly budget: History['budget'] | undefined;
}

/** A feed for other processes. */
export interface ServePlan extends Live {
  readonly kind: 'serve';
  readonly source: Omit<Source, 'topics'>;
  /** The address of the NATS server, and what to log in with there. */
  readonly server: string;
  readonly login: string;
  /** The name of the feed. */
  readonly name: string;
  /** In milliseconds; that of `hostFeed` when absent. */
  readonly lease: number | undefined;
  readonly json: boolean;
}

/** What a command line asks for. */
export type AnyPlan = Plan | RecordPlan | ReplayPlan | InspectPlan | SimulatePlan | HistoryPlan | ServePlan;

/** The variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;
