import type { Entry } from './Entry.js';

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
  return JSON.stringify([entry.what, wall, mono, entry.connection, ...facts(entry)]);
};

const facts = (entry: Exclude<Entry, { readonly what: 'start' | 'lost' }>): readonly unknown[] => {
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
      return [entry.message];
    case 'open':
    case 'ping':
      return [];
  }
};
