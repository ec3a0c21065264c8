import * as fc from 'fast-check';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { ConnectionLost } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { keepStaleness, type Staleness } from '../../../lib/operators/staleness/keepStaleness.js';
import { aBbo, aTrade } from '../../../lib/testing/builders.js';

const link = { provider: 'test', receivedAt: 0 } as const;
const connected: FeedEvent = { ...link, kind: 'connected', attempt: 1, resumed: undefined };
const lost: FeedEvent = { ...link, kind: 'disconnected', cause: new ConnectionLost(1006), attempt: 1, retryAt: 0 };
const symbols = ['A.US', 'B.US', 'C.US'];

const step = fc.record({
  pause: fc.nat(9),
  event: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...symbols).map((symbol) => aTrade({ symbol })) },
    { weight: 1, arbitrary: fc.constantFrom(lost, connected) },
  ),
});

/** What a consumer knows of a symbol; `unproven` is one that was fresh when its link was lost, and has no event since. */
type Shown = 'fresh' | 'stale' | 'unproven';

/** Looks at all symbols anew at each moment. */
const naive = (after: number) => {
  const symbols = new Map<string, { from: number; shown: Shown }>();
  let isDown = false;
  let isLost = false;
  const lose = (): void => {
    isLost = true;
    symbols.forEach((symbol) => symbol.shown === 'fresh' && (symbol.shown = 'unproven'));
  };
  return {
    accept: (event: FeedEvent, now: number): void => {
      isDown = event.kind === 'disconnected';
      if (isDown && symbols.size > 0) lose();
      if (event.kind !== 'trade') return;
      if (isLost) symbols.forEach((symbol) => symbol.shown === 'unproven' && (symbol.from = now));
      isLost = false;
      symbols.set(event.symbol, { from: now, shown: 'fresh' });
    },
    look: (now: number): void => {
      if (isLost) return;
      const all = [...symbols.values()];
      const silent = all.filter(({ from, shown }) => shown !== 'stale' && now - from >= after);
      if (silent.length === 0) return;
      const isFresh = all.some((symbol) => symbol.shown === 'fresh' && !silent.includes(symbol));
      if (!isFresh && all.length > 1) lose();
      else silent.forEach((symbol) => (symbol.shown = 'stale'));
    },
    shown: () => ({ isLost, ...Object.fromEntries([...symbols].map(([symbol, { shown }]) => [symbol, shown])) }),
  };
};

/** What is emitted, as a consumer keeps it; fails where an event says nothing new. */
const consumer = () => {
  let shown: Record<string, Shown | boolean> = { isLost: false };
  return {
    emit: ({ symbol, state, scope }: Staleness): void => {
      const key = scope === 'link' ? 'isLost' : symbol;
      const value = scope === 'link' ? state === 'stale' : (state as Shown);
      expect(shown[key]).not.toBe(value);
      if (value === true) {
        shown = Object.fromEntries(Object.entries(shown).map(([name, is]) => [name, is === 'fresh' ? 'unproven' : is]));
      }
      shown[key] = value;
    },
    shown: () => shown,
  };
};

describe('keepStaleness', () => {
  it('says at each moment what looking at all symbols at each moment says, and only what has changed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (steps, after) => {
        const told = consumer();
        const keeper = keepStaleness({ after, calendar: calendars.always }, told.emit);
        const reference = naive(after);
        let now = 0;
        let due = Infinity;
        const pass = (pause: number): void => {
          for (const end = now + pause; now < end;) {
            now += 1;
            if (due <= now) due = keeper.look(now);
            reference.look(now);
            expect(told.shown()).toEqual(reference.shown());
          }
        };
        for (const { pause, event } of steps) {
          pass(pause);
          due = keeper.accept(event, now);
          reference.accept(event, now);
          expect(told.shown()).toEqual(reference.shown());
        }
        pass(after + 1);
      }),
      { numRuns: 3_000 },
    );
  });

  it('says once that a link of 5,000 symbols is lost, and once that it is heard again', () => {
    const told: Staleness[] = [];
    const keeper = keepStaleness({ after: 1_000, calendar: calendars.always }, (change) => told.push(change));
    const symbolOf = (i: number): string => `S${i}.US`;
    for (let i = 0; i < 5_000; i++) keeper.accept(aTrade({ symbol: symbolOf(i) }), 0);
    told.length = 0;
    keeper.accept(lost, 100);
    keeper.accept(connected, 5_000);
    keeper.look(5_100);
    keeper.accept(aTrade({ symbol: symbolOf(7) }), 5_200);
    keeper.look(6_199);
    const facts = { kind: 'staleness', provider: 'test', feed: undefined } as const;
    expect(told).toEqual([
      { ...facts, scope: 'link', state: 'stale', since: 0, receivedAt: 100 },
      { ...facts, scope: 'link', state: 'fresh', since: 5_200, receivedAt: 5_200 },
      { ...facts, scope: 'symbol', symbol: symbolOf(7), state: 'fresh', since: 5_200, receivedAt: 5_200 },
    ]);
    keeper.accept(aTrade({ symbol: symbolOf(7) }), 6_199);
    keeper.look(6_200);
    expect(told).toHaveLength(3 + 4_999);
  });

  it('forgets idle symbols, and then has nothing to look at', () => {
    const keeper = keepStaleness({ after: 5, forgetAfter: 50, calendar: calendars.always }, () => undefined);
    for (let i = 0; i < 100; i++) keeper.accept(aTrade({ symbol: `S${i}.US` }), i);
    let looks = 0;
    let due = keeper.look(5);
    for (; due < Infinity; looks++) due = keeper.look(due);
    expect(looks).toBeLessThan(300);
  });

  it('hears best prices, and not that they are in doubt', () => {
    const told: string[] = [];
    const keeper = keepStaleness({ after: 10, calendar: calendars.always }, ({ symbol, state }) =>
      told.push(`${symbol} ${state}`),
    );
    keeper.accept(aBbo({ symbol: 'A.US', valid: false }), 0);
    expect(told).toEqual([]);
    keeper.accept(aBbo({ symbol: 'A.US' }), 1);
    keeper.accept(aBbo({ symbol: 'A.US', valid: false }), 8);
    keeper.look(11);
    expect(told).toEqual(['A.US fresh', 'A.US stale']);
  });
});
