import type { TestScheduler } from 'rxjs/testing';
import { isMarketEvent, type FeedEvent } from '../model/feedEvent.js';
import { anEvent, type FeedValue } from './anEvent.js';

/** What a parsed diagram consists of. */
export type Message = ReturnType<typeof TestScheduler.parseMarbles>[number];

/** A session of this length counts as stable, as it does in a provider. */
const STABLE_AFTER = 30_000;

/**
 * The events of a parsed diagram as a provider would emit them, its first frame being at `start`: with the virtual
 * time of their frame, and link events with their attempt, the hole they end and the time of the next try.
 *
 * Fields that a value sets are kept. A time of 0 counts as not set, because the builders put it there.
 */
export const narrated = (messages: readonly Message[], start: number): readonly FeedEvent[] => {
  const told = messages.flatMap(({ frame, notification }) =>
    notification.kind === 'N' ? [{ at: start + frame, value: notification.value as FeedValue }] : [],
  );
  const provider = told.map(({ value }) => value.provider).find((name) => name !== undefined) ?? 'test';
  const isLink = ({ value: { kind } }: (typeof told)[number]): boolean =>
    kind === 'connected' || kind === 'disconnected';

  let attempt = 1;
  let failures = 0;
  let session: { readonly since: number; heardAt: number } | undefined;
  let lastHeard: number | undefined;
  const settle = (): void => {
    attempt = failures = 0;
  };
  const heard = (at: number): void => {
    session ??= { since: at, heardAt: at };
    session.heardAt = at;
  };
  const lost = (at: number): void => {
    if (session && at - session.since >= STABLE_AFTER) settle();
    lastHeard = session?.heardAt ?? lastHeard;
    session = undefined;
    failures += 1;
  };

  return told.map(({ at, value }, index) => {
    const receivedAt = value.receivedAt || at;
    switch (value.kind) {
      case 'connected': {
        session = { since: at, heardAt: at };
        const resumed = lastHeard === undefined ? undefined : { from: lastHeard, to: at };
        return anEvent({ provider, attempt, resumed, ...value, receivedAt });
      }
      case 'disconnected': {
        lost(at);
        const retryAt = told.slice(index + 1).find(isLink)?.at ?? at;
        const event = anEvent({ provider, attempt: failures, retryAt, ...value, receivedAt });
        attempt += 1;
        return event;
      }
      default: {
        heard(at);
        const event = anEvent({ provider, ...value, receivedAt });
        if (!isMarketEvent(event)) return event;
        settle();
        return { ...event, time: event.time || at };
      }
    }
  });
};
