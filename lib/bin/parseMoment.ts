import { Misuse } from './Misuse.js';
import { parseDuration } from './parseDuration.js';
import type { Moment } from './Plan.js';

/** The point of a recording that `2026-11-21T01:30:00Z` or `+10m` names. Throws `Misuse` for anything else. */
export const parseMoment = (text: string): Moment => {
  if (/^\+\d/.test(text)) return { after: parseDuration(text.slice(1)) };
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at)) return { at };
  throw new Misuse(`"${text}" is not a time such as 2026-11-21T01:30:00Z, or +10m from the beginning`);
};
