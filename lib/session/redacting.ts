const utf8 = new TextEncoder();

/**
 * Takes a credential out of any text, in every form in which it travels: as it is, in a URL, and inside JSON, whichever
 * of its characters those escape.
 *
 * @example
 * redacting('k/1')('GET /?api_key=k%2F1') // 'GET /?api_key=***'
 */
export const redacting = (credential: string): ((text: string) => string) => {
  // Headers and vendors trim what they are given.
  const anyForm = new RegExp(Array.from(credential.trim(), formsOf).join(''), 'gi');
  return (text) => text.replace(anyForm, '***');
};

/** A pattern of all the ways to write a character. Any mix of them may be met: each writer escapes other characters. */
const formsOf = (char: string): string => {
  const escape = JSON.stringify(char).slice(1, -1);
  const percents = Array.from(utf8.encode(char), (byte) => `%${hex(byte, 2)}`).join('');
  const units = Array.from({ length: char.length }, (_, i) => `\\u${hex(char.charCodeAt(i), 4)}`).join('');
  const forms = [char, escape, percents, units, ...(char === '/' ? ['\\/'] : []), ...(char === ' ' ? ['+'] : [])];
  return `(?:${forms.map(literal).join('|')})`;
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
