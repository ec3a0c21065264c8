import type { MarketEvent } from '../../model/marketEvent.js';
import type { Topic } from '../../model/topic.js';

/** One client of a scripted vendor. */
export interface Client {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** What it is subscribed to, by key. */
  readonly topics: ReadonlyMap<string, Topic>;
  /** Accepts the socket. */
  readonly open: () => void;
  /** Refuses the socket. */
  readonly refuse: (status: number, reason: string) => void;
  /** From now on it counts as live. */
  readonly loggedIn: () => void;
  readonly subscribe: (topics: readonly Topic[]) => void;
  readonly unsubscribe: (topics: readonly Topic[]) => void;
  readonly say: (frame: string) => void;
  readonly ping: () => void;
  readonly close: () => void;
}

/** How a vendor speaks. */
export interface Dialect {
  /** Opens or refuses a connection. */
  readonly meet: (client: Client) => void;
  /** The topics that a command names, to be counted as asked for or withdrawn. */
  readonly read: (text: string) => { readonly asks: boolean; readonly topics: readonly Topic[] } | undefined;
  /** Answers what a client says. */
  readonly hear: (client: Client, text: string) => void;
  /** The frame that carries an event to a client; throws for an event the vendor has no frame for. */
  readonly frame: (event: MarketEvent) => (client: Client) => string;
  /** Milliseconds between the pings it sends, if it does. */
  readonly pingEvery: number | undefined;
}

/** How many distinct symbols there are. */
export const symbolsIn = (topics: Iterable<Topic>): number => new Set([...topics].map(({ symbol }) => symbol)).size;
