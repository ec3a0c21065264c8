import { isRecord } from '../codec/json.js';
import { flattenError, reviveError } from '../model/errorData.js';
import { isMarketEvent, type LinkEvent } from '../model/feedEvent.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { isFeedError } from '../model/isRecoverable.js';
import { quoted, quotedFrame, type Redact } from './undecodable.js';
import { quotedTime } from './vendorTime.js';

/** Takes the credential out of all that a feed says. */
export interface Scrub {
  /** The event without the credential: the texts of the vendor are redacted, and then cut. */
  readonly event: <E extends { readonly kind: string }>(event: E) => E;
  /** The error without the credential; an error that does not hold it is returned as it is. */
  readonly error: (error: unknown) => unknown;
}

/** As many characters as a text of the vendor's may have in an error. */
const MOST_CHARACTERS = 1_024;

/**
 * The one place where the credential is taken out of what a feed emits. Topics come from the caller, and stay; so do
 * the figures of market events. Of an event that only its provider knows, every text goes through `redact`.
 *
 * @example
 * source$.pipe(reconnect({ provider, backoff, scrub: scrubbing(provider, redacting(secret)) }))
 */
export const scrubbing = (provider: string, redact: Redact): Scrub => ({
  event: <E extends { readonly kind: string }>(event: E): E => scrubbed(event, provider, redact) as E,
  error: (error) => {
    if (isFeedError(error)) {
      const facts = { ...flattenError(error), message: undefined };
      const texts = Object.entries(facts).filter(([fact]) => TEXTS.has(fact));
      const shown = (text: string): string => quoted(text, redact, MOST_CHARACTERS);
      const clean = Object.fromEntries(texts.map(([fact, text]) => [fact, withTexts(text, shown)]));
      const isClean = texts.every(([fact, text]) => JSON.stringify(clean[fact]) === JSON.stringify(text));
      // The message is made anew of the facts.
      return isClean && redact(error.message) === error.message ? error : reviveError({ ...facts, ...clean });
    }
    if (!(error instanceof Error) || redact(error.message) === error.message) return error;
    return reviveError({ name: error.name, message: redact(error.message) });
  },
});

/** As many as a text may have in an event that only its provider knows. */
const LONGEST_TEXT = 8_192;

/** The fields of errors that may repeat a text of the vendor. */
const TEXTS: ReadonlySet<string> = new Set(['reason', 'problem', 'value']);

const scrubbed = (event: { readonly kind: string }, provider: string, redact: Redact): object => {
  if (isMarketEvent(event)) return quotedTime(event as MarketEvent, redact);
  const news = event as LinkEvent;
  switch (news.kind) {
    case 'connected':
    case 'disconnected':
    case 'subscribed':
    case 'unsubscribed':
    case 'latency':
      return news;
    case 'undecodable':
      return quotedFrame(news, provider, redact);
    case 'refused':
      return { ...news, reason: quoted(news.reason, redact) };
    case 'unexpected':
      return { ...news, topic: { ...news.topic, symbol: redact(news.topic.symbol) } };
    default: {
      const { kind, provider: name, feed } = event as Partial<LinkEvent>;
      const named = { kind, ...(name !== undefined && { provider: name }), ...(feed !== undefined && { feed }) };
      const shown = (text: string): string => quoted(text, redact, LONGEST_TEXT);
      return { ...(withTexts(event, shown) as object), ...named };
    }
  }
};

/** Deeper than any event goes; what lies below could overflow the stack, and is left out. */
const DEEPEST = 100;

/** A plain value with each of its texts changed. */
const withTexts = (value: unknown, change: Redact, depth = 0): unknown => {
  if (typeof value === 'string') return change(value);
  if (depth > DEEPEST) return undefined;
  const inner = (item: unknown): unknown => withTexts(item, change, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), inner(item)]));
};
