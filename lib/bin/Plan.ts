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

/** What a command line asks for. */
export interface Plan {
  readonly command: Command;
  readonly sources: readonly Source[];
  /** What is being watched, in words. */
  readonly title: string;
  /** Set when the market is simulated. */
  readonly simulation: { readonly speed: number } | undefined;
  /** A table needs a terminal; elsewhere it becomes lines. */
  readonly display: 'table' | 'lines' | 'json';
  /** Milliseconds after which to stop; without end when absent. */
  readonly length: number | undefined;
  readonly colors: Colors;
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
}
