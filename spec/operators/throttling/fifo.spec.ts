import * as fc from 'fast-check';
import { from, Subject } from 'rxjs';
import type { Trade } from '../../../lib/model/marketEvent.js';
import { conflate } from '../../../lib/operators/throttling/conflate.js';
import { fifo } from '../../../lib/operators/throttling/fifo.js';
import { aTrade } from '../../../lib/testing/builders.js';

describe('a fifo', () => {
  it('is what an array is after each step', () => {
    const step = fc.oneof({ weight: 3, arbitrary: fc.constant('put') }, fc.constantFrom('shift', 'pop'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const plain: number[] = [];
        const { put, shift, pop, size } = fifo<number>();
        steps.forEach((what, n) => {
          if (what === 'put') {
            plain.push(n);
            put(n);
          } else if (what === 'shift') expect(shift()).toBe(plain.shift());
          else expect(pop()).toBe(plain.pop());
          expect(size()).toBe(plain.length);
        });
        expect(Array.from({ length: plain.length }, shift)).toEqual(plain);
      }),
      { numRuns: 500 },
    );
  });
});

describe('conflate', () => {
  const told = (options: Parameters<typeof conflate<Trade>>[0], trades: readonly Trade[]): readonly string[] => {
    const values: string[] = [];
    from(trades)
      .pipe(conflate<Trade>(options))
      .subscribe(({ symbol, price, merged }) => values.push(`${symbol} ${price} ${merged}`));
    return values;
  };
  const symbols = ['A.US', 'B.US', 'C.US'] as const;

  it('holds one value of each key, in the order of last arrival, however many come in a beat', () => {
    const trades = Array.from({ length: 30_000 }, (_, n) => aTrade({ symbol: symbols[(n * 7) % 3]!, price: n }));
    const last = trades.slice(-3).map(({ symbol, price }) => `${symbol} ${price} 10000`);
    expect(told({ every: 1_000 }, trades)).toEqual(last);
    expect(told({ every: 1_000, key: ({ symbol }) => symbol }, trades)).toEqual(last);
  });

  it('lets the first value of a key of its caller pass at once, and holds those that follow it until the beat', () => {
    const source = new Subject<Trade>();
    const beat = new Subject<void>();
    const values: string[] = [];
    source
      .pipe(conflate<Trade>({ notifier: beat, leading: true, key: ({ symbol }) => symbol }))
      .subscribe(({ symbol, price }) => values.push(`${symbol} ${price}`));
    const say = (symbol: string, price: number): void => source.next(aTrade({ symbol, price }));
    say('A.US', 1);
    say('A.US', 2);
    beat.next();
    // Its beat goes on, while that of the other begins.
    say('A.US', 3);
    say('B.US', 4);
    expect(values).toEqual(['A.US 1', 'A.US 2', 'B.US 4']);
    beat.next();
    expect(values).toEqual(['A.US 1', 'A.US 2', 'B.US 4', 'A.US 3']);
    beat.next();
    say('A.US', 5);
    expect(values.at(-1)).toBe('A.US 5');
  });
});
