import { asyncScheduler } from 'rxjs';
import { momentClock } from '../../model/steadyClock.js';

/** What two readings of one clock may differ by, in milliseconds. */
const NOISE = 50;

/** The clock that closes bars: a bar is due when its time has passed, whatever becomes of the machine's clock. */
export const barClock = () => {
  const moment = momentClock(() => asyncScheduler.now());
  let ahead = 0;
  const now = (): number => {
    const read = moment();
    ahead = read - asyncScheduler.now();
    return read;
  };
  // It counts from its first reading on.
  now();
  return {
    now,
    /**
     * By how many milliseconds it was ahead of the clock of receipt when it was read last, as that was set back. An alarm
     * reads it each second: to read it for each event would cost more than the event.
     */
    ahead: (): number => (ahead > NOISE ? ahead : 0),
  };
};
