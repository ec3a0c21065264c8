import { of, toArray } from 'rxjs';
import { InvalidOption } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { watchLag } from '../../lib/operators/watchLag.js';
import { aDepth, aKline, aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';

/** A trade that came then, so many ms after it happened. */
const trade = (receivedAt: number, lag: number, more = {}): FeedEvent =>
  aTrade({ receivedAt, time: receivedAt - lag, ...more });

const pong = (receivedAt: number, roundTrip: number): FeedEvent => ({
  kind: 'latency',
  provider: 'test',
  receivedAt,
  roundTrip,
});

/** What is said of these events, and where: `3 lagging 900`, before the event of that place. */
const saidOf = (events: readonly FeedEvent[], maxLag = 100): readonly string[] => {
  let all: readonly FeedEvent[] = [];
  of(...events)
    .pipe(watchLag({ maxLag }), toArray())
    .subscribe((passed) => (all = passed));
  const said: string[] = [];
  let place = 0;
  for (const event of all) {
    if (event.kind === 'lagging' || event.kind === 'caughtUp') said.push(`${place} ${event.kind} ${event.lag}`);
    else expect(event).toBe(events[place++]);
  }
  expect(place).toBe(events.length);
  return said;
};

const fresh = [trade(1_000, 5), trade(1_010, 5)];
const late = [trade(1_400, 200), trade(1_500, 250), trade(1_600, 300)];

describe('watchLag', () => {
  it('begins anew with a line of a standby that comes back: what it lagged before it was left is over', () => {
    const to = { symbols: 'all', from: 'primary', to: 'secondary', cause: { _tag: 'Stale', message: '' } } as const;
    const away: FeedEvent = { kind: 'switched', provider: 'other', receivedAt: 1_700, left: 'test', ...to };
    const back: FeedEvent = { kind: 'switched', provider: 'test', receivedAt: 9_000, left: 'other', ...to };
    // Its clock was corrected meanwhile.
    const again = [9_100, 9_200, 9_300, 9_400].map((at) => trade(at, 405));
    expect(saidOf([...fresh, ...late, away, back, ...again])).toEqual(['4 lagging 295']);
    expect(saidOf([...fresh, ...late, { ...away, symbols: ['5.HK'] }, ...again])).toEqual(['4 lagging 295']);
    const behind = [9_800, 9_900, 10_000].map((at) => trade(at, 700));
    expect(saidOf([...fresh, away, back, ...again, ...behind])).toEqual(['10 lagging 295']);
  });

  it(
    'passes all on, and says in between when the data are old and when they are not any more',
    marbles(({ feed, expectObservable, expectSubscriptions }) => {
      const [a, b, d, e, f] = [
        trade(1_000, 5),
        trade(1_400, 200),
        trade(1_500, 250),
        trade(1_600, 300),
        trade(1_700, 5),
      ];
      const feed$ = feed('  a-b-d-e---f----|', { a, b, d, e, f });
      const expected = '    a-b-d-(le)(uf)-|';
      const facts = { provider: 'test', feed: 'test' };
      expectObservable(feed$.pipe(watchLag({ maxLag: 100 }))).toBe(expected, {
        a,
        b,
        d,
        e,
        f,
        l: { kind: 'lagging', ...facts, receivedAt: 1_600, lag: 295 },
        u: { kind: 'caughtUp', ...facts, receivedAt: 1_700, lag: 295, from: 1_600 },
      });
      expectSubscriptions(feed$.subscriptions).toBe('^--------------!');
    }),
  );

  it.each<readonly [string, readonly FeedEvent[], readonly string[]]>([
    ['once, however long it lasts', [...fresh, ...late, trade(1_700, 390)], ['4 lagging 295']],
    ['after three in a row', [...fresh, ...late.slice(0, 2), trade(1_550, 5), ...late], []],
    [
      'until half of it is left',
      [...fresh, ...late, trade(1_700, 60), trade(1_800, 50)],
      ['4 lagging 295', '6 caughtUp 295'],
    ],
    [
      'with the worst of it',
      [...fresh, ...late, trade(1_990, 600), trade(2_000, 5)],
      ['4 lagging 295', '6 caughtUp 595'],
    ],
  ])('says it %s', (_, events, said) => {
    expect(saidOf(events)).toEqual(said);
  });

  it.each<readonly [string, readonly FeedEvent[]]>([
    ['clocks that differ', [trade(1_000, -3_000), trade(1_010, -3_000), trade(1_020, -2_950), trade(1_030, -2_980)]],
    ['a vendor that is late by contract', [trade(1e6, 9e5), trade(1_000_010, 9e5), trade(1_000_020, 9e5)]],
    ['quotes that are sent again', [...fresh, ...[1, 2, 3].map((i) => trade(5_000 + i, 4_500))]],
    [
      'bars, and data without a stamp',
      [...fresh, ...[1, 2, 3].flatMap((i) => [aKline({ receivedAt: 9e4 + i, time: 1_500 + i }), trade(9e4, 0)])],
    ],
    ['what came at no time', [...fresh, ...[1, 2, 3].map((i) => aTrade({ receivedAt: NaN, time: 2_000 + i }))]],
  ])('does not say it of %s', (_, events) => {
    expect(saidOf(events)).toEqual([]);
  });

  it('goes by pongs where nothing is stamped since the ping', () => {
    const depth = aDepth({ receivedAt: 3_000, time: 3_000 });
    expect(saidOf([pong(1_000, 20), depth, pong(4_000, 900), pong(5_000, 80), pong(6_000, 60)])).toEqual([
      '2 lagging 880',
      '4 caughtUp 880',
    ]);
    expect(saidOf([pong(1_000, 20), trade(3_500, 5), pong(4_000, 900)])).toEqual([]);
    expect(saidOf([pong(1_000, 20), trade(2_500, 5), pong(4_000, 900)])).toEqual(['2 lagging 880']);
  });

  it('learns anew what is least, but not while the feed lags', () => {
    const minute = 60_000;
    const later = [12, 24, 36].map((minutes) => trade(minutes * minute, 80));
    expect(saidOf([...fresh, ...later, ...[1, 2, 3].map((i) => trade(36 * minute + 10 * i, 170))])).toEqual([]);
    const long = Array.from({ length: 60 }, (_, i) => trade((i + 2) * minute, 300));
    expect(saidOf([...fresh, ...long])).toHaveLength(1);
  });

  it('tells feeds apart', () => {
    const other = late.map((event) => ({ ...event, feed: 'test:2' }));
    expect(
      saidOf([...fresh, trade(1_020, 5, { feed: 'test:2' }), ...late.slice(0, 2), other[0] ?? pong(0, 0)]),
    ).toEqual([]);
    expect(saidOf([...fresh, trade(1_020, 5, { feed: 'test:2' }), ...other])).toEqual(['5 lagging 295']);
  });

  it('rejects a lag that no clock can measure', () => {
    expect(() => watchLag({ maxLag: 0 })).toThrow(InvalidOption);
    expect(() => watchLag({ maxLag: NaN })).toThrow(InvalidOption);
  });
});
