import type { Grammar } from './grammar.js';

/** How a value is read. */
export interface Reading {
  readonly call: string;
  readonly type: string;
  /** Whether the value means that it was declined. */
  readonly isBad: (value: string) => string;
  /** What a value that was not declined can be. */
  readonly gives: Grammar;
}

export const isUndefined = (value: string): string => `${value} === undefined`;
const isNaN = (value: string): string => `Number.isNaN(${value})`;

const reader = (name: string, type: string, gives: Grammar, isBad = isUndefined): Reading => ({
  call: `${name}(cursor)`,
  type,
  isBad,
  gives,
});

export const raw = 'as it is';
export const declined: Reading = { call: 'undefined', type: 'undefined', isBad: isUndefined, gives: {} };
export const numericOrNull = reader('readNumericOrNull', 'number | null', { number: true, null: true });
export const anyScalar = reader('readScalar', 'number | string | boolean | null', {
  text: raw,
  number: true,
  boolean: true,
  null: true,
});

/** The readers of scalars, by what they take. */
export const readers: ReadonlyMap<string, Reading> = new Map([
  ['', declined],
  ['text', reader('readText', 'string', { text: raw })],
  ['text null', reader('readTextOrNull', 'string | null', { text: raw, null: true })],
  ['number', reader('readNumber', 'number', { number: true }, isNaN)],
  ['numeric', reader('readNumeric', 'number', { number: true }, isNaN)],
  ['numeric null', numericOrNull],
  ['text number', reader('readNumberOrText', 'number | string', { text: raw, number: true })],
  ['boolean', reader('readBoolean', 'boolean', { boolean: true })],
  ['boolean null', reader('readBooleanOrNull', 'boolean | null', { boolean: true, null: true })],
  ['null', reader('readNull', 'null', { null: true })],
]);

/** The reader of the scalars in a grammar; one that takes more where there is none for just these. */
export const scalarReading = ({ text, number, boolean, null: nothing }: Grammar): Reading => {
  const isNumeric = text === 'a number' && number && !boolean;
  const kinds = isNumeric ? ['numeric'] : [text && 'text', number && 'number', boolean && 'boolean'];
  if (text !== undefined && text !== raw && !isNumeric) return anyScalar;
  return readers.get([...kinds, nothing && 'null'].filter(Boolean).join(' ')) ?? anyScalar;
};
