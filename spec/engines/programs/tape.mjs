// Starts a simulator, records it, and replays the tape. The first word is how the file is packed.
import { rmSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { firstValueFrom, take, timeout, toArray } from 'rxjs';
import { ofKind, quotes, trades } from 'rxtape';
import { itick } from 'rxtape/itick';
import { fileSink, readCassette, record, replay } from 'rxtape/record';
import { startSimulator } from 'rxtape/simulator';

const path = `tape.ndjson${argv[2] ?? ''}`;
rmSync(path, { force: true });
const { url, close } = await startSimulator({ seed: 7, speed: 10 });
const topics = [...quotes('AAPL.US'), ...trades('AAPL.US')];
const feed = (connection) => itick({ url, token: 'demo', market: 'stock', topics, ...connection });
const some = (source$) => firstValueFrom(source$.pipe(ofKind('quote', 'trade'), take(20), toArray(), timeout(60_000)));

// Blocks of a few entries each, so that a file has many.
const sink = fileSink(path, { flushEvery: 50 });
const live = await some(record(feed, sink));
await sink.written();
const again = await some(replay(readCassette(path), feed, { speed: Infinity }));
await close();
const text = (events) => JSON.stringify(events.map((event) => ({ ...event, receivedAt: 0 })));
if (live.length !== 20 || text(live) !== text(again)) throw new Error(`${again.length} events came back`);
exit(0);
