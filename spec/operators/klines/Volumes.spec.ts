import { bucketing } from '../../../lib/model/calendar/bucketing.js';
import { calendarOf } from '../../../lib/model/calendar/calendars.js';
import { emptyBar, type Bar } from '../../../lib/operators/klines/Bar.js';
import { forgetBar } from '../../../lib/operators/klines/holes.js';
import {
  growthTo,
  countProof,
  countSize,
  isDuplicate,
  isNext,
  newVolumes,
  type Volumes,
} from '../../../lib/operators/klines/Volumes.js';
import { symbol } from './aTape.js';

const bucket = bucketing('1m', calendarOf(symbol))(0);
const aBar = (): Bar => emptyBar(bucket, 10, 0);

/** Size, figure and time of some trades, counted into one bar. */
type Said = readonly [size: number, figure: number | undefined, time: number];

const counted = (...trades: readonly Said[]): { readonly volumes: Volumes; readonly bar: Bar } => {
  const volumes = newVolumes();
  const bar = aBar();
  for (const [size, figure, time] of trades) countSize(volumes, bar, size, figure, time);
  return { volumes, bar };
};

const holesOf = ({ holes }: Volumes) => holes.map(({ from, to }) => [from, to]);

/** Counting begins at 95, and what is between 105 and 115 was not seen. */
const withHole = () => counted([5, 100, 1], [5, 105, 2], [5, 120, 4]);

describe('cumulative figures', () => {
  it('begin to count before the first trade that has one', () => {
    const { volumes, bar } = counted([5, 100, 1]);
    expect(volumes).toMatchObject({ figure: 100, at: 1, dayFrom: -Infinity, base: 95, baseAt: 1, ahead: 0, holes: [] });
    expect(bar.missedVolume).toBe(0);
  });

  it('prove what was not seen between two of them', () => {
    const { volumes, bar } = withHole();
    expect(bar.missedVolume).toBe(10);
    expect(volumes.holes).toEqual([{ from: 105, to: 115, after: 2, until: 4, bar, isSeen: false }]);
  });

  it('are filled by late trades, from any side, and never beyond', () => {
    const { volumes, bar } = withHole();
    expect(countSize(volumes, bar, 4, 112, 3)).toEqual([bar]);
    expect([holesOf(volumes), bar.missedVolume]).toEqual([
      [
        [105, 108],
        [112, 115],
      ],
      6,
    ]);
    countSize(volumes, bar, 3, 108, 3);
    expect([holesOf(volumes), bar.missedVolume]).toEqual([[[112, 115]], 3]);
    countSize(volumes, bar, 2, 114, 3);
    expect([holesOf(volumes), bar.missedVolume]).toEqual([[[114, 115]], 1]);
    countSize(volumes, bar, 1, 115, 3);
    expect([holesOf(volumes), bar.missedVolume]).toEqual([[], 0]);
  });

  it('turn out to begin earlier when an earlier trade comes late', () => {
    const { volumes, bar } = counted([5, 100, 5]);
    expect(countSize(volumes, bar, 2, 95, 4)).toEqual([]);
    expect([volumes.base, bar.missedVolume]).toEqual([93, 0]);
    countSize(volumes, bar, 2, 90, 3);
    expect([volumes.base, bar.missedVolume]).toEqual([88, 3]);
    expect(volumes.holes).toEqual([{ from: 90, to: 93, after: -Infinity, until: 5, bar, isSeen: false }]);
  });

  it('begin anew with a day, which is where they fall by more than half', () => {
    const { volumes } = withHole();
    const bar = aBar();
    countSize(volumes, bar, 5, 25, 9);
    expect(volumes).toMatchObject({ figure: 25, at: 9, dayFrom: 9, base: 0, ahead: 0 });
    expect([holesOf(volumes), bar.missedVolume]).toEqual([[[0, 20]], 20]);
    const half = counted([5, 100, 1], [5, 50, 2]);
    expect([half.volumes.base, half.volumes.dayFrom, half.bar.missedVolume]).toEqual([95, 2, 0]);
  });

  it('of rounded sums miss nothing that is rounding, and all that is more', () => {
    expect(counted([0.1, 0.1, 1], [0.2, 0.30000000000000004, 2], [0.1, 0.4, 3]).bar.missedVolume).toBe(0);
    expect(counted([1, 1e9, 1], [1, 1e9 + 1.5, 2]).bar.missedVolume).toBe(0.5);
    expect(counted([10, 5e10, 1], [10, 5e10 + 50, 2]).bar.missedVolume).toBe(40);
  });

  it('carry what is too small to be told from rounding, until it is more', () => {
    const { volumes, bar } = counted([1, 1e8, 1]);
    const ulp = 2 ** -26;
    const seen: number[] = [];
    for (let i = 1; i <= 12; i++) {
      countSize(volumes, bar, 1, 1e8 + i + i * ulp, i);
      seen.push(bar.missedVolume);
    }
    expect(seen[0]).toBe(0);
    expect(bar.missedVolume - volumes.ahead).toBe(12 * ulp);
  });

  it('keep the last 64 holes', () => {
    const { volumes } = counted([1, 1, 0], ...Array.from({ length: 65 }, (_, i): Said => [1, 3 + 2 * i, 1 + i]));
    expect(volumes.holes).toHaveLength(64);
    expect(volumes.holes[0]).toMatchObject({ from: 3, to: 4 });
  });

  it('forget the holes of a bar that cannot be corrected, and no others', () => {
    const { volumes, bar } = withHole();
    const other = aBar();
    countSize(volumes, other, 5, 130, 5);
    countSize(volumes, bar, 5, 140, 6);
    forgetBar(volumes, bar);
    expect(holesOf(volumes)).toEqual([[120, 125]]);
  });
});

