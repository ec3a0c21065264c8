import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { sameError } from './sameError.js';

/** How a runner compares: Jest's and Vitest's `expect`, as far as it is used here. */
interface Expect {
  (actual: unknown): { toEqual: (expected: unknown) => void };
  readonly addEqualityTesters?: (testers: unknown[]) => void;
}

/**
 * Runs a test body in virtual time: timers, clocks, backoff and heartbeats obey the marbles.
 *
 * Returns a function to hand to `it`. Works in any runner that has a global `expect(…).toEqual(…)`.
 *
 * @example
 * it('goes on', marbles(({ hot, expectObservable }) => {
 *   expectObservable(hot('-a-').pipe(map(upper))).toBe('-A-');
 * }));
 */
export const marbles =
  (body: (helpers: RunHelpers) => void): (() => void) =>
  () => {
    const { expect } = globalThis as unknown as { readonly expect: Expect };
    expect.addEqualityTesters?.([sameError]);
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(body);
  };
