import { asyncScheduler } from 'rxjs';
import type { CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import { isLinkEvent, type FeedEvent } from '../../model/feedEvent.js';
import type { Interval } from '../../model/interval.js';
import type { Kline, Quote, Trade } from '../../model/marketEvent.js';
import { alarm } from '../alarm.js';
import { barClock } from '../klines/barClock.js';
import { boundaryOf, settingsOf } from '../klines/boundary.js';
import { klineBuilder } from '../klines/klineBuilder.js';
import { putOffAfter, putOffNoLonger, takePutOff, type PutOff } from '../klines/putOff.js';

/** Closed bars that what comes late may still correct. */
const HORIZON = 16;

/**
 * The closed bars of what is received, as `toKlines` makes them, for a fraction of its time: forming bars are not looked
 * at, so most trades and quotes need not be counted one by one. Only prices, volumes and coverage are those of `toKlines`.
 */
export const liveBars = (interval: Interval, calendar: CalendarChoice | undefined, closed: (kline: Kline) => void) => {
  const boundary = boundaryOf(interval);
  const settings = settingsOf(boundary, { calendar, forming: false, horizon: HORIZON });
  /** The symbols of which an event may be put off. */
  const symbols = new Set<PutOff>();
  const { now, ahead } = barClock();
  const closing = alarm(() => {
    countAll();
    closing.at(builder.closeUntil(now()));
  }, now);
  const outlet = { emit: closed, closeAt: closing.at, beat: () => undefined, now, ahead };
  const builder = klineBuilder(boundary, settings, asyncScheduler.now(), outlet);

  const count = (symbol: PutOff): void => {
    for (const event of takePutOff(symbol)) builder.accept(event);
  };
  const countAll = (): void => {
    for (const symbol of symbols) count(symbol);
    symbols.clear();
  };

  return {
    /** Takes data of a symbol that could not be put off. */
    accept: (symbol: PutOff, event: Trade | Quote | Kline): void => {
      if (event.kind !== 'kline') {
        count(symbol);
        builder.accept(event);
        if (putOffAfter(symbol, builder.known(event), event)) symbols.add(symbol);
      } else if (event.interval === interval) {
        // Where trades or quotes make the bars, a vendor's bar tells only how far it is behind.
        builder.accept(event);
        putOffNoLonger(symbol, builder.known(event));
      }
    },
    /** Takes in what is said of the link. */
    hear: (event: FeedEvent): void => {
      if (!isLinkEvent(event)) return;
      countAll();
      builder.accept(event);
    },
    stop: closing.off,
  };
};
