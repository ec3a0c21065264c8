import fc from 'fast-check';
import { stampRule } from '../../lib/model/stamps.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const ten = Date.UTC(2026, 0, 5, 2);

type Sent = readonly [stamp: number, receivedAt: number];

/** What the rule reads of the stamps, one after the other. */
const readAll = (sent: readonly Sent[]): readonly (number | undefined)[] => {
  const { read } = stampRule();
  return sent.map(([stamp, receivedAt]) => read(stamp, receivedAt));
};

/** Stamps a second apart, of a feed whose clock is so far ahead of ours. */
const steady = (ahead: number, count: number, from = ten): readonly Sent[] =>
  Array.from({ length: count }, (_, i) => [from + ahead + i * SECOND, from + i * SECOND]);

const stampsOf = (sent: readonly Sent[]): readonly number[] => sent.map(([stamp]) => stamp);

it.each([
  ['seconds', 1 / 1_000],
  ['milliseconds', 1],
  ['microseconds', 1_000],
  ['nanoseconds', 1_000_000],
])('a stray in %s is not believed, and the others go on', (_, unit) => {
  const { read } = stampRule();
  const at = (time: number): number => time * unit;
  expect(read(at(ten + SECOND), ten + SECOND)).toBe(ten + SECOND);
  expect(read(at(ten + HOUR), ten + 2 * SECOND)).toBeUndefined();
  expect(read(at(ten + 3 * SECOND), ten + 3 * SECOND)).toBe(ten + 3 * SECOND);
  expect(read(at(ten + 65 * SECOND), ten + 65 * SECOND)).toBe(ten + 65 * SECOND);
});

it.each([2 * MINUTE, HOUR, DAY, 365 * DAY, 300 * 365 * DAY])(
  'a stamp %d ms ahead of the others is not believed',
  (ahead) => {
    const sent = steady(0, 3);
    expect(readAll([...sent, [ten + 4 * SECOND + ahead, ten + 4 * SECOND]])).toEqual([...stampsOf(sent), undefined]);
  },
);

it('the last quote of an exchange, repeated with its stamp of today 15:00 before the open, is never believed', () => {
  const morning = ten - HOUR;
  const close = ten + 5 * HOUR;
  // Twenty symbols whose last stamps lie some seconds apart, repeated every three seconds for an hour.
  const repeats = Array.from({ length: 1_200 }, (_, round) =>
    Array.from({ length: 20 }, (_, i): Sent => [close + ((i * 7) % 4) * SECOND, morning + round * 3 * SECOND + i]),
  ).flat();
  expect(new Set(readAll(repeats))).toEqual(new Set([undefined]));
  expect(readAll([...repeats, ...steady(0, 5, ten)]).slice(-5)).toEqual(stampsOf(steady(0, 5, ten)));
});

it.each([-DAY, -HOUR, -15 * MINUTE, -SECOND, 0, 30 * SECOND, 5 * MINUTE, 20 * MINUTE])(
  'a feed that is %d ms ahead of our clock is believed from the first stamp',
  (ahead) => {
    expect(readAll(steady(ahead, 100))).toEqual(stampsOf(steady(ahead, 100)));
  },
);

it.each([HOUR, 8 * HOUR, 400 * DAY])(
  'a clock that is %d ms slow is found out by stamps that advance with it, and strays are told apart from then on',
  (ahead) => {
    const { read } = stampRule();
    const found = steady(ahead, 20).map(([stamp, receivedAt]) => read(stamp, receivedAt));
    expect(found.slice(0, 6)).toEqual(Array(6).fill(undefined));
    expect(found.slice(6)).toEqual(stampsOf(steady(ahead, 20)).slice(6));
    expect(read(ten + ahead + HOUR, ten + 30 * SECOND)).toBeUndefined();
    expect(read(ten + ahead + 31 * SECOND, ten + 31 * SECOND)).toBe(ten + ahead + 31 * SECOND);
  },
);

it('a clock that is minutes slow is known after some stamps, so that a stray of minutes is told apart', () => {
  const { read } = stampRule();
  steady(5 * MINUTE, 20).forEach(([stamp, receivedAt]) => read(stamp, receivedAt));
  expect(read(ten + 15 * MINUTE, ten + 30 * SECOND)).toBeUndefined();
  expect(read(ten + 5 * MINUTE + 31 * SECOND, ten + 31 * SECOND)).toBe(ten + 5 * MINUTE + 31 * SECOND);
});

