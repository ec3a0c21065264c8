import { TestScheduler } from 'rxjs/testing';

/** Runs a body in virtual time that begins at a moment of the real world; `flush` runs all that is due within a day. */
export const atTime =
  (start: number, body: (flush: () => void) => void): (() => void) =>
  () => {
    const scheduler = new TestScheduler(() => undefined);
    scheduler.run(({ flush }) => {
      scheduler.frame = start;
      scheduler.maxFrames = start + 86_400_000;
      body(flush);
    });
  };
