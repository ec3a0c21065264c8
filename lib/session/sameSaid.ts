type Facts = Readonly<Record<string, unknown>>;

/** What two connections may say of one event of a topic in different ways: when it came, over which, and how the symbol is spelled. */
const OWN: ReadonlySet<string> = new Set(['receivedAt', 'feed', 'symbol']);

/**
 * Whether two connections have said the same of one topic: all facts are equal but the time of receipt, and a time that
 * is only that of receipt.
 */
export const sameSaid = (one: object, other: object): boolean => {
  const [a, b] = [one as Facts, other as Facts];
  for (const key in a) {
    if (!OWN.has(key) && !isEqual(a[key], b[key]) && !(key === 'time' && isUntimed(a) && isUntimed(b))) return false;
  }
  for (const key in b) if (b[key] !== undefined && !(key in a) && !OWN.has(key)) return false;
  return true;
};

const isUntimed = ({ time, receivedAt }: Facts): boolean => time === receivedAt;

const isEqual = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => key in b && isEqual((a as Facts)[key], (b as Facts)[key]))
  );
};
