import { defer, filter, map, type OperatorFunction } from 'rxjs';
import type { Kline } from '../../model/marketEvent.js';
import { barOrder } from './barOrder.js';

/** A bar as `lightweight-charts` takes it, with the volume beside. */
export interface ChartBar {
  /** When the bar opens, in seconds since 1970, UTC. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/**
 * Bars for the `update` of a chart's series, which throws when it is handed a bar older than the last one: corrections of
 * earlier bars are left out, and so is a bar whose times are none. Times are in seconds, not milliseconds. Each symbol and interval needs a series of its own.
 *
 *     klines$    f--f--C--f--R--      // R corrects the closed bar C
 *     chartBars  b--b--b--b-----
 *
 * @example
 * klines$.pipe(chartBars()).subscribe((bar) => series.update(bar))
 */
export const chartBars = (): OperatorFunction<Kline<string>, ChartBar> => (klines$) =>
  defer(() => {
    const place = barOrder();
    return klines$.pipe(
      filter((kline) => {
        const { order } = place(kline);
        return order === 'new' || order === 'latest';
      }),
      map(chartBarOf),
    );
  });

export const chartBarOf = ({ openTime, open, high, low, close, volume }: Kline<string>): ChartBar => ({
  time: openTime / 1_000,
  open,
  high,
  low,
  close,
  volume,
});
