import type * as FastCheck from 'fast-check';

// A property is run for hundreds of mutants: 50 times at most, always from one seed, and without the search for a
// smaller case. `npm test` runs it as it is written.
jest.mock('fast-check', () => {
  const real = jest.requireActual<typeof FastCheck>('fast-check');
  const assert = (property: FastCheck.IRawProperty<unknown>, parameters: FastCheck.Parameters<unknown> = {}) => {
    const numRuns = Math.min(parameters.numRuns ?? 50, 50);
    return real.assert(property, { ...parameters, numRuns, seed: 1, endOnFailure: true });
  };
  return { ...real, assert, default: { ...real.default, assert }, __esModule: true };
});
