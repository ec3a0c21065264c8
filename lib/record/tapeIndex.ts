import type { Cassette } from './Cassette.js';
import { cursorOf, readWhile } from './cursor.js';
import type { Entry } from './Entry.js';
import { endpointOf } from './withoutSecrets.js';

/** When the recording asked for a connection, and to where, without the query. */
export interface Ask {
  readonly wall: number;
  readonly endpoint: string;
}

/** What has to be known of a cassette before it is played. */
export interface TapeIndex {
  readonly endpoints: readonly string[];
  /** In the order of the tape. */
  readonly asks: readonly Ask[];
  /** Where the recording gave a connection up itself, after a silence for example; in the order of the tape. */
  readonly givenUp: readonly string[];
}

/** Reads a cassette to its end, but only when its connections begin and end. */
export const tapeIndex = (cassette: Cassette): TapeIndex | Promise<TapeIndex> => {
  const endpoints = new Set<string>();
  const asks: Ask[] = [];
  const givenUp: string[] = [];
  const endpointAt = new Map<number, string>();
  const meet = (connection: number, url: string): string => {
    const endpoint = endpointOf(url);
    endpoints.add(endpoint);
    endpointAt.set(connection, endpoint);
    return endpoint;
  };
  const reading = readWhile(cursorOf(cassette, 'connect', 'close'), (entry) => {
    if (entry.what === 'start') for (const { connection, url } of entry.standing) meet(connection, url);
    if (entry.what === 'connect') asks.push({ wall: entry.wall, endpoint: meet(entry.connection, entry.url) });
    if (isGivenUp(entry)) givenUp.push(endpointAt.get(entry.connection) ?? '');
    return true;
  });
  const index = (): TapeIndex => ({ endpoints: [...endpoints], asks, givenUp });
  return reading ? reading.then(index) : index();
};

export const isGivenUp = (entry: Entry): entry is Extract<Entry, { readonly what: 'close' }> =>
  entry.what === 'close' && entry.byUs;
