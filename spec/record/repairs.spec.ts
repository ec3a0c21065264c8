import fc from 'fast-check';
import { asyncScheduler, NEVER, takeUntil, timer } from 'rxjs';
import type { HistoryFetch } from '../../lib/history/HistoryFetch.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { entryLine } from '../../lib/record/format.js';
import { parseCassette, type Cassette, type RecordableFeed, type ReplayOptions } from '../../lib/record/index.js';
import { atTime } from '../history/atTime.js';
import { vendors } from '../history/vendors.js';
import { formOf } from '../secrets/formOf.cjs';
import { SECRET } from '../secrets/secret.cjs';
import { START } from '../simulator/rest/asking.js';
import { entriesOf } from './aTape.js';
import { budget, recordedRepairs, repairedFeed, type Happening, type Vendor } from './repairedFeed.js';
import { replayed } from './replayed.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 8);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LASTS = 14 * MINUTE + 500;
/** The credential of a replay: it is in no text of a vendor, as it would be hidden there. */
const REPLAYED = 'key-of-a-replay';

/** The same feed from a tape: no other network is in reach. */
const fromTape = (
  flush: () => void,
  vendor: Vendor,
  cassette: Cassette,
  { lasts = LASTS, ...options }: ReplayOptions & { readonly lasts?: number } = {},
): readonly FeedEvent[] => {
  const feed: RecordableFeed<FeedEvent> = (connection) => repairedFeed(vendor, REPLAYED, connection, { lasts });
  return replayed(flush, cassette, feed, { speed: Infinity, ...options });
};

const textOf = (cassette: Cassette): string => entriesOf(cassette).map(entryLine).join('\n');
/** A tape does not hold the attempt that follows its last loss, nor when it was to be. */
const bytesOf = (events: readonly FeedEvent[]): string => {
  const links = events.filter(({ kind }) => kind === 'connected' || kind === 'disconnected');
  const open = links.at(-1);
  return events
    .map((event) => JSON.stringify(event === open && 'retryAt' in event ? { ...event, retryAt: 0 } : event))
    .join('\n');
};
const endsOf = (events: readonly FeedEvent[]) =>
  events.flatMap((event) => (event.kind === 'backfilled' ? [event] : []));

const cut = (at: number, lost: number): readonly Happening[] => [
  {
    at,
    what: (line) => {
      line.refuse(true);
      line.drop();
    },
  },
  { at: at + lost, what: (line) => line.refuse(false) },
];

/** Odd milliseconds: nothing is due with what cancels it. */
const cuts = fc
  .array(fc.tuple(fc.integer({ min: 5, max: 150 }), fc.integer({ min: 1, max: 200 })), { maxLength: 3 })
  .map((steps): readonly Happening[] => {
    let at = 0;
    return steps.flatMap(([alive, lost]) => {
      const from = at + alive * SECOND + 13;
      at = from + lost * SECOND + 4;
      return cut(from, lost * SECOND + 4);
    });
  });

const times = fc.integer({ min: 1, max: 6 });
const troubles: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 13 * 60 }).map((at) => at * SECOND + 17),
    what: fc.oneof(
      fc.tuple(times, fc.constantFrom(1, 7, 61)).map(
        ([n, retryAfter]): Happening['what'] =>
          (_, rest) =>
            rest.refuse(429, { times: n, retryAfter }),
      ),
      times.map(
        (n): Happening['what'] =>
          (_, rest) =>
            rest.refuse(429, { times: n, wait: 3_000 }),
      ),
      times.map(
        (n): Happening['what'] =>
          (_, rest) =>
            rest.refuse(503, { times: n }),
      ),
      times.map(
        (n): Happening['what'] =>
          (_, rest) =>
            rest.hang(n),
      ),
      fc.tuple(times, fc.constantFrom('html', 'truncated', 'cut')).map(
        ([n, garbage]): Happening['what'] =>
          (_, rest) =>
            rest.garble(garbage, n),
      ),
      fc.constant<Happening['what']>((_, rest) => rest.refuse(401, { times: 1 })),
      fc.constantFrom({ prices: 0.5 }, { volumes: 100 }, {}).map(
        (faults): Happening['what'] =>
          (_, rest) =>
            rest.distort(faults),
      ),
    ),
  }),
  { maxLength: 5 },
);

describe.each(['itick', 'tickflow'] as const)('a tape of a session of %s that was repaired', (vendor) => {
  it(
    'is replayed to the same bytes without a network, at any speed, from a file as well',
    atTime(START, (flush) => {
      const { live, cassette } = recordedRepairs(flush, vendor, cut(3 * MINUTE + 11_013, 95_000), { lasts: LASTS });
      expect(endsOf(live).map(({ outcome }) => outcome)).toEqual(['whole', 'whole']);
      expect(live.filter((event) => event.kind === 'kline' && event.source === 'backfill').length).toBeGreaterThan(4);
      const parsed = parseCassette(textOf(cassette));
      for (const [tape, speed] of [
        [cassette, Infinity],
        [parsed, Infinity],
        [parsed, 60],
        [parsed, 1],
      ] as const) {
        expect(bytesOf(fromTape(flush, vendor, tape, { speed }))).toBe(bytesOf(live));
      }
      expect(formOf(SECRET, textOf(cassette))).toBeUndefined();
    }),
  );

  it('is replayed to the same bytes, whatever befalls the link and the requests, and whenever it ends', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        cuts,
        troubles,
        fc.nat(14 * 60).map((at) => at * SECOND + 501),
        fc.nat(2_900).map((wait) => 10 * wait + 3),
        (seed, lost, trouble, lasts, latency) =>
          atTime(START, (flush) => {
            const happenings = [...lost, ...trouble];
            const { live, cassette } = recordedRepairs(flush, vendor, happenings, { lasts, seed, latency });
            expect(bytesOf(fromTape(flush, vendor, cassette, { lasts }))).toBe(bytesOf(live));
            expect(bytesOf(fromTape(flush, vendor, cassette, { lasts }))).toBe(bytesOf(live));
            expect(formOf(SECRET, textOf(cassette))).toBeUndefined();
          })(),
      ),
      { numRuns },
    );
  });

  it(
    'has a budget of its own, whatever else was asked with the same credential',
    atTime(START, (flush) => {
      const { live, cassette } = recordedRepairs(flush, vendor, cut(3 * MINUTE + 11_013, 95_000), { lasts: LASTS });
      const asked = { interval: '1m', symbols: ['600000.SH'], from: 0, to: MINUTE } as const;
      const sent: number[] = [];
      const fetch: HistoryFetch = () => {
        sent.push(asyncScheduler.now());
        return NEVER;
      };
      const others = vendors[vendor].historyOf({ credential: 'any', fetch, budget });
      const began = asyncScheduler.now();
      for (let i = 0; i < 6; i += 1)
        others
          .klines(asked)
          .pipe(takeUntil(timer(1)))
          .subscribe();
      const next = others.klines(asked).subscribe({ error: () => undefined });
      expect(bytesOf(fromTape(flush, vendor, cassette, { speed: 7 }))).toBe(bytesOf(live));
      next.unsubscribe();
      expect(sent.map((at) => at - began)).toEqual([0, 0, 0, 0, 0, 0, MINUTE]);
    }),
  );
});
