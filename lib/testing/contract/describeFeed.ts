import { lastValueFrom, throwError, timeout, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { feedContract } from './feedContract.js';
import type { ContractCase, ContractStage } from './stage.js';

/** How a runner groups and names tests: Jest, Vitest, Mocha and `node:test` all have these two. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => void) => unknown;
}

/** What it holds is up to the runner. */
const globals: unknown = globalThis;

/**
 * A suite with a test for each case of the contract, in virtual time. `setUp` is called for each of them, and once
 * before. A stage without a credential has no test of those cases that are about it.
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
    for (const contractCase of clauses) it(contractCase.name, runVirtually(contractCase, setUp));
  });
};

const within = ({ name, run }: ContractCase, stage: ContractStage, limit: number): Observable<unknown> =>
  run(stage).pipe(
    timeout({
      first: limit,
      each: limit,
      with: () => throwError(() => new Error(`not seen within ${limit} ms: ${name}`)),
    }),
  );

const VIRTUAL = 600_000;

/**
 * Runs a case in virtual time; returns a function for `it`. The stage is set up inside, so that its timers are
 * virtual too. Fails as well when something still waits for its time after everything was unsubscribed.
 */
export const runVirtually = (contractCase: ContractCase, setUp: () => ContractStage): (() => void) => {
  return () => {
    const scheduler = new TestScheduler(() => undefined);
    let outcome: unknown = new Error(`neither passed nor failed: ${contractCase.name}`);
    scheduler.run(() => {
      // Without an end a timer that is never stopped would keep the scheduler running without end.
      scheduler.maxFrames = 2 * VIRTUAL;
      within(contractCase, setUp(), VIRTUAL).subscribe({
        error: (error: unknown) => (outcome = error),
        complete: () => (outcome = undefined),
      });
    });
    if (outcome !== undefined) throw outcome as Error;
    const left = scheduler.actions.filter(({ closed }) => !closed).length;
    if (left > 0) throw new Error(`${left} timers were left running: ${contractCase.name}`);
  };
};

/** Runs a case in real time, against a server. */
export const runLive = async (contractCase: ContractCase, stage: ContractStage, limit = 4_000): Promise<void> => {
  await lastValueFrom(within(contractCase, stage, limit), { defaultValue: undefined });
};
