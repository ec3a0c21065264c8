import type { ActiveConnection, Entry, RequestEntry, SocketEntry } from './Cassette.js';

/** The version of the format, in the first line of each file. */
export const FORMAT = 1;

/** An entry as a line of JSON, without its end: an object when a recording starts, and a short array otherwise. */
export const entryLine = (entry: Entry): string => {
  const { wall } = entry;
  const mono = Math.round(entry.mono * 1e3) / 1e3;
  if (entry.what === 'start') {
    return JSON.stringify({ rxtape: FORMAT, wall, mono, standing: entry.standing });
  }
  if (entry.what === 'lost') return JSON.stringify(['lost', wall, mono, entry.count, entry.bytes]);
  const number = 'request' in entry ? entry.request : entry.connection;
  return JSON.stringify([entry.what, wall, mono, number, ...facts(entry)]);
};

const facts = (entry: SocketEntry | RequestEntry): readonly unknown[] => {
  switch (entry.what) {
    case 'connect':
      return [entry.url];
    case 'in':
    case 'out':
      return [entry.frame];
    case 'binary':
      return [entry.base64];
    case 'close':
      return [entry.code, entry.reason, entry.byUs];
    case 'refused':
      return [entry.status, entry.retryAfter, entry.reason];
    case 'error':
    case 'failed':
      return [entry.message];
    case 'request':
      return [entry.method, entry.url, entry.body];
    case 'answer':
      return [entry.status, entry.headers, entry.body];
    case 'open':
    case 'ping':
    case 'aborted':
      return [];
  }
};

/** The entry of a line; undefined when it is not one. */
export const parseEntry = (line: string): Entry | undefined => {
  const row = parsed(line);
  if (!Array.isArray(row)) return isStart(row) ? startOf(row) : undefined;
  const [what, wall, mono, number, ...facts] = row as readonly unknown[];
  if (!isTime(wall) || !isTime(mono) || !isNumber(number)) return undefined;
  if (what === 'lost') {
    const [bytes] = facts;
    return isNumber(bytes) ? { what, wall, mono, count: number, bytes } : undefined;
  }
  return (
    socketEntry(what, facts, { wall, mono, connection: number }) ??
    requestEntry(what, facts, { wall, mono, request: number })
  );
};

type EntryTime = Pick<SocketEntry, 'wall' | 'mono' | 'connection'>;

const socketEntry = (what: unknown, facts: readonly unknown[], at: EntryTime): SocketEntry | undefined => {
  const [a, b, c] = facts;
  switch (what) {
    case 'open':
    case 'ping':
      return { what, ...at };
    case 'connect':
      return isText(a) ? { what, ...at, url: a } : undefined;
    case 'in':
    case 'out':
      return isText(a) ? { what, ...at, frame: a } : undefined;
    case 'binary':
      return isText(a) && isBase64(a) ? { what, ...at, base64: a } : undefined;
    case 'close':
      return isNumber(a) && isText(b) && typeof c === 'boolean'
        ? { what, ...at, code: a, reason: b, byUs: c }
        : undefined;
    case 'refused':
      return isNumber(a) && isText(b) && isText(c) ? { what, ...at, status: a, retryAfter: b, reason: c } : undefined;
    case 'error':
      return isText(a) ? { what, ...at, message: a } : undefined;
    default:
      return undefined;
  }
};

/** A method is a word, and no server takes a longer address. */
const METHOD = /^[A-Z]{1,16}$/;
const LONGEST_URL = 2 ** 14;

const requestEntry = (
  what: unknown,
  [a, b, c]: readonly unknown[],
  at: Pick<RequestEntry, 'wall' | 'mono' | 'request'>,
): RequestEntry | undefined => {
  switch (what) {
    case 'request':
      return isText(a) && METHOD.test(a) && isText(b) && b.length <= LONGEST_URL && isText(c)
        ? { what, ...at, method: a, url: b, body: c }
        : undefined;
    case 'answer':
      return isStatus(a) && isHeaders(b) && isText(c) ? { what, ...at, status: a, headers: b, body: c } : undefined;
    case 'failed':
      return isText(a) ? { what, ...at, message: a } : undefined;
    case 'aborted':
      return { what, ...at };
    default:
      return undefined;
  }
};

/** The version of the format that a first line names; undefined when it is of something else. */
export const formatOf = (line: string): number | undefined => {
  const row = parsed(line) as { readonly rxtape?: unknown } | undefined | null;
  return typeof row?.rxtape === 'number' ? row.rxtape : undefined;
};

interface StartRow {
  readonly wall: number;
  readonly mono: number;
  readonly standing: readonly ActiveConnection[];
}

const isStart = (row: unknown): row is StartRow => {
  if (typeof row !== 'object' || row === null) return false;
  const { rxtape, wall, mono, standing } = row as Readonly<Record<string, unknown>>;
  return rxtape === FORMAT && isTime(wall) && isTime(mono) && Array.isArray(standing) && standing.every(isStanding);
};

const isStanding = (value: unknown): value is ActiveConnection => {
  if (typeof value !== 'object' || value === null) return false;
  const { connection, url, open, greeting } = value as Readonly<Record<string, unknown>>;
  return (
    isNumber(connection) &&
    isText(url) &&
    typeof open === 'boolean' &&
    Array.isArray(greeting) &&
    greeting.every(isText)
  );
};

const startOf = ({ wall, mono, standing }: StartRow): Entry => ({ what: 'start', wall, mono, standing });

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
};

/** JSON may spell a number that is infinite: 1e999. */
const isNumber = (value: unknown): value is number => Number.isFinite(value);
/** A digit too many, or a sign, would let a replay wait, or its heartbeats run, for centuries. */
const LATEST = Date.UTC(2200, 0);
const isTime = (value: unknown): value is number => isNumber(value) && value >= 0 && value <= LATEST;
const isBase64 = (text: string): boolean =>
  text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, ''));
const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) && isNumber(value) && value >= 0 && value < 1_000;
const isHeaders = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText);
const isText = (value: unknown): value is string => typeof value === 'string';
