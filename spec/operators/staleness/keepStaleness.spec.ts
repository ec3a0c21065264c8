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

/** Looks at all symbols anew at each moment. */
const naive = (after: number) => {
  const heard = new Map<string, { at: number; isCut: boolean }>();
  let isDown = false;
  return {
    accept: (event: FeedEvent, now: number): void => {
      if (event.kind === 'trade') heard.set(event.symbol, { at: now, isCut: false });
      isDown = event.kind === 'disconnected';
      if (isDown) heard.forEach((symbol) => (symbol.isCut = true));
    },
    states: (now: number): Record<string, string> => {
      const stale = [...heard].filter(([, { at, isCut }]) => isCut || now - at >= after).map(([symbol]) => symbol);
      const isLink = isDown || (stale.length === heard.size && stale.length > 1);
      return Object.fromEntries(
        [...heard.keys()].map((symbol) => [
          symbol,
          !stale.includes(symbol) ? 'fresh symbol' : isLink ? 'stale link' : 'stale symbol',
        ]),
      );
    },
  };
};

describe('keepStaleness', () => {
  it('says at each moment what looking at all symbols at each moment says, and only what has changed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (steps, after) => {
        const told: Record<string, string> = {};
        const emit = ({ symbol, state, scope }: Staleness): void => {
          expect(told[symbol]).not.toBe(`${state} ${scope}`);
          told[symbol] = `${state} ${scope}`;
        };
        const keeper = keepStaleness({ after, calendar: calendars.always }, emit);
        const reference = naive(after);
        let now = 0;
        let due = Infinity;
        const pass = (pause: number): void => {
          for (const end = now + pause; now < end;) {
            now += 1;
            if (due <= now) due = keeper.look(now);
            expect(told).toEqual(reference.states(now));
          }
        };
        for (const { pause, event } of steps) {
          pass(pause);
          due = keeper.accept(event, now);
          reference.accept(event, now);
          expect(told).toEqual(reference.states(now));
        }
        pass(after + 1);
      }),
      { numRuns: 1_000 },
    );
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
