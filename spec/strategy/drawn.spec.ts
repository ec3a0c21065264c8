import fc from 'fast-check';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { keepsItsPromises, observation, type Observation } from './maCross.js';

const [BTC, ETH] = ['BTCUSDT.BA', 'ETHUSDT.BA'] as const;
const prices = [98, 99, 100, 101, 102, 103];

/** What happens in a minute: a trade of one, the other or no symbol, and perhaps the link is gone for a while. */
const aMinute = fc.record({
  symbol: fc.constantFrom(BTC, ETH, undefined),
  price: fc.nat(prices.length - 1),
  outage: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 14 },
    { arbitrary: fc.integer({ min: 1, max: 150_000 }), weight: 1 },
  ),
});
type Minute = typeof aMinute extends fc.Arbitrary<infer M> ? M : never;

/** Capitals are ETH's prices. */
const values = Object.fromEntries(
  prices.flatMap((price, index) => [
    [letterOf(BTC, index), aTrade({ symbol: BTC, price })],
    [letterOf(ETH, index), aTrade({ symbol: ETH, price })],
  ]),
);

function letterOf(symbol: string, price: number): string {
  return String.fromCharCode((symbol === BTC ? 97 : 65) + price).replace('c', 'g');
}

const drawn = ({ symbol, price, outage }: Minute): string => {
  const trade = symbol === undefined ? '-' : letterOf(symbol, price);
  return `20s ${trade} 39999ms ${outage === undefined ? '' : `x ${outage}ms c`}`;
};

const seenOf = (plan: readonly Minute[]): Observation => {
  let seen: Observation | undefined;
  marbles(({ feed }) => {
    const feed$ = feed(`c ${plan.map(drawn).join(' ')} 5s |`, values);
    observation(feed$).subscribe((so) => (seen = so));
  })();
  if (!seen) throw new Error('nothing was seen');
  return seen;
};

describe('the moving-average cross, on drawn feeds', () => {
  it('keeps its promises for any prices and outages', () => {
    let signals = 0;
    fc.assert(
      fc.property(fc.array(aMinute, { minLength: 20, maxLength: 80 }), (plan) => {
        const seen = seenOf(plan);
        keepsItsPromises(seen);
        signals += seen.signals.length;
      }),
      { numRuns: 60, seed: 4 },
    );
    expect(signals).toBeGreaterThan(60);
  });

  it('would not keep them with a signal too few, twice the same, or one after a gap', () => {
    const minute = (price: number, outage?: number): Minute => ({ symbol: BTC, price, outage });
    const plan = [0, 0, 0, 0, 5, 5, 5, 5, 0, 0, 0].map((price) => minute(price));
    const seen = seenOf([...plan, minute(0, 1_000), minute(5), minute(5)]);
    const [first, second] = seen.signals;
    if (!first || !second) throw new Error('there are no two signals');
    expect([first.side, second.side]).toEqual(['buy', 'sell']);
    expect(() => keepsItsPromises(seen)).not.toThrow();
    for (const signals of [[], [first], [first, first], [first, second, { ...first, at: 14 * 60_000 }]]) {
      expect(() => keepsItsPromises({ ...seen, signals })).toThrow();
    }
  });
});
