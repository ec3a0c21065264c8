import { asyncScheduler, defer, map, type Observable } from 'rxjs';
import type { RunHelpers, TestScheduler } from 'rxjs/testing';
import { ABNORMAL } from '../model/closeCodes.js';
import { flattenError } from '../model/errorData.js';
import { ConnectionLost } from '../model/errors.js';
import { isMarketEvent, isOwnData, type Connected, type FeedEvent } from '../model/feedEvent.js';
import type { MarketEvent, MarketFacts } from '../model/marketEvent.js';
import { ended, instantOf, newOutage, opened, proven } from '../model/outage.js';
import { aBbo, aDepth, aKline, aQuote, aTrade } from './builders.js';

/** Letters of a diagram and the events they stand for. */
export type FeedValues = Readonly<Record<string, FeedValue>>;

/** A feed that was drawn, and when it was subscribed to. */
export interface MarbleFeed extends Observable<FeedEvent> {
  readonly subscriptions: ReturnType<RunHelpers['cold']>['subscriptions'];
}

/** Draws a feed: `c` is the link coming, `x` the link going, any other letter an event of `values`. */
export type DrawFeed = (diagram: string, values?: FeedValues, error?: unknown) => MarbleFeed;

const reserved: FeedValues = { c: { kind: 'connected' }, x: { kind: 'disconnected' } };

/** A feed that begins when it is subscribed to, as a provider does. */
export const coldFeed =
  ({ cold }: RunHelpers): DrawFeed =>
  (diagram, values, error) => {
    const drawn$ = cold(diagram, lettersOf(diagram, values), error);
    const feed$ = defer(() => {
      const events = filledIn(drawn$.messages, asyncScheduler.now());
      return drawn$.pipe(map((_, index) => events[index] as FeedEvent));
    });
    return Object.assign(feed$, { subscriptions: drawn$.subscriptions });
  };

/** A feed that goes on with or without subscribers. */
export const hotFeed =
  ({ hot }: RunHelpers): DrawFeed =>
  (diagram, values, error) => {
    const drawn$ = hot<FeedEvent | FeedValue>(diagram, lettersOf(diagram, values), error);
    const events = filledIn(drawn$.messages, 0)[Symbol.iterator]();
    drawn$.messages = drawn$.messages.map((message) =>
      message.notification.kind === 'N'
        ? { ...message, notification: { kind: 'N', value: events.next().value } }
        : message,
    );
    return drawn$ as MarbleFeed;
  };

/** What the letters of a diagram stand for; throws for one that stands for nothing. */
const lettersOf = (diagram: string, values: FeedValues = {}): Record<string, FeedValue> => {
  const letters = { ...reserved, ...values };
  checkKind(letters, 'c', 'connected');
  checkKind(letters, 'x', 'disconnected');
  checkLetters(diagram, letters);
  return letters;
};

const checkKind = (letters: FeedValues, letter: 'c' | 'x', kind: FeedValue['kind']): void => {
  if (letters[letter]?.kind === kind) return;
  throw new Error(`the letter ${letter} is kept for "${kind}"; take another one for ${String(letters[letter]?.kind)}`);
};

