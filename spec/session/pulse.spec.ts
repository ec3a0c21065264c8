import { HeartbeatMissed } from '../../lib/model/errors.js';
import { afterCheck, deadlineOf, sure, type Pulse, type PulseRules } from '../../lib/session/pulse.js';

const pinged: PulseRules = { within: 40_000, pings: true, mayBeSilent: false };
const listened: PulseRules = { within: 75_000, pings: false, mayBeSilent: false };
const mayBeSilent: PulseRules = { within: 75_000, pings: false, mayBeSilent: true };
const short: PulseRules = { within: 1_000, pings: true, mayBeSilent: false };

const doubt = (since: number, until: number): Pulse => ({ kind: 'doubt', since, until });

describe('the pulse of a peer', () => {
  it.each<[string, Pulse, number, PulseRules, number]>([
    ['counts from what was heard', sure, 7, pinged, 40_007],
    ['never comes where silence is normal', sure, 7, mayBeSilent, Infinity],
    ['is that of the doubt', doubt(10, 5_010), 7, pinged, 5_010],
    ['is that of the doubt where silence is normal', doubt(10, 5_010), 7, mayBeSilent, 5_010],
    ['counts from what was heard since the doubt', doubt(10, 5_010), 10, pinged, 40_010],
  ])('has a deadline that %s', (_, pulse, lastReceivedAt, rules, expected) => {
    expect(deadlineOf(pulse, lastReceivedAt, rules)).toBe(expected);
  });

  it.each<[string, Pulse, readonly [now: number, due: number, lastReceivedAt: number], PulseRules, Pulse]>([
    ['stays, in time', sure, [5_000, 5_000, 0], pinged, sure],
    ['stays, as late as may be', sure, [7_000, 5_000, 0], pinged, sure],
    ['stays, a tenth of a short silence late', sure, [600, 500, 0], short, sure],
    ['stays in doubt, in time', doubt(10, 5_010), [5_000, 5_000, 7], pinged, doubt(10, 5_010)],
    ['is doubted after a late look, for 5 s', sure, [7_001, 5_000, 0], pinged, doubt(7_001, 12_001)],
    ['is doubted for a short silence', sure, [601, 500, 0], short, doubt(601, 1_601)],
    [
      'is doubted by a late look although the silence is over',
      sure,
      [50_000, 40_000, 0],
      pinged,
      doubt(50_000, 55_000),
    ],
    ['is given its whole time where it cannot be pinged', sure, [10_000, 5_000, 0], listened, doubt(10_000, 85_000)],
    ['is given 5 s where it was silent for long', sure, [80_000, 75_000, 0], listened, doubt(80_000, 85_000)],
    ['is given for ever where silence is normal', sure, [10_000, 5_000, 0], mayBeSilent, doubt(10_000, Infinity)],
    ['is given 5 s after a long sleep', sure, [80_000, 5_000, 79_000], mayBeSilent, doubt(80_000, 85_000)],
    ['is doubted anew by another late look', doubt(10, 5_010), [4_000, 1_000, 7], pinged, doubt(4_000, 9_000)],
  ])('%s', (_, pulse, [now, due, lastReceivedAt], rules, expected) => {
    expect(afterCheck(pulse, { now, due, lastReceivedAt }, rules)).toEqual(expected);
  });

  it.each<[string, Pulse, readonly [now: number, due: number, lastReceivedAt: number], PulseRules, number]>([
    ['its silence is over', sure, [40_007, 40_007, 7], pinged, 40_000],
    ['its silence is over, by a look a little late', sure, [42_000, 40_000, 0], pinged, 42_000],
    ['its time is over after a doubt', doubt(10, 5_010), [5_010, 5_010, 7], pinged, 5_003],
    ['its time is over after a doubt, by another late look', doubt(10, 5_010), [9_000, 5_010, 7], pinged, 8_993],
    [
      'it says nothing after a long sleep where silence is normal',
      doubt(10, 5_010),
      [5_010, 5_010, 7],
      mayBeSilent,
      5_003,
    ],
  ])('fails when %s', (_, pulse, [now, due, lastReceivedAt], rules, silence) => {
    expect(afterCheck(pulse, { now, due, lastReceivedAt }, rules)).toEqual(new HeartbeatMissed(silence));
  });

  it('is the very same while nothing is new', () => {
    const doubted = doubt(10, 5_010);
    expect(afterCheck(doubted, { now: 20, due: 20, lastReceivedAt: 7 }, pinged)).toBe(doubted);
    expect(afterCheck(sure, { now: 20, due: 20, lastReceivedAt: 7 }, pinged)).toBe(sure);
  });
});
