/**
 * A simulated trading day: 4 hours of two markets, 500 symbols, 5 outages. Its bars and gaps are noted while it is
 * recorded to a file, and again while the file is replayed.
 *
 *     npm run bench:replay
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, merge, share, tap, type Observable } from 'rxjs';
import { ofKind, toKlines, trades, type FeedEvent } from '../lib/index.js';
import { itick } from '../lib/providers/itick/index.js';
import {
  fileSink,
  readCassette,
  record,
  replay,
  type Cassette,
  type Entry,
  type FeedConnection,
} from '../lib/record/index.js';

const HOURS = 4;
const SYMBOLS = 250;
const OUTAGES = 5;
/** Each symbol trades once in so many seconds. */
const EVERY = 3;
const START = Date.UTC(2026, 2, 2, 14, 30);
const SECONDS = HOURS * 3_600;

const markets = [
  { market: 'stock', code: 'S', venue: 'US' },
  { market: 'crypto', code: 'C', venue: 'BA' },
] as const;

/** What the two vendors' sockets say in the day, second by second. */
function* day(): Iterable<readonly Entry[]> {
  const at = (wall: number) => ({ wall, mono: wall - START });
  yield [{ what: 'start', ...at(START), standing: [] }];
  let connections = 0;
  const connection: number[] = [0, 0];
  const connect = (i: number, wall: number): readonly Entry[] => {
    connection[i] = connections += 1;
    const socket = { ...at(wall), connection: connections };
    return [
      { what: 'connect', ...socket, url: `wss://api.itick.org/${markets[i]!.market}` },
      { what: 'open', ...socket },
      { what: 'in', ...socket, frame: '{"code":1,"resAc":"auth","msg":"authenticated"}' },
    ];
  };
  for (let second = 0; second < SECONDS; second += 1) {
    const wall = START + second * 1_000;
    const block: Entry[] = [];
    markets.forEach(({ code, venue }, i) => {
      const outage = Math.floor(SECONDS / (OUTAGES + 1));
      if (second === 0) block.push(...connect(i, wall));
      else if (i === 0 && second % outage === 0 && second / outage <= OUTAGES) {
        block.push({ what: 'close', ...at(wall), connection: connection[i]!, code: 1001, reason: '', byUs: false });
      } else if (i === 0 && second % outage === 20 && second > outage) block.push(...connect(i, wall));
      if (i === 0 && second > outage && second % outage < 20) return;
      for (let symbol = second % EVERY; symbol < SYMBOLS; symbol += EVERY) {
        const price = 100 + Math.round(Math.sin(second / 60 + symbol) * 1_000) / 100;
        const data = { s: `${code}${symbol}`, r: venue, ld: price, v: 100 + second, t: wall - 40, type: 'tick' };
        const frame = JSON.stringify({ code: 1, data });
        block.push({ what: 'in', ...at(wall + 500), connection: connection[i]!, frame });
      }
    });
    yield block.sort((a, b) => a.wall - b.wall);
  }
}

const feeds = (connection: FeedConnection): Observable<FeedEvent> =>
  merge(
    ...markets.map(({ market, code, venue }) => {
      const symbols = Array.from({ length: SYMBOLS }, (_, i) => `${code}${i}.${venue}`);
      return itick({ token: 'any', market, topics: trades(...symbols), tickVolume: 'size', ...connection });
    }),
  );

interface Noted {
  readonly seconds: number;
  readonly trades: number;
  readonly bars: number;
  readonly gaps: number;
  readonly heap: number;
  readonly hash: string;
}

/** Plays a day to its end, and notes its bars and gaps. */
const noted = async (
  cassette: Cassette,
  makeFeed: (connection: FeedConnection) => Observable<FeedEvent>,
): Promise<Noted> => {
  const counts = { trades: 0, bars: 0, gaps: 0, heap: 0 };
  const hash = createHash('sha256');
  const began = performance.now();
  const made = (connection: FeedConnection): Observable<FeedEvent> => {
    const feed$ = makeFeed(connection).pipe(share());
    return merge(feed$.pipe(toKlines('1m')), feed$.pipe(ofKind('trade', 'connected', 'disconnected')));
  };
  const note = (event: FeedEvent): void => {
    if (event.kind === 'trade') {
      counts.trades += 1;
      if (counts.trades % 100_000 === 0) counts.heap = Math.max(counts.heap, process.memoryUsage().heapUsed / 2 ** 20);
      return;
    }
    if (event.kind === 'kline' && !event.closed) return;
    if (event.kind === 'kline') counts.bars += 1;
    if (event.kind === 'connected' && event.resumed) counts.gaps += 1;
    hash.update(JSON.stringify(event));
  };
  await lastValueFrom(replay(cassette, made, { speed: Infinity }).pipe(tap(note)));
  return { ...counts, seconds: (performance.now() - began) / 1_000, hash: hash.digest('hex').slice(0, 12) };
};

const main = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'rxtape-bench-'));
  const path = join(folder, 'day.ndjson.gz');
  // The day runs ahead of any disk; nothing may be lost of it here.
  const sink = fileSink(path, { maxQueueBytes: Infinity });
  const live = await noted({ name: 'the day', blocks: day }, ({ openSocket, ...connection }) =>
    record((inner) => feeds({ ...connection, ...inner }), sink, { openSocket }),
  );
  await sink.written();
  const again = await noted(readCassette(path), feeds);
  console.log('| | seconds | trades | closed bars | gaps | heap, MiB at most | hash of bars and gaps |');
  console.log('|---|---|---|---|---|---|---|');
  for (const [name, one] of Object.entries({ recording: live, replay: again })) {
    const { seconds, trades: count, bars, gaps, heap, hash } = one;
    console.log(`| ${name} | ${seconds.toFixed(1)} | ${count} | ${bars} | ${gaps} | ${heap.toFixed(0)} | ${hash} |`);
  }
  console.log(`${(statSync(path).size / 2 ** 20).toFixed(1)} MiB on disk`);
  rmSync(folder, { recursive: true });
};

void main();
