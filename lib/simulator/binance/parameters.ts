import { MINUTE } from './intervals.js';

/** An error as Binance says it. */
export interface BinanceError {
  readonly code: number;
  readonly msg: string;
}

/** A request that cannot be answered: thrown by what reads parameters, and answered with 400. */
export class BadRequest extends Error {
  readonly code: number;
  constructor({ code, msg }: BinanceError) {
    super(msg);
    this.code = code;
  }
}

const bad = (code: number, msg: string): BadRequest => new BadRequest({ code, msg });
export const invalidSymbol = (): BadRequest => bad(-1121, 'Invalid symbol.');
const badData = (name: string): BadRequest => bad(-1130, `Data sent for parameter '${name}' is not valid.`);
const missing = (name: string): BadRequest =>
  bad(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
const illegal = (name: string, range: string): BadRequest =>
  bad(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`);
export const conflict = (): BadRequest => bad(-1128, 'Combination of optional parameters invalid.');
export const badInterval = (): BadRequest => bad(-1120, 'Invalid interval.');
export const badTickerType = (): BadRequest => bad(-1139, 'Invalid ticker type.');
export const badStatus = (): BadRequest => bad(-1122, 'Invalid symbolStatus.');
export const otherStatus = (): BadRequest =>
  bad(-1220, "The symbol's status does not match the requested symbolStatus.");

const SYMBOLS = '^[A-Z0-9-_.]{1,20}$';
const NUMBERS = '^[0-9]{1,20}$';
/** A later time is one in microseconds. */
const LATEST = 1e14;

/** The parameters of a request; what is wrong with one is thrown. */
export interface Parameters {
  readonly text: (name: string) => string | undefined;
  readonly symbol: () => string;
  /** `symbol` or `symbols`; `undefined` when neither is there. */
  readonly symbols: () => string | readonly string[] | undefined;
  readonly whole: (name: string) => number | undefined;
  /** A whole number of at least one; a larger one than `most` is `most`. */
  readonly limit: (usual: number, most: number) => number;
  /** Epoch milliseconds, also when they were sent in microseconds. */
  readonly time: (name: string) => number | undefined;
  /** Milliseconds ahead of UTC. */
  readonly zone: () => number;
}

export const readParameters = (query: URLSearchParams, known: readonly string[]): Parameters => {
  const names = [...query.keys()];
  if (new Set(names).size < names.length) throw bad(-1101, 'Duplicate values for a parameter detected.');
  const read = names.filter((name) => known.includes(name)).length;
  if (read < names.length) {
    const counted = `read '${read}' parameter(s) but was sent '${names.length}'`;
    throw bad(-1104, `Not all sent parameters were read; ${counted}.`);
  }
  const isSymbol = (text: string): boolean => /^[A-Z0-9\-_.]{1,20}$/u.test(text);

  const text: Parameters['text'] = (name) => {
    const value = query.get(name);
    if (value === '') throw bad(-1105, `Parameter '${name}' was empty.`);
    return value ?? undefined;
  };
  const legalSymbol = (symbol: string, name: string): string => {
    if (!isSymbol(symbol)) throw illegal(name, SYMBOLS);
    return symbol;
  };
  const whole: Parameters['whole'] = (name) => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,20}$/u.test(value)) throw illegal(name, NUMBERS);
    return Number(value);
  };

  return {
    text,
    whole,
    symbol: () => {
      const symbol = query.get('symbol') ?? '';
      if (symbol === '') throw missing('symbol');
      return legalSymbol(symbol, 'symbol');
    },
    symbols: () => {
      const [symbol, list] = [text('symbol'), text('symbols')];
      if (symbol !== undefined && list !== undefined) throw conflict();
      return list === undefined ? symbol && legalSymbol(symbol, 'symbol') : symbolList(list, legalSymbol);
    },
    limit: (usual, most) => {
      const limit = whole('limit') ?? usual;
      if (limit < 1) throw badData('limit');
      return Math.min(limit, most);
    },
    time: (name) => {
      const value = whole(name);
      return value !== undefined && value > LATEST ? Math.floor(value / 1_000) : value;
    },
    zone: () => {
      const [, sign, hours, minutes = '0'] = /^([+-]?)(\d{1,2})(?::(\d{2}))?$/u.exec(text('timeZone') ?? '0') ?? [];
      const zone = (Number(hours) * 60 + Number(minutes)) * MINUTE * (sign === '-' ? -1 : 1);
      if (!(zone >= -720 * MINUTE && zone <= 840 * MINUTE) || Number(minutes) > 59) throw badData('timeZone');
      return zone;
    },
  };
};

const symbolList = (text: string, legal: (symbol: string, name: string) => string): readonly string[] => {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  const isList = Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'string');
  if (!isList) throw bad(-1135, "JSON sent for parameter 'symbols' is not valid");
  const symbols = (list as readonly string[]).map((symbol) => legal(symbol, 'symbols'));
  if (new Set(symbols).size < symbols.length) throw bad(-1151, 'Symbol is present multiple times in the list.');
  return symbols;
};
