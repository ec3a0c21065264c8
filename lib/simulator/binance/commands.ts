import { isInterval } from './intervals.js';

/** One command of a client. `id` is JSON text, so that a number of 64 bits comes back as it came. */
export interface Command {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly id: string;
}

/** What is wrong with a command. */
export interface CommandError {
  readonly code: number;
  readonly msg: string;
  readonly id?: string;
}

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];
/** How many parameters a method takes; `undefined`: as many as one likes. */
const counts: ReadonlyMap<string, number> = new Map([
  ['LIST_SUBSCRIPTIONS', 0],
  ['GET_PROPERTY', 1],
  ['SET_PROPERTY', 2],
]);

export const invalid = (what: string): CommandError => ({ code: 2, msg: `Invalid request: ${what}` });

/** Reads a command, or says what is wrong with it. */
export const readCommand = (text: string): Command | CommandError => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const at = Number(/position (\d+)/u.exec(String(error))?.[1] ?? text.length);
    return { code: 3, msg: `Invalid JSON: expected value at ${placeOf(text, at)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid('expected an object');
  const { method, params = [], id } = value as Readonly<Record<string, unknown>>;
  if (method === undefined) return invalid(`missing field \`method\` at ${placeOf(text, text.length)}`);
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    const written = typeof method === 'string' ? method.slice(0, 64) : 'of another type';
    const end = text.indexOf(written) + written.length + 1;
    const expected = METHODS.map((known) => `\`${known}\``).join(', ');
    return invalid(`unknown variant ${written}, expected one of ${expected} at ${placeOf(text, end)}`);
  }
  const echo = idText(id, text);
  if (echo === undefined) return invalid('request ID must be an unsigned integer');
  if (!Array.isArray(params)) return invalid('params must be an array');
  if (params.length > (counts.get(method) ?? Infinity)) return invalid('too many parameters');
  return { method, params, id: echo };
};

const placeOf = (text: string, at: number): string => {
  const before = text.slice(0, at).split('\n');
  return `line ${before.length} column ${before.at(-1)?.length ?? 0}`;
};

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** An id as JSON text; `undefined` for one that is not accepted. */
const idText = (id: unknown, text: string): string | undefined => {
  if (id === null) return 'null';
  if (typeof id === 'string') return /^[a-z0-9]{0,36}$/iu.test(id) ? JSON.stringify(id) : undefined;
  if (typeof id !== 'number') return undefined;
  if (Number.isSafeInteger(id)) return String(id);
  // What JSON.parse has rounded stands in the text.
  const [, written] = /"id"\s*:\s*(-?\d{16,19})\s*[,}]/u.exec(text) ?? [];
  return written !== undefined && BigInt(written) >= LEAST && BigInt(written) <= MOST ? written : undefined;
};

/** Whether a text looks like a stream at all: `symbol@stream`, or `!stream@arr`. */
export const isStreamName = (name: unknown): name is string =>
  typeof name === 'string' && name.length <= 100 && /^!?[^\s@!]+(?:@[^\s@!]+)+$/u.test(name);

/** A stream that the simulator serves. */
export interface Stream {
  /** As REST writes it. */
  readonly symbol: string;
  readonly channel: string;
}

const channels = ['aggTrade', 'trade', 'ticker', 'bookTicker', 'depth', 'depth@100ms'];
export const KLINE = 'kline_';

/** What a stream's name asks for; `undefined` when the simulator has no such stream. */
export const readStream = (name: string): Stream | undefined => {
  const at = name.indexOf('@');
  const symbol = name.slice(0, at);
  const channel = name.slice(at + 1);
  // Symbols are lower case: any other spelling is a stream that never says anything.
  if (!/^[a-z0-9]{1,20}$/u.test(symbol)) return undefined;
  const isKnown = channels.includes(channel) || (channel.startsWith(KLINE) && isInterval(channel.slice(KLINE.length)));
  return isKnown ? { symbol: symbol.toUpperCase(), channel } : undefined;
};
