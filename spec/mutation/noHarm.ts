import { config, VirtualAction } from 'rxjs';

// A mutant may do two things that end its runner, which then takes seconds to start anew; here they fail the spec.

/** Errors without a listener. RxJS throws them by a timer, when the spec is over. */
const unhandled: unknown[] = [];
/** The real one: a spec may put fake timers in its place. */
const { setTimeout: later } = globalThis;
config.onUnhandledError = (error) => void unhandled.push(error);

/** How much happened in virtual time; it can go on for ever, and no clock stops it. A law of rotations takes more than 20,000. */
const MOST = 200_000;
let happened = 0;
const { _execute: execute } = VirtualAction.prototype as unknown as { _execute: (...args: unknown[]) => unknown };
Object.assign(VirtualAction.prototype, {
  _execute(...args: unknown[]) {
    if (++happened > MOST) throw new Error('virtual time does not end');
    return execute.apply(this, args);
  },
});

beforeEach(() => (happened = 0));

afterEach(async () => {
  await new Promise((resolve) => later(resolve));
  expect(unhandled.splice(0)).toEqual([]);
});
