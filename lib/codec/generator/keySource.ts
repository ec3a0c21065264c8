import { keyOf, LONG_KEY, SHORT_KEY, type Key } from '../cursor.js';

const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);
export const quoted = (text: string): string => JSON.stringify(text);
export const keyed = (key: string): string => (isName(key) ? key : quoted(key));
export const accessed = (key: string): string => (isName(key) ? `.${key}` : `[${quoted(key)}]`);

export const readKeyOf = (key: string, path: string): Key => {
  const read = keyOf(key);
  if (read === undefined) throw new Error(`${path}.${key}: a scanner reads names of plain ASCII alone`);
  return read;
};

/** The condition under which a key is another one with the same hash. */
export const otherKey = (key: string, path: string): string => {
  if (key.length <= SHORT_KEY) return '';
  if (key.length > LONG_KEY) return `!endsKey(cursor, ${quoted(key)}) || `;
  const { low, middle, high } = readKeyOf(key, path);
  return `!isKey(cursor, ${low}, ${middle}, ${high}) || `;
};
