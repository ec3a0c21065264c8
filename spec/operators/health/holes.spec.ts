import { quotes, trades } from '../../../lib/model/topic.js';
import type { HealthEvent } from '../../../lib/operators/health/healthFold.js';
import { at, folded, healthOf } from './stage.js';

const trade = trades('AAPL.US');
const nothing = { shares: 0, lots: 0, units: 0 };

const holesOf = (events: readonly HealthEvent[]) => folded(events).holes();

const backfilled = (from: number, to: number, outcome: string, proof: object, symbol = 'AAPL.US') =>
  at.said({ kind: 'backfilled', symbol, interval: '1m', from, to, outcome, bars: 1, missing: [], proof, attempts: 1 });

const recovered = (fromId: number, toId: number, outcome: string, found: number) =>
  at.said({ kind: 'recovered', symbol: 'AAPL.US', fromId, toId, outcome, trades: found, attempts: 1 });

describe('a hole', () => {
  it('of a live link is one of numbers, with its exact size', () => {
    const events = [at.connected(0), at.trade(10, 1), at.trade(20, 5), at.snapshot(20, 7), at.update(30, 12, 14)];
    expect(holesOf(events)).toEqual([
      {
        provider: 'test',
        feed: 'test',
        symbol: 'AAPL.US',
        from: 10,
        to: 20,
        cause: 'MissingNumbers',
        outcome: 'none',
        size: { known: 'exact', events: 3, volume: nothing },
      },
      expect.objectContaining({ from: 20, to: 30, size: { known: 'exact', events: 4, volume: nothing } }),
    ]);
    expect(healthOf(30, events)).toMatchObject({
      missedEvents: { missed: 7, repaired: 0 },
      holes: { open: 0, none: 2 },
      clean: 0,
    });
  });

  it('is none of trades that are repeated, late or first, nor of a book that begins anew', () => {
    const events = [at.trade(0, 9), at.trade(1, 3), at.trade(2, 9), at.trade(3, 10), at.trade(4, 10)];
    const books = [at.update(0, 90), at.snapshot(1, 400), at.update(2, 399, 401), at.update(3, 300)];
    expect(holesOf([...events, ...books])).toEqual([]);
  });

  it('of a link says its cause, and lasts until all that was served is served again', () => {
    const events = [
      at.connected(0),
      at.served(0, ...trade),
      at.trade(5, 1),
      at.lost(20),
      at.connected(30, 10),
      at.served(32, ...trade),
    ];
    expect(holesOf(events.slice(0, 4))).toMatchObject([
      { symbol: undefined, from: 20, to: undefined, cause: 'ConnectionLost', outcome: 'open' },
    ]);
    expect(holesOf(events)).toMatchObject([{ from: 10, to: 32, outcome: 'none', size: { known: 'unknown' } }]);
  });

  it.each<readonly [string, readonly HealthEvent[], object]>([
    ['exact where ids tell of all of it', [at.trade(40, 5)], { known: 'exact', events: 3 }],
    ['exactly nothing where the next id follows', [at.trade(40, 2)], { known: 'exact', events: 0 }],
    ['unknown before anything tells', [], { known: 'unknown', events: 0 }],
  ])('has a size: %s', (_, after, size) => {
    const events = [at.connected(0), at.served(0, ...trade), at.trade(5, 1), at.lost(20), at.connected(30, 10)];
    expect(holesOf([...events, at.served(30, ...trade), ...after])[0]?.size).toMatchObject(size);
  });

  it('has at least the volume by which figures grew, in their unit, also where they begin anew', () => {
    const figure = (time: number, volume: number, symbol: string, more = {}) =>
      at.quote(time, volume, { symbol, ...more });
    const lots = { sizeUnit: 'lots' };
    const events = [
      at.connected(0),
      figure(1, 100, 'A.SH', lots),
      figure(2, 500, 'B.SH', lots),
      figure(2, 7, 'C.BA'),
      at.depth(2),
      at.lost(3),
      at.connected(9, 3),
      figure(10, 130, 'A.SH', lots),
      figure(11, 20, 'B.SH', lots),
      figure(11, 7.5, 'C.BA'),
      figure(12, 999, 'A.SH', lots),
    ];
    const volume = { shares: 0, lots: 50, units: 0.5 };
    expect(holesOf(events)[0]?.size).toEqual({ known: 'atLeast', events: 0, volume });
    expect(healthOf(12, events).missedVolume).toEqual({ missed: volume, repaired: nothing });
  });

  it('has the size that another process counted', () => {
    const events = [at.connected(0), at.quote(1, 1), at.lost(3), at.connected(9, 3, { lost: 12 })];
    expect(holesOf(events)[0]?.size).toMatchObject({ known: 'exact', events: 12 });
    expect(holesOf([at.connected(9, 3, { lost: 12 })])).toMatchObject([{ from: 3, to: 9, cause: 'Unknown' }]);
  });

  it('does not know what was traded where events before it were not looked at', () => {
    const burst = Array.from({ length: 6_000 }, (_, i) => at.quote(1, i));
    const { missedVolume, holes } = healthOf(20, [
      at.connected(0),
      ...burst,
      at.lost(3),
      at.connected(9, 3),
      at.quote(10, 7_000),
    ]);
    expect(missedVolume.missed).toEqual(nothing);
    expect(holes.none).toBe(1);
  });
});

