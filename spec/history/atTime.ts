import { TestScheduler } from 'rxjs/testing';

/** Runs a body in virtual time that begins at a moment of the real world; `flush` runs all that is due within some days. */
export const atTime =
  (start: number, body: (flush: () => void) => void, days = 1): (() => void) =>
  () => {
    const scheduler = new TestScheduler(() => undefined);
    scheduler.run(({ flush }) => {
      scheduler.frame = start;
      scheduler.maxFrames = start + days * 86_400_000;
      body(flush);
    });
  };
