import { Subscription } from 'rxjs';
import type { Line, Switched } from '../model/feedEvent.js';
import type { SteadyClock } from '../model/steadyClock.js';
import type { LineState } from './lineState.js';
import type { silences } from './silences.js';

interface Context {
  readonly lines: Readonly<Record<Line, LineState>>;
  readonly silent: ReturnType<typeof silences>;
  readonly backAfter: number;
  readonly steady: SteadyClock;
  readonly main: () => Line;
  readonly later: (wait: number, task: () => void) => Subscription;
  readonly promote: (to: Line, symbols: Switched['symbols'], reason: Switched['cause']) => void;
}

const reason: Switched['cause'] = { _tag: 'PrimaryFresh', message: 'the primary has been fresh for long enough' };

/** Brings the primary back when it has been fresh for long enough, and the last return is as long ago. */
export const returns = ({ lines, silent, backAfter, steady, main, later, promote }: Context) => {
  const { primary, secondary } = lines;
  let waiting = new Subscription();
  let last = -Infinity;

  const plan = (): void => {
    waiting.unsubscribe();
    if (backAfter === Infinity || !primary.isUp || !secondary.isUp) return;
    const isAway = main() === 'secondary';
    const fresh = isAway ? primary.freshSince : silent.freshSince();
    if (fresh === Infinity) return;
    const at = Math.max(fresh, last) + backAfter;
    waiting = later(at - steady(), () => {
      // A timer of a page that sleeps may be early by the clock that runs on.
      if (steady() < at) return plan();
      // A link over which nothing comes while the other one speaks is not fresh.
      if (isAway && !primary.hasData && secondary.heardAt > primary.upSince && secondary.hasData) return;
      const symbols = silent.returning(main(), steady() - backAfter);
      if (symbols === 'all' || symbols.length > 0) {
        last = steady();
        promote('primary', symbols, reason);
      } else if (isAway) waiting = later(backAfter, plan);
    });
  };
  return { plan, cancel: (): void => waiting.unsubscribe() };
};
