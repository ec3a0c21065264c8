import { quotes, trades } from '../../../lib/model/topic.js';
import type { HealthEvent } from '../../../lib/operators/health/healthFold.js';
import { at, folded, numbered } from './stage.js';

const SECOND = 1_000;
const capabilities = [numbered, { ...numbered, provider: 'other' }];
const topics = [...trades('AAPL.US'), ...trades('5.HK')];

/** An event of the other line. */
const other = (event: HealthEvent): HealthEvent => ({ ...event, provider: 'other' }) as HealthEvent;
const switched = (receivedAt: number, more: object = {}): HealthEvent =>
  at.said({
    kind: 'switched',
    provider: 'other',
    receivedAt,
    symbols: 'all',
    from: 'primary',
    to: 'secondary',
    left: 'test',
    cause: { _tag: 'ConnectionLost', code: 1006 },
    ...more,
  });
const back = (receivedAt: number, more: object = {}): HealthEvent =>
  switched(receivedAt, { provider: 'test', from: 'secondary', to: 'primary', left: 'other', ...more });
/** A trade each second, from some second to another one. */
const traded = (from: number, to: number, ids: number, of = (event: HealthEvent) => event): readonly HealthEvent[] =>
  Array.from({ length: to - from + 1 }, (_, n) => of(at.trade((from + n) * SECOND, ids + n)));
const of = (second: number, events: readonly HealthEvent[], staleAfter = 30 * SECOND) => {
  const fold = folded(events, { capabilities, staleAfter });
  const { watched, verified = 0, clean = 0, ...health } = fold.report(second * SECOND);
  const states = health.feeds.map(({ feed, state }) => `${feed} ${state}`);
  return { ...health, watched, verified: verified * watched, clean: clean * watched, states, list: fold.holes() };
};
const begun = [at.connected(0), at.served(0, ...trades('AAPL.US')), ...traded(0, 60, 1)];

describe('the health of a standby, when the other line takes over', () => {
  it('expects of it what was expected of the one that is left, and counts no time twice', () => {
    const health = of(120, [
      ...begun,
      switched(60 * SECOND),
      // It has served them for long, unseen.
      other(at.served(5 * SECOND, ...topics)),
      ...traded(60, 120, 900, other),
    ]);
    expect(health.states).toEqual(['test left', 'other live']);
    expect(health.topics).toEqual({ wanted: 2, served: 2, refused: 0, stale: 1 });
    // Two minutes of one symbol, and one of the other, which was never asked of the first line.
    expect(health.watched).toBe(180 * SECOND);
    expect(health).toMatchObject({ verified: 120 * SECOND, clean: 120 * SECOND, holes: { none: 0 } });
    expect(health.switches).toEqual([{ from: 'primary', to: 'secondary', cause: 'ConnectionLost', count: 1 }]);
  });

  it('counts what neither line had as a hole: it is known, and not clean', () => {
    const health = of(120, [
      ...begun,
      switched(75 * SECOND, { hole: { from: 60 * SECOND, to: 70 * SECOND } }),
      ...traded(70, 120, 900, other),
    ]);
    expect(health).toMatchObject({
      holes: { open: 0, none: 1 },
      holeLengths: { count: 1, sum: 10 * SECOND },
      watched: 120 * SECOND,
      verified: 120 * SECOND,
      clean: 110 * SECOND,
    });
    expect(health.list).toMatchObject([
      { feed: 'other', symbol: undefined, from: 60 * SECOND, to: 70 * SECOND, cause: 'ConnectionLost' },
    ]);
  });

  it('is one hole where both were lost, however it ends', () => {
    const resumed = { from: 60 * SECOND, to: 90 * SECOND };
    const health = of(120, [
      ...begun,
      at.lost(61 * SECOND),
      switched(90 * SECOND, { hole: resumed }),
      other(at.connected(90 * SECOND, 60 * SECOND)),
      other(at.served(90 * SECOND, ...trades('AAPL.US'))),
      ...traded(90, 120, 900, other),
    ]);
    expect(health.list).toMatchObject([{ from: 60 * SECOND, to: 90 * SECOND, outcome: 'none' }]);
    expect(health).toMatchObject({ holes: { open: 0, none: 1 }, topics: { wanted: 1, served: 1 } });
    expect(health.states).toEqual(['test left', 'other live']);
    expect(health.clean).toBe(90 * SECOND);
  });

  it('misses no numbers of the time in which the other line served', () => {
    const health = of(180, [
      ...begun,
      switched(60 * SECOND),
      ...traded(60, 120, 900, other),
      back(120 * SECOND),
      ...traded(120, 180, 5_000),
    ]);
    expect(health.states).toEqual(['test live', 'other left']);
    expect(health).toMatchObject({ missedEvents: { missed: 0 }, holes: { none: 0 }, clean: 180 * SECOND });
    expect(health.topics).toMatchObject({ wanted: 1, served: 1, stale: 0 });
  });

  it('leaves the symbols where they are that do not go over', () => {
    const hk = (second: number): HealthEvent => at.trade(second * SECOND, second + 1, { symbol: '5.HK' });
    const health = of(121, [
      at.connected(0),
      at.served(0, ...topics),
      ...Array.from({ length: 121 }, (_, second) => hk(second)),
      ...traded(0, 60, 1),
      switched(60 * SECOND, { symbols: ['AAPL.US'], hole: { from: 60 * SECOND, to: 62 * SECOND } }),
      ...traded(62, 120, 900, other),
    ]);
    expect(health.states).toEqual(['test live', 'other live']);
    expect(health.topics).toMatchObject({ wanted: 2, served: 2, stale: 0 });
    expect(health.list).toMatchObject([{ symbol: 'AAPL.US', feed: 'other' }]);
    expect(health.watched).toBe(242 * SECOND);
  });

  it('counts a switch that does not say what it leaves, and one within one feed, as what they are', () => {
    expect(of(61, [...begun, switched(60 * SECOND, { left: undefined })]).states).toEqual([
      'test live',
      'other connecting',
    ]);
    const own = of(70, [
      ...begun,
      switched(62 * SECOND, { provider: 'test', hole: { from: 60 * SECOND, to: 61 * SECOND } }),
      ...traded(62, 70, 62),
    ]);
    expect(own.states).toEqual(['test live']);
    expect(own).toMatchObject({ holes: { none: 1 }, topics: { served: 1 } });
  });

  it('is not refused, nor behind, on account of the line that is left', () => {
    const health = of(61, [
      ...begun,
      at.refused(1, ...quotes('X.US')),
      at.said({ kind: 'lagging', lag: 9_000 }),
      switched(60 * SECOND),
    ]);
    expect(health).toMatchObject({ isLagging: false, topics: { refused: 0, wanted: 1 } });
  });
});
