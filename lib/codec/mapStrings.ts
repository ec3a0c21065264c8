/** As deep as any codec of a frame looks; a frame itself can nest deeper than the stack. */
const DEPTH = 8;

/**
 * A copy of a parsed value with each of its strings changed, for an explanation that may quote them.
 *
 * Has to come before `explain`, which cuts what it quotes: half a credential would not be recognised afterwards. What
 * lies too deep to be quoted is left out.
 */
export const mapStrings = (value: unknown, change: (text: string) => string, depth = DEPTH): unknown => {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return depth > 0 ? value.map((item) => mapStrings(item, change, depth - 1)) : [];
  if (depth === 0) return {};
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapStrings(member, change, depth - 1)]));
};