describe('trades without a figure', () => {
  it('are ahead of the next figure, which proves the rest', () => {
    const { volumes, bar } = counted([5, 100, 1], [4, undefined, 2], [3, undefined, 3]);
    expect([volumes.ahead, isNext(volumes, 1, 101, 4)]).toEqual([7, false]);
    countProof(volumes, bar, 105, 4);
    expect([volumes.ahead, bar.missedVolume]).toEqual([2, 0]);
    countProof(volumes, bar, 110, 5);
    expect([volumes.ahead, bar.missedVolume]).toEqual([0, 3]);
    countProof(volumes, bar, 109, 5);
    expect([volumes.figure, bar.missedVolume]).toEqual([110, 3]);
  });

  it('fill a hole by their time, if they fit', () => {
    const { volumes, bar } = withHole();
    expect(countSize(volumes, bar, 11, undefined, 3)).toEqual([]);
    expect(countSize(volumes, bar, 1, undefined, 1)).toEqual([]);
    expect([volumes.ahead, bar.missedVolume]).toEqual([12, 10]);
    expect(countSize(volumes, bar, 4, undefined, 2)).toEqual([bar]);
    expect([holesOf(volumes), bar.missedVolume]).toEqual([[[109, 115]], 6]);
    expect(countSize(volumes, bar, 6, undefined, 4)).toEqual([bar]);
    expect([holesOf(volumes), bar.missedVolume, volumes.ahead]).toEqual([[], 0, 12]);
    expect(countSize(volumes, bar, 2, undefined, 5)).toEqual([]);
    expect(volumes.ahead).toBe(14);
  });

  it('fill no hole that ended before they happened', () => {
    const { volumes, bar } = withHole();
    countSize(volumes, bar, 5, 125, 9);
    countSize(volumes, bar, 3, undefined, 6);
    expect([volumes.ahead, bar.missedVolume]).toEqual([3, 10]);
  });
});

describe('figures without a size', () => {
  it('count what they grew by, and nothing twice', () => {
    const volumes = newVolumes();
    expect(
      [
        [100, 1],
        [110, 2],
        [110, 2],
        [105, 2],
        [112, 2],
      ].map(([figure = 0, time = 0]) => {
        const { from, to } = growthTo(volumes, figure, time);
        return to - from;
      }),
    ).toEqual([0, 10, 0, 0, 2]);
  });
});

describe('isDuplicate', () => {
  it('is so for what was counted, and for nothing that is new, unseen or from before', () => {
    const { volumes } = withHole();
    expect(isDuplicate(newVolumes(), 5, 100, 1)).toBe(false);
    const [seen, last, unseen, first, before, next] = [105, 120, 110, 96, 95, 121];
    const of = (figure: number, size = 1) => isDuplicate(volumes, size, figure, 4);
    expect([seen, last, unseen, first, before, next].map((figure) => of(figure))).toEqual([
      ...[true, true, false],
      ...[true, false, false],
    ]);
    expect([of(108, 3), of(108, 4), of(115, 3), of(116, 3)]).toEqual([false, true, false, true]);
    expect(isDuplicate(volumes, 1, 105, 5)).toBe(false);
  });

  it('is so without a size only for the last figure and its time', () => {
    const { volumes } = withHole();
    const of = (figure: number, time: number) => isDuplicate(volumes, undefined, figure, time);
    expect([of(120, 4), of(120, 3), of(119, 4), of(121, 4)]).toEqual([true, false, false, false]);
  });

  it('is so for late trades of the day before', () => {
    const { volumes } = counted([5, 100, 1], [5, 5, 9]);
    expect([isDuplicate(volumes, 5, 105, 8), isDuplicate(volumes, 5, 105, 9)]).toEqual([true, false]);
  });
});

describe('isNext', () => {
  it('is so for a trade right after the last figure, and for no other', () => {
    const { volumes } = counted([5, 100, 3]);
    expect(isNext(volumes, 5, 105, 3)).toBe(true);
    expect(isNext(volumes, 5, 105, 2)).toBe(false);
    expect(isNext(volumes, 5, 106, 3)).toBe(false);
    expect(isNext(volumes, 0, 100, 3)).toBe(false);
    expect(isNext(newVolumes(), 5, 5, 3)).toBe(false);
  });
});
