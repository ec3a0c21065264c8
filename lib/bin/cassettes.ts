import { asyncScheduler, finalize, from, ignoreElements, interval, lastValueFrom, merge, takeUntil, tap } from 'rxjs';
import { canonicalSymbol, topicKey, type Topic } from '../index.js';
import { BadCassette, mergeCassettes, readCassette, type Cassette, type ReadOptions } from '../record/index.js';
import { amount, elapsed, printable } from './format.js';
import type { Source } from './Plan.js';
import { isOfThisMachine, providerOf, recordedAt, type Recorded } from './providers.js';
import { statusLine, type Io } from './terminal.js';

/** The recordings in some files, as one: files that were written one after the other are one recording of several. */
export const cassetteIn = (files: readonly string[], options?: ReadOptions): Cassette => {
  const recordings = recordingsOf(files).map((parts) => readCassette(parts, options));
  const [only] = recordings;
  return only && recordings.length === 1 ? only : mergeCassettes(...recordings);
};

/** Files by recording, and within it by number, which a shell puts in another order: `tape.10`, `tape.2`. */
export const recordingsOf = (files: readonly string[]): readonly (readonly string[])[] => {
  const recordings = new Map<string, { readonly file: string; readonly number: number }[]>();
  for (const file of files) {
    const [, name, number, ending = ''] = /^(.*)\.(\d+)((?:\.ndjson)?(?:\.gz|\.zst)?)$/s.exec(file) ?? [];
    const key = name === undefined ? file : `${name}.*${ending}`;
    recordings.set(key, [...(recordings.get(key) ?? []), { file, number: Number(number) }]);
  }
  return [...recordings.values()].map((parts) => parts.sort((a, b) => a.number - b.number).map(({ file }) => file));
};

/** What can be played of a recording. */
export interface CassetteSources {
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
export const cassetteSources = async (cassette: Cassette): Promise<CassetteSources> => {
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
    simulated: endpoints.length > 0 && endpoints.every(isOfThisMachine),
  };
};

/** Each is a feed of its own when it is played, and a name in a report. */
const MOST_ADDRESSES = 200;

const checkCount = (name: string, count: number): void => {
  if (count <= MOST_ADDRESSES) return;
  throw new BadCassette(name, 0, `holds more than ${MOST_ADDRESSES} addresses; no recording does`);
};

/** No vendor sees it, and no frame holds it. */
const NO_CREDENTIAL = 'the credential is not in the cassette';

/** Those of which something can be shown; of one name there may be several, with a host each. */
const sourcesOf = (found: readonly Found[]): readonly Source[] => {
  const named = new Map<string, number>();
  return found
    .filter(({ topics }) => topics.size > 0)
    .map(({ at: { kind, url }, topics }) => {
      const count = (named.get(kind.name) ?? 0) + 1;
      named.set(kind.name, count);
      const name = count === 1 ? kind.name : `${kind.name} (${count})`;
      const restUrl = providerOf(kind).restUrlOf?.(url);
      return { ...kind, name, topics: [...topics.values()], credential: NO_CREDENTIAL, url, restUrl };
    });
};

/** Lines of a recording that could not be read. */
interface DamageLog {
  readonly note: (damage: BadCassette) => void;
  readonly count: () => number;
  /** The first ones, as the reader reported them. */
  readonly first: () => readonly BadCassette[];
  /** All in one line; undefined when there was none. */
  readonly line: () => string | undefined;
}

/** So many are kept as they are. */
const KEPT = 20;

export const damageLog = (): DamageLog => {
  const first: BadCassette[] = [];
  let count = 0;
  return {
    note: (damage) => {
      count += 1;
      if (first.length < KEPT) first.push(damage);
    },
    count: () => count,
    first: () => first,
    line: () => {
      const [one] = first;
      if (!one) return undefined;
      if (count === 1) return one.message;
      const lines = first.map(({ file, line }) => `${file}:${line}`).join(', ');
      return `${count} lines are damaged and were skipped: ${lines}${count > first.length ? ' and more' : ''}`;
    },
  };
};

/** Milliseconds until the first report, and between two. */
const EVERY = 2_000;

/** Says on stderr how far the reading of recordings is, where that takes long. */
interface Progress {
  /** The same cassette; its entries are counted while it is read. */
  readonly counted: (cassette: Cassette) => Cassette;
  /** Waits for a work that reads, and says meanwhile how far it is. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
}

export const newProgress = ({ stderr }: Pick<Io, 'stderr'>, name: string): Progress => {
  let entries = 0;
  const begun = asyncScheduler.now();
  return {
    counted: (cassette) => ({
      name: cassette.name,
      blocks: async function* (...only) {
        for await (const block of cassette.blocks(...only)) {
          entries += block.length;
          yield block;
        }
      },
    }),
    during: async (work) => {
      const status = statusLine(stderr, stderr.isTTY === true);
      let isShown = false;
      const done$ = from(work);
      const beats$ = interval(EVERY).pipe(
        tap(() => {
          isShown = true;
          const far = `${amount(entries)} ${entries === 1 ? 'entry' : 'entries'} in ${elapsed(asyncScheduler.now() - begun)}`;
          status.show(`rxtape: reading ${printable(name)}: ${far}; Ctrl-C ends it`);
        }),
        ignoreElements(),
        takeUntil(done$),
        finalize(() => {
          if (isShown) status.end();
        }),
      );
      return lastValueFrom(merge(done$, beats$));
    },
  };
};