describe('a repair', () => {
  const events = [
    at.connected(0),
    at.quote(1, 100, { sizeUnit: 'shares' }),
    at.lost(10),
    at.connected(20, 10),
    at.quote(21, 160, { sizeUnit: 'shares' }),
  ];
  const proof = (volume: string, unexplained?: number) => ({
    volume,
    unexplained,
    overlap: { compared: 0, agreed: 0 },
  });

  it.each([
    ['whole', proof('whole'), 60, { whole: 1, partial: 0, none: 0 }],
    ['partial', proof('short', 15), 45, { whole: 0, partial: 1, none: 0 }],
    ['partial', proof('short'), 0, { whole: 0, partial: 1, none: 0 }],
    ['none', proof('none'), 0, { whole: 0, partial: 0, none: 1 }],
  ])('by bars that is %s, with the proof %o, repairs %d', (outcome, proved, shares, outcomes) => {
    const health = healthOf(30, [...events, backfilled(0, 60, outcome, proved)]);
    expect(health.repairs).toEqual(outcomes);
    expect(health.holes).toEqual({ open: 0, ...outcomes });
    expect(health.missedVolume).toEqual({ missed: { ...nothing, shares: 60 }, repaired: { ...nothing, shares } });
  });

  it('counts for the holes it touches, and a warm start for none', () => {
    const health = healthOf(30, [
      ...events,
      backfilled(-60, 0, 'whole', proof('none')),
      backfilled(20, 80, 'whole', proof('whole')),
    ]);
    expect(health.repairs.whole).toBe(2);
    expect(health.holes).toMatchObject({ whole: 0, none: 1 });
  });

  it('of one symbol only leaves a hole partial where that of another failed', () => {
    const [one, other] = [
      backfilled(0, 60, 'whole', proof('none')),
      backfilled(0, 60, 'none', proof('none'), 'MSFT.US'),
    ];
    expect(holesOf([...events, one])[0]?.outcome).toBe('whole');
    expect(holesOf([...events, one, other])[0]?.outcome).toBe('partial');
    expect(holesOf([...events, other])[0]?.outcome).toBe('none');
    expect(holesOf([...events.slice(0, 3), one])[0]?.outcome).toBe('open');
    expect(holesOf([...events.slice(0, 3), one, ...events.slice(3)])[0]?.outcome).toBe('whole');
  });

  it('of missing trades makes their time clean again, where all are there', () => {
    const broken = [at.trade(0, 1), at.trade(5, 2), at.trade(10, 5)];
    expect(healthOf(10, broken)).toMatchObject({ verified: 1, clean: 0.5 });
    const whole = healthOf(10, [...broken, recovered(3, 4, 'whole', 2)]);
    expect(whole).toMatchObject({ verified: 1, clean: 1, missedEvents: { missed: 2, repaired: 2 } });
    expect(whole.holes).toEqual({ open: 0, whole: 1, partial: 0, none: 0 });
    expect(healthOf(10, [...broken, recovered(3, 4, 'partial', 1)])).toMatchObject({
      clean: 0.5,
      missedEvents: { missed: 2, repaired: 1 },
      holes: { partial: 1 },
    });
    expect(healthOf(10, [...broken, recovered(8, 9, 'whole', 2)])).toMatchObject({ clean: 0.5, holes: { none: 1 } });
  });

  it('of trades that a lost link cost makes that hole whole', () => {
    const lost = [
      at.connected(0),
      at.served(0, ...trade),
      at.trade(0, 1),
      at.trade(4, 2),
      at.lost(6),
      at.connected(8, 4),
      at.served(8, ...trade),
      at.trade(10, 7),
    ];
    expect(healthOf(10, lost)).toMatchObject({ clean: 0.6, verified: 1, missedEvents: { missed: 4 } });
    const health = healthOf(10, [...lost, recovered(3, 6, 'whole', 4)]);
    expect(health).toMatchObject({ clean: 1, verified: 1, missedEvents: { missed: 4, repaired: 4 } });
    expect(health.holes).toEqual({ open: 0, whole: 1, partial: 0, none: 0 });
  });

  it('is known of the last thousand holes only, and all are counted', () => {
    const many = Array.from({ length: 1_200 }, (_, i) => at.trade(i, 2 * i));
    const fold = folded(many);
    expect(fold.holes()).toHaveLength(1_000);
    expect(fold.report(1_200).holes.none).toBe(1_199);
    const symbols = Array.from({ length: 1_100 }, (_, i) => quotes(`S${i}.US`)).flat();
    const figures = (time: number) => symbols.map(({ symbol }, i) => at.quote(time, time + i, { symbol }));
    const cut = [at.connected(0), ...figures(1), at.lost(2), at.connected(3, 2), ...figures(100)];
    expect(healthOf(100, cut).missedVolume.missed.units).toBe(1_100 * 99);
  });
});
