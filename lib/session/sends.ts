import { asyncScheduler, defer, of, switchMap, timer, type Observable } from 'rxjs';
import { checkTimeout } from '../model/check.js';
import { InvalidOption } from '../model/errors.js';
import { steadyClock } from '../model/steadyClock.js';
import type { Sends, Session } from '../transport/Session.js';

/** At most this many messages in any such time. */
export interface Rate {
  /** How many messages, commands and pings alike; a whole number, 1 to 1 000. */
  readonly commands: number;
  /** In how many milliseconds. */
  readonly per: number;
}

/** As many messages as are remembered for a rate that is set later. */
const MOST = 1_000;

/** Throws `InvalidOption` for a rate that makes no sense. */
export const checkRate = (rate: Rate): Rate => {
  const { commands, per } = rate;
  if (!(Number.isInteger(commands) && commands >= 1 && commands <= MOST)) {
    throw new InvalidOption('pace.commands', commands, `it is a whole number, 1 to ${MOST}`);
  }
  checkTimeout('pace.per', typeof per === 'number' ? per : NaN);
  return rate;
};

/** Counts the messages sent in one session. A token is spent by each message and comes back `per` ms later. */
export const countedSends = (): Sends => {
  const clock = steadyClock(() => asyncScheduler.now());
  const times: number[] = [];
  let rate: Rate | undefined;
  return {
    note: () => {
      times.push(clock());
      if (times.length > (rate?.commands ?? MOST)) times.shift();
    },
    limit: (next) => {
      rate = next;
      times.splice(0, Math.max(0, times.length - rate.commands));
    },
    wait: () => {
      const [oldest = 0] = times;
      return rate && times.length >= rate.commands ? Math.max(0, oldest + rate.per - clock()) : 0;
    },
  };
};

/** Emits once as soon as another message may be sent: at once where no rate is set. */
export const turn = ({ sends }: Pick<Session, 'sends'>): Observable<unknown> =>
  defer(() => {
    const wait = sends?.wait() ?? 0;
    // Another message may have taken the token meanwhile.
    return wait > 0 ? timer(wait).pipe(switchMap(() => turn({ sends }))) : of(wait);
  });
