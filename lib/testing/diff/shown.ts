import { isLike } from './like.js';
import { fieldOf, isMatcher, type Matcher } from './sameValue.js';

const LONGEST = 200;

/** A value on one line of a failure. */
export const shown = (value: unknown): string => {
  const text = plain(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

const plain = (value: unknown): string => {
  if (isLike(value)) return `like ${plain(value.part)}`;
  if (isMatcher(value)) return matcherText(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'object' && value !== null) return asJson(value);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
};

/** Some of Jest's say what they want only so; others have only a name. */
const matcherText = (matcher: Matcher): string => {
  const { sample } = matcher as { readonly sample?: unknown };
  return matcher.toAsymmetricMatcher?.() ?? `${matcher.toString()}${sample === undefined ? '' : ` ${shown(sample)}`}`;
};

const asJson = (value: object): string => {
  try {
    return JSON.stringify(value, (_, field: unknown) => inJson(field));
  } catch {
    return Object.prototype.toString.call(value);
  }
};

/** JSON has no such things, or nothing to say of them. */
const inJson = (field: unknown): unknown => {
  if (typeof field === 'bigint' || (typeof field === 'number' && !Number.isFinite(field))) return String(field);
  return field instanceof Map || field instanceof Set ? [...(field as Iterable<unknown>)] : field;
};

/** What a value is, in a word or two: `quote AAPL.US`, `disconnected`; empty for what is no event. */
export const nameOf = (value: unknown): string => `${wordIn(value, 'kind')} ${wordIn(value, 'symbol')}`.trim();

/** The kind of an event; empty for what is none. */
export const kindOf = (value: unknown): string => wordIn(value, 'kind');

const wordIn = (value: unknown, field: 'kind' | 'symbol'): string => {
  const event: unknown = isLike(value) ? value.part : value;
  const word: unknown = typeof event === 'object' && event !== null && field in event ? fieldOf(event, field) : '';
  return typeof word === 'string' ? word : '';
};
