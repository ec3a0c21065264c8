import type { BatchObservableCallback, Meter } from '@opentelemetry/api';
import { asyncScheduler, type MonoTypeOperatorFunction } from 'rxjs';
import { checkWhole } from '../model/check.js';
import { isMarketEvent } from '../model/feedEvent.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { emitting } from '../operators/emitting.js';
import type { HealthOptions } from '../operators/health/Health.js';
import { healthFold, type HealthEvent } from '../operators/health/healthFold.js';
import { instrumentsOf } from './instruments.js';

/** How a feed is measured. */
export interface ObserveFeedOptions extends HealthOptions {
  /**
   * The name that stands for all feeds of the stream together, in the attribute `feed`.
   *
   * @defaultValue each feed is measured by its own name
   */
  readonly feed?: string | undefined;
  /**
   * Counts the events of the market by what it returns as well, such as the symbol, in `rxtape.feed.series.events`. It costs a call and a
   * look-up for each event.
   *
   * @defaultValue no such counter: every symbol would be a series of its own
   */
  readonly by?: ((event: MarketEvent) => string) | undefined;
  /**
   * The most series that `by` makes; all further ones are counted as `other`.
   *
   * @defaultValue `100`
   */
  readonly maxSeries?: number | undefined;
}

/**
 * Passes a feed on as it is, and measures it with a meter of OpenTelemetry: the figures of `feedHealth`, by the names on the page
 * [health](../../docs/health.md#metrics). They are read when the meter is; an event costs some additions. Each subscription is measured, until
 * it ends, and its feeds are down after that: put it where there is one. Throws `InvalidOption`.
 *
 * @example
 * feed$.pipe(observeFeed(metrics.getMeter('desk')), share())
 */
export const observeFeed = <E extends HealthEvent>(
  meter: Meter,
  { feed, by, maxSeries = 100, ...options }: ObserveFeedOptions = {},
): MonoTypeOperatorFunction<E> => {
  checkWhole('maxSeries', maxSeries, 'series');
  healthFold(options);
  return emitting((emit, life) => {
    const fold = healthFold(options);
    const series = new Map<string, number>();
    const { all, read, end } = instrumentsOf(meter);
    const collect: BatchObservableCallback = (to) => read(to, fold.report(asyncScheduler.now()), feed, series);
    meter.addBatchObservableCallback(collect, all);
    life.add(() => {
      meter.removeBatchObservableCallback(collect, all);
      end(fold.report(asyncScheduler.now()), feed);
    });
    const count = by && counting(by, series, maxSeries);
    return (event) => {
      fold.accept(event);
      count?.(event);
      emit(event);
    };
  });
};

/** The series beyond the most. */
const OTHER = 'other';

const counting =
  (by: (event: MarketEvent) => string, series: Map<string, number>, most: number) =>
  (event: HealthEvent): void => {
    if (!isMarketEvent(event)) return;
    const name = by(event);
    const known = series.has(name) || series.size < most ? name : OTHER;
    series.set(known, (series.get(known) ?? 0) + 1);
  };
