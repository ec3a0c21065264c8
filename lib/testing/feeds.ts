import { asyncScheduler, defer, map, type Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { FeedEvent } from '../model/feedEvent.js';
import type { FeedValue } from './anEvent.js';
import { narrated } from './narrated.js';

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
      const events = narrated(drawn$.messages, asyncScheduler.now());
      return drawn$.pipe(map((_, index) => events[index] as FeedEvent));
    });
    return Object.assign(feed$, { subscriptions: drawn$.subscriptions });
  };

/** A feed that goes on with or without subscribers. */
export const hotFeed =
  ({ hot }: RunHelpers): DrawFeed =>
  (diagram, values, error) => {
    const drawn$ = hot<FeedEvent | FeedValue>(diagram, lettersOf(diagram, values), error);
    const events = narrated(drawn$.messages, 0)[Symbol.iterator]();
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
