import type { Subscription } from 'rxjs';
import { alarm } from './alarm.js';
import { setClock } from './setClock.js';

/** What changes with events and with time, and has no clock. Each call says when to look next, epoch ms; `Infinity` is never. */
interface Keeper<E> {
  readonly accept: (event: E, now: number) => number;
  readonly look: (now: number) => number;
  readonly shift: (by: number, now: number) => number;
}

/**
 * Runs a keeper by the clock of RxJS, with one timer: hands it events, lets it look when it wants to, and says when the clock was set.
 *
 * @param life ends the timer
 * @param turn runs a look, where that has to wait for what is being done
 */
export const byTheClock = <E>(
  keeper: Keeper<E>,
  life: Subscription,
  turn: (look: () => void) => void = (look) => look(),
): ((event: E) => void) => {
  const look = (): void => clock.at(keeper.look(now()));
  const clock = alarm(() => turn(look));
  const now = setClock((by, at) => clock.at(keeper.shift(by, at)));
  life.add(clock.off);
  return (event) => clock.at(keeper.accept(event, now()));
};
