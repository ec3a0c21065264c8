import type * as t from 'io-ts';

const MAX_STRING = 60;
/** As much of a string goes through `redact`; what lies behind is not shown. */
const LOOKED_AT = 8_192;

/** The text, or its beginning and an ellipsis. */
export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/**
 * A value in a message: strings quoted and cut, objects and arrays by what they are, never by what they hold. A string goes
 * through `redact` before it is cut: half a credential would not be recognised afterwards.
 */
export const show = (value: unknown, redact: (text: string) => string = (text) => text): string => {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(cut(redact(value.slice(0, LOOKED_AT)), MAX_STRING));
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
};

/** The name of a codec in a message: a word gets its article, and a structure is called by what it is. */
export const nameOf = ({ name }: t.Mixed): string => {
  if (/^(?:Readonly)?Array</.test(name)) return 'an array';
  if (/[{<]/.test(name)) return 'a known object';
  if (!/^[a-z]/.test(name) || /^(?:null|undefined)$/.test(name)) return name;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
};
