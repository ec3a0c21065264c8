import type { Cassette, Entry } from './Cassette.js';
import { requestCounts } from './requestPlayer.js';
import { endpointOf } from './withoutSecrets.js';

/** Reads a cassette entry by entry, and waits only where the cassette does. */
export interface Cursor {
  /** The entry it is at; undefined before the first `move` and at the end. */
  readonly entry: () => Entry | undefined;
  /** Goes to the next entry; a promise when it has to be read from somewhere. */
  readonly move: () => void | Promise<void>;
  /** Whether it never has to wait. */
  readonly isAtHand: boolean;
  /** Gives up what it reads from. */
  readonly close: () => void;
}

type ReadStep = IteratorResult<readonly Entry[], unknown>;

export const cursorOf = (cassette: Cassette, ...only: readonly Entry['what'][]): Cursor => {
  const blocks = cassette.blocks(...only);
  const iterator: Iterator<readonly Entry[]> | AsyncIterator<readonly Entry[]> =
    Symbol.asyncIterator in blocks ? blocks[Symbol.asyncIterator]() : blocks[Symbol.iterator]();
  let block: readonly Entry[] = [];
  let at = 0;
  let over = false;

  const take = ({ done, value }: ReadStep): void => {
    over = done === true;
    block = over ? [] : (value as readonly Entry[]);
    at = 0;
  };
  const fill = (): void | Promise<void> => {
    while (!over && at >= block.length) {
      const step = iterator.next();
      if (step instanceof Promise) return step.then(take).then(fill);
      take(step);
    }
  };
  return {
    isAtHand: !(Symbol.asyncIterator in blocks),
    entry: () => block[at],
    move: () => {
      at += 1;
      if (at >= block.length) return fill();
    },
    close: () => {
      over = true;
      void iterator.return?.();
    },
  };
};

/**
 * Moves on, entry by entry, for as long as `visit` wants more: at once while entries are at hand, and a promise from
 * where they have to be read.
 */
export const readWhile = (cursor: Cursor, visit: (entry: Entry) => boolean): void | Promise<void> => {
  const wantsMore = (): boolean => {
    const entry = cursor.entry();
    return entry !== undefined && visit(entry);
  };
  const readAtHand = (): Promise<void> | undefined => {
    for (;;) {
      const reading = cursor.move();
      if (reading) return reading;
      if (!wantsMore()) return undefined;
    }
  };
  // A loop, where promises that wait for each other would all be kept to the end of the file.
  const readLater = async (first: Promise<void>): Promise<void> => {
    for (let reading: Promise<void> | undefined = first; reading; reading = wantsMore() ? readAtHand() : undefined) {
      await reading;
    }
  };
  const reading = readAtHand();
  return reading && readLater(reading);
};

/** When the recording asked for a connection, and to where, without the query. */
export interface Ask {
  readonly wall: number;
  readonly endpoint: string;
}

/** What has to be known of a cassette before it is played. */
export interface CassetteIndex {
  readonly endpoints: readonly string[];
  /** In the order of the cassette. */
  readonly asks: readonly Ask[];
  /** Where the recording gave a connection up itself, after a silence for example; in the order of the cassette. */
  readonly givenUp: readonly string[];
  /** Which requests there are, and how many of each. */
  readonly requests: ReadonlyMap<string, number>;
}

/** Reads a cassette to its end, but only when its connections begin and end, and what was requested. */
export const cassetteIndex = (cassette: Cassette): CassetteIndex | Promise<CassetteIndex> => {
  const endpoints = new Set<string>();
  const asks: Ask[] = [];
  const givenUp: string[] = [];
  const requests = requestCounts(cassette.name);
  const endpointAt = new Map<number, string>();
  const meet = (connection: number, url: string): string => {
    const endpoint = endpointOf(url);
    endpoints.add(endpoint);
    endpointAt.set(connection, endpoint);
    return endpoint;
  };
  const reading = readWhile(cursorOf(cassette, 'connect', 'close', 'request'), (entry) => {
    if (entry.what === 'start') for (const { connection, url } of entry.standing) meet(connection, url);
    if (entry.what === 'connect') asks.push({ wall: entry.wall, endpoint: meet(entry.connection, entry.url) });
    if (entry.what === 'request') requests.accept(entry);
    if (isGivenUp(entry)) givenUp.push(endpointAt.get(entry.connection) ?? '');
    return true;
  });
  const index = (): CassetteIndex => ({ endpoints: [...endpoints], asks, givenUp, requests: requests.counts });
  return reading ? reading.then(index) : index();
};

export const isGivenUp = (entry: Entry): entry is Extract<Entry, { readonly what: 'close' }> =>
  entry.what === 'close' && entry.byUs;
