import fc from 'fast-check';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Trade } from '../../../lib/model/marketEvent.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { connected } from '../../share/linkEvents.js';
import { barsOf, lastWords } from './aTape.js';

const runs = { numRuns: 500 };
const symbol = 'AAPL.US';
const open = (date: number): number => Date.parse(`2026-03-0${date}T09:30-05:00`);

const step = fc.record({
  wait: fc.integer({ min: 1, max: 90_000 }),
  cents: fc.integer({ min: 9_000, max: 11_000 }),
  /** The size in units of the tape. */
  units: fc.integer({ min: 1, max: 500 }),
  isLost: fc.constantFrom(false, false, false, true),
  order: fc.constantFrom('quote first', 'trade first', 'no quote'),
  noise: fc.constantFrom('none', 'none', 'none', 'zero quote', 'zero trade', 'repeated', 'late print'),
});

interface Day {
  readonly heard: readonly FeedEvent[];
  /** Of the whole day, in units. */
  readonly units: number;
  readonly prices: readonly number[];
}

interface Tape {
  readonly days: readonly Day[];
  /** What a unit is: some vendors count fractions. */
  readonly unit: number;
}

/** Days of one symbol whose link is live: volumes that need not fall overnight, and all that is no trade in between. */
const aTape = (withFigures: boolean): fc.Arbitrary<Tape> =>
  fc
    .tuple(
      fc.constantFrom(1, 10, 1_000, 1e8),
      fc.array(fc.array(step, { minLength: 1, maxLength: 15 }), { minLength: 1, maxLength: 3 }),
    )
    .map(([scale, days]) => ({
      unit: 1 / scale,
      days: days.map((steps, index): Day => {
        let time = open(2 + index);
        let units = 0;
        const prices: number[] = [];
        const heard = steps.flatMap(({ wait, cents, units: size, isLost, order, noise }, i): FeedEvent[] => {
          time += wait;
          units += size;
          const at = { symbol, time, receivedAt: time + 20 };
          const price = cents / 100;
          const volume = units / scale;
          const isOuter = i === 0 || i === steps.length - 1;
          const trade: Trade = aTrade({
            ...at,
            price,
            size: size / scale,
            volume: withFigures ? volume : undefined,
            volumeOnly: noise === 'late print' && !isOuter ? true : undefined,
          });
          const quote = aQuote({ ...at, last: price, volume });
          const isHeard = !isLost || isOuter;
          const trades = !isHeard ? [] : noise === 'repeated' ? [trade, trade] : [trade];
          if (isHeard && !trade.volumeOnly) prices.push(price);
          const more: FeedEvent[] =
            noise === 'zero quote'
              ? [aQuote({ ...at, last: 0, volume: 0 })]
              : noise === 'zero trade'
                ? [aTrade({ ...at, price: 999, size: 0 })]
                : [];
          const hasQuote = !withFigures && (isOuter || order !== 'no quote');
          const isFirst = order === 'quote first' && !(isOuter && i > 0) && index + i > 0;
          if (!hasQuote) return [...more, ...trades];
          return isFirst ? [...more, quote, ...trades] : [...more, ...trades, quote];
        });
        return { heard, units, prices };
      }),
    }));

describe.each([
  ['quotes', false],
  ['trades themselves', true],
] as const)('days of trades whose figures come with the %s', (_, withFigures) => {
  it('sum to the truth to the last digit, with what they miss, and have no price that was not made', () => {
    fc.assert(
      fc.property(aTape(withFigures), ({ days, unit }) => {
        const events = [{ ...connected, receivedAt: open(2) - 60_000 }, ...days.flatMap(({ heard }) => heard)];
        const bars = lastWords(barsOf(events, '1d'));
        const truth = days.map(({ units }) => units);
        expect(bars.map(({ volume, missedVolume }) => Math.round((volume + missedVolume) / unit))).toEqual(truth);
        bars.forEach(({ high, low, volume }, i) => {
          expect(Number((Math.round(volume / unit) * unit).toFixed(8))).toBe(volume);
          expect(high).toBe(Math.max(...days[i]!.prices));
          expect(low).toBe(Math.min(...days[i]!.prices));
        });
      }),
      runs,
    );
  });
});
