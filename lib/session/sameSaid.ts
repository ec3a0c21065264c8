import type { Level } from '../model/marketEvent.js';

type Facts = Readonly<Record<string, unknown>>;

/** What two connections may say of one event of a topic in different ways: when it came, over which, and how the symbol is spelled. */
const OWN: ReadonlySet<string> = new Set(['receivedAt', 'feed', 'symbol']);

/**
 * Whether two connections have said the same of one topic: all facts are equal but the time of receipt, and a time that
 * is only that of receipt.
 */
export const sameSaid = (one: object, other: object): boolean => {
  const [a, b] = [one as Facts, other as Facts];
  // Nearly all facts are equal: what may differ is looked up only where one does. A loop reads its own object for nearly nothing.
  let more = 0;
  for (const key in a) {
    const [value, other] = [a[key], b[key]];
    if (value !== undefined && other !== undefined) more -= 1;
    if (value === other || (Array.isArray(value) && a['kind'] === 'depth' && isSameSide(value, other))) continue;
    if (!isEqual(value, other) && !OWN.has(key) && !(key === 'time' && isUntimed(a) && isUntimed(b))) return false;
  }
  for (const key in b) if (b[key] !== undefined) more += 1;
  if (more === 0) return true;
  for (const key in b) if (b[key] !== undefined && a[key] === undefined && !OWN.has(key)) return false;
  return true;
};

const isUntimed = ({ time, receivedAt }: Facts): boolean => time !== undefined && time === receivedAt;

/** Whether the levels of a book are the same, by name: by lists of their facts a book would cost ten times as much. */
const isSameSide = (a: readonly (Level | null)[], b: unknown): boolean => {
  if (!Array.isArray(b) || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) {
    const [one, other] = [a[at], b[at] as Level | null | undefined];
    const isSame = one?.price === other?.price && one?.size === other?.size && one?.orders === other?.orders;
    // What lacks a size may be no level at all.
    if (!isSame || one?.size === undefined) return false;
  }
  return true;
};

const isEqual = (a: unknown, b: unknown): boolean => {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => key in b && isEqual((a as Facts)[key], (b as Facts)[key]))
  );
};
