import { lastValueFrom, throwError, timeout, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { ContractStage } from './ContractStage.js';
import type { Clause } from './Clause.js';

const proof = ({ name, prove }: Clause, stage: ContractStage, within: number): Observable<unknown> =>
  prove(stage).pipe(
    timeout({
      first: within,
      each: within,
      with: () => throwError(() => new Error(`not seen within ${within} ms: ${name}`)),
    }),
  );

const VIRTUAL = 600_000;

/**
 * Proves a clause in virtual time; returns a function for `it`. The stage is set up inside, so that its timers are
 * virtual too. Fails as well when something still waits for its time after everything was unsubscribed.
 */
export const provenVirtually = (clause: Clause, setUp: () => ContractStage): (() => void) => {
  return () => {
    const scheduler = new TestScheduler(() => undefined);
    let outcome: unknown = new Error(`neither kept nor broken: ${clause.name}`);
    scheduler.run(() => {
      // Without an end a timer that is never stopped would keep the scheduler going for ever.
      scheduler.maxFrames = 2 * VIRTUAL;
      proof(clause, setUp(), VIRTUAL).subscribe({
        error: (error: unknown) => (outcome = error),
        complete: () => (outcome = undefined),
      });
    });
    if (outcome !== undefined) throw outcome as Error;
    const left = scheduler.actions.filter(({ closed }) => !closed).length;
    if (left > 0) throw new Error(`${left} timers were left running: ${clause.name}`);
  };
};

/** Proves a clause in real time, against a server. */
export const provenLive = async (clause: Clause, stage: ContractStage, within = 4_000): Promise<void> => {
  await lastValueFrom(proof(clause, stage, within), { defaultValue: undefined });
};
