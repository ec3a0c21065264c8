import { feedNameOf, type FeedEvent, type Switched } from '../../model/feedEvent.js';
import type { Quote, Trade } from '../../model/marketEvent.js';
import { expectNothing } from './addNext.js';
import { forgetFigures } from './dayFigures.js';
import type { Series } from './Series.js';

/**
 * The bars in which another vendor takes over. They have prices of both and the volume of the first one, as those of two
 * vendors cannot be added up: what each counts, in which unit and from when, is its own.
 */
export const crossings = () => {
  /** Until when the bar goes in which each symbol went over, by vendor time. */
  const until = new Map<Series, number>();
  return {
    /** Whether the bar still goes in which the symbol went over. */
    has: (series: Series): boolean => until.size > 0 && until.has(series),
    /** Goes on with a symbol by the words of another feed. */
    begin: (series: Series, { provider, feed }: Switched): void => {
      expectNothing(series);
      const isOther = provider !== series.provider;
      const left = { feed: feedNameOf(series), volumeOf: series.provider };
      const begun = series.forming ? [...series.kept, series.forming] : series.kept;
      for (const bar of begun) bar.left ??= left;
      if (!series.forming) series.left = { feed: series.left?.feed ?? left.feed, volumeOf: provider };
      series.provider = provider;
      series.feed = feed;
      if (!isOther) return;
      forgetFigures(series);
      series.ids = series.quote = series.unproven = series.unplaced = series.sizeUnit = undefined;
      series.hasOwnFigures = false;
      series.madeOf = 'empty';
      if (series.forming) until.set(series, series.forming.until);
    },
    forget: (series: Series): void => void until.delete(series),
    /** The event as far as the bar it falls in can take it. */
    taken: <E extends FeedEvent & (Trade | Quote)>(series: Series, event: E): E => {
      const end = until.get(series);
      if (end === undefined) return event;
      if (event.time < end) return priceOnly(event) as E;
      until.delete(series);
      return event;
    },
  };
};

const priceOnly = (event: Trade | Quote): Trade | Quote =>
  event.kind === 'trade'
    ? { ...event, size: undefined, volume: undefined, id: undefined }
    : { ...event, open: undefined, high: undefined, low: undefined, volume: undefined, turnover: undefined };