it('a clock set back by an hour costs no stamp', () => {
  const before = steady(0, 10);
  const after = steady(0, 10, ten + 10 * SECOND).map(([stamp, at]): Sent => [stamp, at - HOUR]);
  expect(readAll([...before, ...after])).toEqual(stampsOf([...before, ...after]));
});

it('a clock set forward costs no stamp, and one that is corrected again neither', () => {
  const sent = steady(0, 30).map(([stamp, at], i): Sent => [stamp, i >= 10 && i < 20 ? at + HOUR : at]);
  expect(readAll(sent)).toEqual(stampsOf(sent));
});

it('stamps of yesterday do not make those of today strays', () => {
  const sent = [...steady(-17 * HOUR, 500), ...steady(0, 5, ten + HOUR)];
  expect(readAll(sent)).toEqual(stampsOf(sent));
});

it('a symbol in real time is believed among symbols that are delayed', () => {
  const sent = steady(-15 * MINUTE, 50).flatMap((delayed, i) => [
    delayed,
    [ten + i * SECOND, ten + i * SECOND] as const,
  ]);
  expect(readAll(sent)).toEqual(stampsOf(sent));
});

it('strays that come again and again never add up to a belief', () => {
  const { read } = stampRule();
  for (let i = 0; i < 10_000; i++) {
    const now = ten + i * SECOND;
    expect(read(now, now)).toBe(now);
    expect(read(now + HOUR + ((i * 37) % 100) * MINUTE, now)).toBeUndefined();
  }
});

it.each([-15 * MINUTE, 0, 5 * MINUTE])(
  'strays all as far ahead of a feed at %d ms never add up to a belief',
  (ahead) => {
    const { read } = stampRule();
    for (let i = 0; i < 1_000; i++) {
      const now = ten + i * SECOND;
      expect(read(now + ahead, now)).toBe(now + ahead);
      if (i > 10) expect(read(now + ahead + HOUR, now)).toBeUndefined();
    }
  },
);

it('a clock that begins at 0 is no measure for stamps of the real world', () => {
  expect(
    readAll([
      [ten, 1],
      [ten + HOUR, 2],
      [ten + DAY, 3],
    ]),
  ).toEqual([ten, ten + HOUR, ten + DAY]);
});

it('a clock that begins at 0 is the measure for stamps that go by it', () => {
  const { believes } = stampRule();
  expect([1, 2, 3].map((second) => believes(second * SECOND, second * SECOND))).toEqual([true, true, true]);
  expect(believes(HOUR, 4 * SECOND)).toBe(false);
  expect(believes(ten, 5 * SECOND)).toBe(false);
  expect(believes(6 * SECOND, 6 * SECOND)).toBe(true);
});

it.each([NaN, Infinity, 1.795e18, -1.795e18, 8.64e15 + 1])('%d is never believed', (time) => {
  expect(stampRule().believes(time, ten)).toBe(false);
  expect(stampRule().believes(time, NaN)).toBe(false);
  expect(stampRule().believes(time, 0)).toBe(false);
});

it('a bar may open as far ahead as it is long, and no further', () => {
  const { believes, believesOpen } = stampRule();
  believes(ten, ten);
  expect(believesOpen(ten, ten, MINUTE)).toBe(true);
  expect(believesOpen(ten + HOUR, ten, HOUR)).toBe(true);
  expect(believesOpen(ten + HOUR + 2 * MINUTE, ten, HOUR)).toBe(false);
  expect(believesOpen(1.795e18, ten, HOUR)).toBe(false);
});

it('bars of a clock that is hours slow are believed after some of them', () => {
  const { believesOpen } = stampRule();
  const opens = Array.from({ length: 10 }, (_, i) => ten + i * MINUTE);
  const believed = opens.map((open) => believesOpen(open + 2 * HOUR, open + 500, MINUTE));
  expect(believed.slice(-5)).toEqual([true, true, true, true, true]);
});

it('with any clock, a stamp that is believed is never far ahead of the clock or of the stamps before it', () => {
  const sent = fc.array(
    fc.record({
      wait: fc.integer({ min: 0, max: 10 * SECOND }),
      ahead: fc.integer({ min: -DAY, max: DAY }),
      isStray: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(sent, (all) => {
      const { read } = stampRule();
      let now = ten;
      read(now, now);
      for (const { wait, ahead, isStray } of all) {
        now += wait;
        const time = read(isStray ? now + ahead : now, now);
        if (isStray && ahead > 2 * MINUTE) expect(time).toBeUndefined();
        if (!isStray) expect(time).toBe(now);
      }
    }),
  );
});
