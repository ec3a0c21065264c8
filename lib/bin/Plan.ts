import type { Interval, Topic } from '../index.js';
import type { ItickMarket } from '../providers/itick/index.js';
import type { TickflowEndpoint } from '../providers/tickflow/index.js';

/** A feed to be watched, by the name it has on the command line. */
export type SourceKind =
  | { readonly name: string; readonly vendor: 'itick'; readonly market: ItickMarket }
  | { readonly name: string; readonly vendor: 'tickflow'; readonly endpoint: TickflowEndpoint };

export type Source = SourceKind & {
  readonly topics: readonly Topic[];
  readonly credential: string;
  /** The vendor's own host when absent. */
  readonly url: string | undefined;
};

export type Colors = 'cn' | 'us' | 'none';

/** What is made of what is heard. */
export type Command =
  | { readonly kind: 'watch' }
  | { readonly kind: 'book'; readonly symbol: string; readonly levels: number }
  | { readonly kind: 'klines'; readonly interval: Interval };

/** How it is shown. */
export interface Looks {
  /** A table needs a terminal; elsewhere it becomes lines. */
  readonly display: 'table' | 'lines' | 'json';
  readonly colors: Colors;
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
}

/** Feeds, and what they become on a screen. */
export interface Picturing extends Looks {
  readonly command: Command;
  readonly sources: readonly Source[];
  /** What is being watched, in words. */
  readonly title: string;
  /** Whether the market is no real one. */
  readonly simulated: boolean;
}

/** Where live feeds come from, and for how long. */
export interface Live {
  /** Set when the market is simulated on this machine. */
  readonly simulation: { readonly speed: number } | undefined;
  /** Milliseconds after which to stop; without end when absent. */
  readonly length: number | undefined;
}

/** Live data on a screen. */
export interface Plan extends Picturing, Live {
  readonly order: 'watch';
}

/** Live data into a file. */
export interface RecordPlan extends Pick<Picturing, 'sources' | 'title'>, Live {
  readonly order: 'record';
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
export interface ReplayPlan extends Looks, Pick<Live, 'length'> {
  readonly order: 'replay';
  readonly tapes: readonly string[];
  readonly command: Command;
  readonly speed: number;
  readonly from: Moment | undefined;
}

/** A point of a recording: epoch milliseconds, or milliseconds after its beginning. */
export type Moment = { readonly at: number } | { readonly after: number };

/** What is in a file. */
export interface InspectPlan {
  readonly order: 'inspect';
  readonly tapes: readonly string[];
  readonly json: boolean;
}

/** What a command line asks for. */
export type Order = Plan | RecordPlan | ReplayPlan | InspectPlan;
