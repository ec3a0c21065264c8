import { TestScheduler } from 'rxjs/testing';
import type { ContractStage } from './ContractStage.js';
import { feedContract } from './feedContract.js';
import { provenVirtually } from './proven.js';

/** How a runner groups and names tests: Jest, Vitest, Mocha and `node:test` all have these two. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => void) => unknown;
}

/** What it holds is up to the runner. */
const globals: unknown = globalThis;

/**
 * A suite with a test for each clause of the contract, in virtual time. `setUp` is called for each of them, and once
 * before. A stage without a credential has no test of those clauses that are about it.
 *
 * The runner defaults to the global `describe` and `it`.
 *
 * @example
 * describeFeed('acme', acmeStage);
 */
export const describeFeed = (
  name: string,
  setUp: () => ContractStage,
  { describe, it }: TestRunner = globals as TestRunner,
): void => {
  const isPublic = new TestScheduler(() => undefined).run(() => setUp().credential === undefined);
  const clauses = feedContract.filter(({ secret }) => !(secret && isPublic));
  describe(`${name} keeps the feed contract`, () => {
    for (const clause of clauses) it(clause.name, provenVirtually(clause, setUp));
  });
};
