import type { Cassette } from './Cassette.js';
import { cursorOf, readWhile } from './cursor.js';
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
}

/** Reads a cassette to its end, but only its connections. */
export const tapeIndex = (cassette: Cassette): TapeIndex | Promise<TapeIndex> => {
  const endpoints = new Set<string>();
  const asks: Ask[] = [];
  const reading = readWhile(cursorOf(cassette, 'connect'), (entry) => {
    if (entry.what === 'start') for (const { url } of entry.standing) endpoints.add(endpointOf(url));
    if (entry.what === 'connect') {
      const endpoint = endpointOf(entry.url);
      endpoints.add(endpoint);
      asks.push({ wall: entry.wall, endpoint });
    }
    return true;
  });
  const index = (): TapeIndex => ({ endpoints: [...endpoints], asks });
  return reading ? reading.then(index) : index();
};
