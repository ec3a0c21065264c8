import { appendFile, close } from 'node:fs';
import { promisify } from 'node:util';
import { asyncScheduler, type Subscription } from 'rxjs';
import { InvalidOption } from '../../model/errors.js';
import { activeConnections } from '../activeConnections.js';
import type { Entry } from '../Cassette.js';
import { RecordingFailed } from '../errors.js';
import { entryLine } from '../format.js';
import type { Loss, Track } from '../sinks.js';
import type { Compression } from './compression.js';

interface FileTrackOptions extends Pick<Compression, 'pack'> {
  readonly open: () => { readonly file: string; readonly descriptor: number };
  readonly maxBytes: number;
  readonly maxAge: number;
  readonly flushEvery: number;
  readonly maxQueueBytes: number;
  readonly onLoss: (loss: Loss) => void;
  readonly onFailure: (error: Error) => void;
  readonly stats: { entries: number; bytes: number; lost: number };
}

interface FileTrack extends Track {
  /** Resolves when all is on disk, or nothing more will be. */
  readonly ended: Promise<void>;
}

/** What goes into one file. */
interface FilePart {
  readonly since: number;
  file: { readonly file: string; readonly descriptor: number } | undefined;
  lines: string[];
  bytes: number;
}

/** So many bytes are compressed together. */
const BLOCK = 2 ** 18;

const append = promisify<number, Buffer>(appendFile);
const closed = promisify(close);

/** Writes a recording to files, one block at a time, so that what waits for the disk can be counted. */
export const fileTrack = (options: FileTrackOptions): FileTrack => {
  const { open, pack, maxBytes, maxAge, flushEvery, maxQueueBytes, onLoss, onFailure, stats } = options;
  const connections = activeConnections();
  const parts: FilePart[] = [{ since: asyncScheduler.now(), file: open(), lines: [], bytes: 0 }];
  const lost = { count: 0, bytes: 0 };
  let queued = 0;
  let writing = false;
  let over = false;
  let failed = false;
  let soon: Subscription | undefined;
  let last: Entry | undefined;
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const put = (entry: Entry): void => {
    const line = `${entryLine(entry)}\n`;
    const bytes = Buffer.byteLength(line);
    if (isFrame(entry) && queued + bytes > maxQueueBytes) {
      lost.count += 1;
      lost.bytes += bytes;
      stats.lost += 1;
      return;
    }
    connections.accept(entry);
    queued += bytes;
    stats.entries += 1;
    parts.at(-1)?.lines.push(line);
  };
  const reportLoss = (): void => {
    if (lost.count === 0 || !last) return;
    const loss = { ...lost };
    lost.count = lost.bytes = 0;
    put({ what: 'lost', wall: last.wall, mono: last.mono, ...loss });
    onLoss(loss);
  };
  const rotate = ({ wall, mono }: Entry): void => {
    const part = parts.at(-1);
    if (!part || (part.bytes < maxBytes && wall - part.since < maxAge)) return;
    parts.push({ since: wall, file: undefined, lines: [], bytes: 0 });
    put({ what: 'start', wall, mono, standing: connections.list() });
  };

  /** Writes what there is, file by file. */
  const drain = async (): Promise<void> => {
    for (let [part] = parts; part; [part] = parts) {
      const text = part.lines.join('');
      part.lines = [];
      part.file ??= open();
      const { descriptor } = part.file;
      if (text !== '') {
        const bytes = Buffer.from(text);
        const block = await pack(bytes);
        await append(descriptor, block);
        queued -= bytes.length;
        part.bytes += block.length;
        stats.bytes += block.length;
      }
      if (parts.length === 1 && !over) return;
      if (part.lines.length > 0) continue;
      await closed(descriptor);
      parts.shift();
    }
    finish();
  };
  const fail = (error: unknown): void => {
    failed = true;
    const current = parts[0]?.file;
    if (current) void closed(current.descriptor).catch(() => undefined);
    finish();
    const reason = error instanceof InvalidOption ? error.problem : String(error).replace(/^Error: /, '');
    onFailure(new RecordingFailed(current?.file ?? 'the next file', reason));
  };
  const flush = (): void => {
    soon = undefined;
    if (writing || failed) return;
    writing = true;
    drain().then(() => {
      writing = false;
      flushSoon();
    }, fail);
  };
  const flushSoon = (): void => {
    if (writing || queued === 0) return;
    if (flushEvery === 0 || over || queued >= BLOCK) flush();
    else soon ??= asyncScheduler.schedule(flush, flushEvery);
  };

  return {
    ended,
    write: (entry) => {
      if (failed || over) return;
      const isFirst = last === undefined;
      last = entry;
      if (queued < maxQueueBytes / 2) reportLoss();
      // A file that holds nothing is not ended, however long its first entry took to come.
      if (!isFirst) rotate(entry);
      put(entry);
      // At once: a file without its first line cannot be read.
      if (entry.what === 'start') flush();
      else flushSoon();
    },
    end: () => {
      if (over) return;
      reportLoss();
      over = true;
      soon?.unsubscribe();
      flush();
    },
  };
};

/** What may be lost: without the rest a cassette would not make sense. */
const isFrame = ({ what }: Entry): boolean =>
  what === 'in' || what === 'out' || what === 'binary' || what === 'ping' || what === 'answer';
