import type { OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Kline } from '../../model/marketEvent.js';
import { countedBuilder } from './countedBuilder.js';
import { countedSettings, type CountedInterval, type CountedLength, type CountedOptions } from './CountedLength.js';
import { onTheClock } from './onTheClock.js';

/** Bars of so many executions, or so much volume, of all symbols of a feed. */
export const countedKlines = (
  length: CountedLength,
  options?: CountedOptions,
): OperatorFunction<FeedEvent, Kline<CountedInterval>> => {
  const settings = countedSettings(length, options);
  return onTheClock(settings.forming, (startedAt, outlet) => countedBuilder(settings, startedAt, outlet));
};
