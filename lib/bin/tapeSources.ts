import { canonicalSymbol, topicKey, type Topic } from '../index.js';
import { BadCassette, type Cassette } from '../record/index.js';
import { recordedAt, type Recorded } from './endpointSource.js';
import type { Source } from './Plan.js';

/** What can be played of a recording. */
export interface TapeSources {
  /** When it begins, epoch milliseconds; undefined when nothing is in it. */
  readonly startedAt: number | undefined;
  readonly sources: readonly Source[];
  /** Addresses of vendors that are not known here. */
  readonly strangers: readonly string[];
  /** Whether it was recorded on a machine of one's own, as the simulated market is. */
  readonly simulated: boolean;
}

interface Found {
  readonly at: Recorded;
  readonly topics: Map<string, Topic>;
}

/**
 * The sources of a recording, and their topics: those that were asked for in it. Where a part of a recording holds none
 * of our requests, the data say what had been asked for.
 */
export const tapeSources = async (cassette: Cassette): Promise<TapeSources> => {
  const found = new Map<string, Found>();
  const strangers = new Set<string>();
  let startedAt: number | undefined;

  const read = async (what: 'in' | 'out'): Promise<void> => {
    const byConnection = new Map<number, Found>();
    const meet = (connection: number, url: string): void => {
      const endpoint = url.replace(/\?.*$/s, '');
      const at = recordedAt(endpoint);
      if (!at) {
        checkCount(cassette.name, strangers.size);
        strangers.add(endpoint);
        return;
      }
      checkCount(cassette.name, found.size);
      const one = found.get(endpoint) ?? { at, topics: new Map() };
      found.set(endpoint, one);
      byConnection.set(connection, one);
    };
    for await (const entries of cassette.blocks('connect', what)) {
      for (const entry of entries) {
        startedAt ??= entry.wall;
        if (entry.what === 'start') for (const { connection, url } of entry.standing) meet(connection, url);
        if (entry.what === 'connect') meet(entry.connection, entry.url);
        if (entry.what !== 'in' && entry.what !== 'out') continue;
        const one = byConnection.get(entry.connection);
        if (!one) continue;
        const { asked, answered } = one.at;
        for (const topic of (what === 'out' ? asked : answered)(entry.frame)) {
          const ours = { ...topic, symbol: canonicalSymbol(topic.symbol) };
          one.topics.set(topicKey(ours), ours);
        }
      }
    }
  };
  await read('out');
  if ([...found.values()].some(({ topics }) => topics.size === 0)) await read('in');

  const endpoints = [...found.keys()];
  return {
    startedAt,
    sources: sourcesOf([...found.values()]),
    strangers: [...strangers],
    simulated: endpoints.length > 0 && endpoints.every((endpoint) => LOOPBACK.test(endpoint)),
  };
};

/** Each is a feed of its own when it is played, and a name in a report. */
const MOST_ADDRESSES = 200;

const checkCount = (name: string, count: number): void => {
  if (count <= MOST_ADDRESSES) return;
  throw new BadCassette(name, 0, `holds more than ${MOST_ADDRESSES} addresses; no recording does`);
};

const LOOPBACK = /^wss?:\/\/(?:127\.|localhost\b|\[::1\])/;

/** No vendor sees it, and no frame holds it. */
const NO_CREDENTIAL = 'the credential is not on the tape';

/** Those of which something can be shown; of one name there may be several, with a host each. */
const sourcesOf = (found: readonly Found[]): readonly Source[] => {
  const named = new Map<string, number>();
  return found
    .filter(({ topics }) => topics.size > 0)
    .map(({ at: { kind, url }, topics }) => {
      const count = (named.get(kind.name) ?? 0) + 1;
      named.set(kind.name, count);
      const name = count === 1 ? kind.name : `${kind.name} (${count})`;
      return { ...kind, name, topics: [...topics.values()], credential: NO_CREDENTIAL, url };
    });
};
