import fc from 'fast-check';
import { isMarketEvent } from '../../lib/model/feedEvent.js';
import type { Level, MarketEvent } from '../../lib/model/marketEvent.js';
import { decode as binance } from './binance/decoding.js';
import { frames as binanceFrames } from './binance/frames.js';
import { decode as itick } from './itick/decoding.js';
import { frames as itickFrames } from './itick/frames.js';
import { decode as tickflow } from './tickflow/decoding.js';
import { frames as tickflowFrames } from './tickflow/frames.js';

const vendors = [
  {
    vendor: 'iTick',
    decode: (frame: string) => itick(frame, { symbols: ['AAPL.US', 'EURUSD.GB', 'ETHUSDT.BA'] }),
    frames: Object.values(itickFrames),
  },
  { vendor: 'TickFlow', decode: (frame: string) => tickflow(frame), frames: Object.values(tickflowFrames) },
  { vendor: 'Binance', decode: (frame: string) => binance(frame), frames: Object.values(binanceFrames) },
];

/** What tends to break readers. */
const poison = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    'x',
    '0',
    '-1',
    'NaN',
    '1e999',
    0,
    -0,
    -1,
    1e300,
    1.795e18,
    5e-324,
    2 ** 53,
    [],
    {},
    [null],
    { p: 1 },
  ),
  fc.constantFrom(
    '0'.repeat(5_000),
    `${'0'.repeat(5_000)}x.HK`,
    `X${'.'.repeat(5_000)}`,
    'kline@3',
    'tick',
    'quote',
    'depth',
    '__proto__',
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

/** A value with some of its members changed, taken away, or put elsewhere. */
const mutated = (value: unknown, pick: (n: number) => number, put: () => unknown): unknown => {
  if (typeof value !== 'object' || value === null || pick(6) === 0) return pick(3) === 0 ? put() : value;
  if (Array.isArray(value)) return value.flatMap((item) => (pick(8) === 0 ? [] : [mutated(item, pick, put)]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const chance = pick(12);
      if (chance === 0) return [];
      return [[chance === 1 ? 'type' : key, mutated(member, pick, put)]];
    }),
  );
};

const finite = (value: number | undefined): boolean => value === undefined || Number.isFinite(value);

/** The figures of an event that are none. */
const wrong = (event: MarketEvent): readonly string[] =>
  Object.entries(event)
    .filter(([key, value]) => {
      if (key === 'symbol') return typeof value !== 'string' || value.length > 64;
      if (key === 'vendorTime') return typeof value === 'string' ? value.length > 64 : !finite(value as number);
      if (key === 'bids' || key === 'asks')
        return (value as readonly Level[]).some(({ price, size }) => !Number.isFinite(price) || !finite(size));
      return typeof value === 'number' && !Number.isFinite(value);
    })
    .map(([key]) => key);

describe.each(vendors)('the decoder of $vendor', ({ decode, frames }) => {
  const holds = (frame: string): void => {
    const said = decode(frame);
    const events = said.filter((message): message is MarketEvent => isMarketEvent(message));
    expect(events.flatMap(wrong)).toEqual([]);
    for (const { time, receivedAt } of events) {
      expect(Math.abs(time)).toBeLessThanOrEqual(receivedAt + 14 * 86_400_000);
      expect(time).toBeGreaterThan(0);
    }
    said.forEach((message) =>
      expect(structuredClone({ ...message, answer: undefined, loginResult: undefined })).toBeDefined(),
    );
  };

  it('holds its promises for frames with members changed, lost and swapped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.infiniteStream(fc.nat()),
        fc.infiniteStream(poison),
        (frame, picks, puts) => {
          const pick = (n: number): number => (picks.next().value as number) % n;
          holds(JSON.stringify(mutated(JSON.parse(frame), pick, () => puts.next().value)));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('holds its promises for frames with characters changed, lost and repeated', () => {
    const edit = fc.record({ at: fc.nat(), lost: fc.integer({ min: 0, max: 20 }), put: fc.string({ maxLength: 5 }) });
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.array(edit, { minLength: 1, maxLength: 4 }), (frame, edits) => {
        const text = edits.reduce<string>((so, { at, lost, put }) => {
          const place = at % (so.length + 1);
          return so.slice(0, place) + put + so.slice(place + lost);
        }, frame);
        holds(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds its promises for figures that no market has', () => {
    for (const frame of frames) {
      for (const figure of [
        '1e999',
        '-1e999',
        '1e308',
        '5e-324',
        '-0',
        '"1e999"',
        '"-5"',
        'null',
        'true',
        '""',
        '"0x10"',
      ]) {
        // Each number of the frame in its turn.
        const numbers = [...frame.matchAll(/(?<=[:[,])-?\d+(?:\.\d+)?/g)];
        for (const { index, 0: number } of numbers)
          holds(frame.slice(0, index) + figure + frame.slice(index + number.length));
      }
    }
  });
});