/** Throws when a letter of a diagram has no value, where RxJS would emit nothing at all. */
export const checkLetters = (diagram: string, letters: Readonly<Record<string, unknown>>): void => {
  const drawn = diagram.replace(/(^|\s)\d+(\.\d+)?(ms|s|m)(?=\s|$)/g, ' ').replace(/[\s\-()|#^!]/g, '');
  const missing = Array.from(drawn).find((letter) => letters[letter] === undefined);
  if (missing !== undefined) throw new Error(`the letter ${missing} of the diagram "${diagram}" has no value`);
};

/** What a parsed diagram consists of. */
export type MarbleMessage = ReturnType<typeof TestScheduler.parseMarbles>[number];

/**
 * The events of a parsed diagram as a provider would emit them, its first frame being at `start`: with the virtual
 * time of their frame, and link events with their attempt, the hole they end and the time of the next try.
 *
 * Fields that a value sets are kept. A time of 0 counts as not set, because the builders put it there.
 */
const filledIn = (messages: readonly MarbleMessage[], start: number): readonly FeedEvent[] => {
  const drawn = messages.flatMap(({ frame, notification }) =>
    notification.kind === 'N' ? [{ at: start + frame, value: notification.value as FeedValue }] : [],
  );
  const provider = drawn.map(({ value }) => value.provider).find((name) => name !== undefined) ?? 'test';
  const isLink = ({ value: { kind } }: (typeof drawn)[number]): boolean =>
    kind === 'connected' || kind === 'disconnected';

  let outage = newOutage;
  let lastReceivedAt = instantOf(start);
  const open = (at: number): Connected => {
    const [next, event] = opened(outage, instantOf(at), { provider });
    outage = next;
    return event;
  };

  return drawn.map(({ at, value }, index) => {
    const receivedAt = value.receivedAt || at;
    if (value.kind === 'disconnected') {
      outage = ended(outage, { now: instantOf(at), lastReceivedAt });
      const retryAt = drawn.slice(index + 1).find(isLink)?.at ?? at;
      return anEvent({ provider, attempt: outage.failures, retryAt, ...value, receivedAt });
    }
    lastReceivedAt = instantOf(at);
    if (value.kind === 'connected') return anEvent({ ...open(at), ...value, receivedAt });
    // A drawing may begin within a session.
    if (outage.openedAt === undefined) open(at);
    const event = anEvent({ provider, ...value, receivedAt });
    if (!isMarketEvent(event) && !isOwnData(event)) return event;
    outage = proven(outage);
    return { ...event, time: (event as Partial<MarketFacts>).time || at } as FeedEvent;
  });
};

type Partly<E extends { readonly kind: string }> = E extends unknown ? Pick<E, 'kind'> & Partial<E> : never;

/** An event of a feed of which only the `kind` is needed; the rest are the defaults of the builders. */
export type FeedValue = Partly<FeedEvent>;

/** An event of the market of which only the `kind` is needed. */
export type MarketValue = Partly<MarketEvent>;

const base = { provider: 'test', receivedAt: 0 } as const;

/** The market event that a value stands for. */
export const aMarketEvent = (value: MarketValue): MarketEvent => {
  switch (value.kind) {
    case 'trade':
      return aTrade(value);
    case 'quote':
      return aQuote(value);
    case 'depth':
      return aDepth(value);
    case 'bbo':
      return aBbo(value);
    case 'kline':
      return aKline(value);
  }
};

/** The event that a value stands for. */
const anEvent = (value: FeedValue): FeedEvent => {
  switch (value.kind) {
    case 'connected':
      return { ...base, attempt: 1, resumed: undefined, ...value };
    case 'disconnected':
      return { ...base, cause: flattenError(new ConnectionLost(ABNORMAL)), attempt: 1, retryAt: 0, ...value };
    case 'subscribed':
    case 'unsubscribed':
      return { ...base, topics: [], ...value };
    case 'unexpected':
      return { ...base, topic: { channel: 'trade', symbol: 'AAPL.US' }, count: 1, ...value };
    case 'refused':
      return { ...base, topics: [], reason: 'refused', ...value };
    case 'undecodable':
      return { ...base, frame: '', problems: [], ...value };
    case 'latency':
      return { ...base, roundTrip: 0, ...value };
    case 'switched':
      return {
        ...base,
        symbols: 'all',
        from: 'primary',
        to: 'secondary',
        cause: flattenError(new ConnectionLost(ABNORMAL)),
        ...value,
      };
    case 'standbyLost':
      return { ...base, cause: flattenError(new ConnectionLost(ABNORMAL)), ...value };
    case 'diverged':
      return { ...base, symbol: 'AAPL.US', prices: { primary: 1, secondary: 2 }, for: 0, ...value };
    case 'lagging':
      return { ...base, lag: 0, ...value };
    case 'caughtUp':
      return { ...base, lag: 0, from: 0, ...value };
    case 'trade':
    case 'quote':
    case 'depth':
    case 'bbo':
    case 'kline':
      return aMarketEvent(value);
    default:
      return { ...base, ...(value as object) } as FeedEvent;
  }
};
