import { Misuse } from './Misuse.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `10s`, `500ms`, `2m` or `1.5h`. Throws `Misuse` for anything else, for zero, and beyond 24 days. */
export const parseDuration = (text: string): number => {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const duration = Number(number) * (units[unit] ?? 0);
  if (duration > 0 && duration <= LONGEST_TIMER) return duration;
  throw new Misuse(`"${text}" is not a duration such as 10s, 500ms, 2m or 1h`);
};
