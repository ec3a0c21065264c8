import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  LineSeries,
  type CandlestickData,
  type HistogramData,
  type IChartApi,
  type LineData,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
  type WhitespaceData,
} from 'lightweight-charts';
import * as format from './format';
import { isLacking, stretchesOf, type Slot } from './holes';
import { shades } from './shades';

export type Inks = Readonly<Record<(typeof inkNames)[number], string>>;
export const inkNames = ['up', 'down', 'muted', 'line', 'gap', 'accent', 'card', 'amber', 'night', 'violet'] as const;

/** So many bars the moving average is of. */
export const AVERAGE = 20;

type Blank = WhitespaceData<UTCTimestamp>;
type Candle = Partial<CandlestickData<UTCTimestamp>> & Blank;

/** What is drawn, and how. */
export interface Picture {
  readonly slots: readonly Slot[];
  readonly averages: readonly (number | undefined)[];
  readonly zone: string;
  readonly isDaily: boolean;
  readonly isTrading: (slot: Slot) => boolean;
  readonly inks: Inks;
  /** Whatever else is drawn anew with another one: the symbol, the length of a bar, the colours. */
  readonly key: string;
  readonly decimals: number;
  readonly closedWord: string;
}

/** A chart knows the clock of UTC alone, so it is given that of the exchange as if it were UTC's. */
export const chartTime = (zone: string, openTime: number): UTCTimestamp =>
  (format.wallTime(zone, openTime) / 1_000) as UTCTimestamp;

/** The mean of the last closes; what has no bar is left out, and fewer have none. */
export const averagesOf = (slots: readonly Slot[]): readonly (number | undefined)[] => {
  const window: number[] = [];
  let sum = 0;
  return slots.map(({ bar }) => {
    if (!bar) return undefined;
    window.push(bar.close);
    sum += bar.close;
    if (window.length > AVERAGE) sum -= window.shift() ?? 0;
    return window.length === AVERAGE ? sum / AVERAGE : undefined;
  });
};

/** A forming bar is hollow, a closed one full; where there is none it is white. */
const candle = ({ bar }: Slot, time: UTCTimestamp, { up, down }: Inks): Candle => {
  if (!bar) return { time };
  const { open, high, low, close } = bar;
  const ink = close >= open ? up : down;
  return { time, open, high, low, close, borderColor: ink, wickColor: ink, color: bar.closed ? ink : 'transparent' };
};

const column = ({ bar }: Slot, time: UTCTimestamp, { up, down }: Inks): HistogramData<UTCTimestamp> | Blank =>
  bar ? { time, value: bar.volume, color: bar.close >= bar.open ? up : down } : { time };

const point = (value: number | undefined, time: UTCTimestamp): LineData<UTCTimestamp> | Blank =>
  value === undefined ? { time } : { time, value };

const mark = (time: UTCTimestamp, { accent }: Inks): SeriesMarker<Time> => ({
  ...{ time, position: 'belowBar', shape: 'circle' },
  ...{ size: 0.5, color: accent },
});

/** A chart in an element: bars, their volume below, and their moving average. */
export const drawing = (host: HTMLElement, pointed: (time: unknown) => void) => {
  const chart = createChart(host, options);
  const candles = chart.addSeries(CandlestickSeries, { priceLineStyle: 2 });
  const volumes = chart.addSeries(HistogramSeries, { priceFormat: { type: 'volume' }, priceLineVisible: false }, 1);
  const average = chart.addSeries(LineSeries, {
    ...{ lineWidth: 1, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false },
  });
  const marks = createSeriesMarkers(candles);
  const shaded = shades();
  // On the series that is drawn last, so that no line crosses the label.
  average.attachPrimitive(shaded.primitive);
  chart.panes()[1]?.setStretchFactor(0.22);
  chart.subscribeCrosshairMove(({ time }) => pointed(time));
  let shown: Picture | undefined;
  let lineInk: string | undefined;

  const lastOnly = (picture: Picture): void => {
    const { slots, averages, zone, inks } = picture;
    for (let at = (shown?.slots.length ?? 1) - 1; at < slots.length; at += 1) {
      const one = slots[at];
      if (!one) continue;
      const time = chartTime(zone, one.openTime);
      candles.update(candle(one, time, inks));
      volumes.update(column(one, time, inks));
      average.update(point(averages[at], time));
    }
  };

  const all = ({ slots, averages, zone, inks, isTrading, isDaily, decimals, closedWord }: Picture): void => {
    const times = slots.map(({ openTime }) => chartTime(zone, openTime));
    const timed = <T>(draw: (slot: Slot, time: UTCTimestamp, at: number) => T): T[] =>
      slots.flatMap((one, at) => {
        const time = times[at];
        return time === undefined ? [] : [draw(one, time, at)];
      });
    candles.applyOptions({ priceFormat: { type: 'price', precision: decimals, minMove: 10 ** -decimals } });
    candles.setData(timed((one, time) => candle(one, time, inks)));
    volumes.setData(timed((one, time) => column(one, time, inks)));
    average.setData(timed((_, time, at) => point(averages[at], time)));
    average.applyOptions({ color: inks.violet });
    marks.setMarkers(timed((one, time) => (one.state === 'repaired' ? [mark(time, inks)] : [])).flat());
    const closed = isDaily ? [] : stretchesOf(slots, (one) => (isTrading(one) ? 'trading' : closedWord));
    shaded.show(
      [
        ...closed.filter(({ state }) => state === closedWord).map((stretch) => ({ ...stretch, ink: inks.night })),
        ...stretchesOf(slots, ({ state }) => state)
          .filter(isLacking)
          .map((stretch) => ({ ...stretch, ink: inks.gap })),
      ],
      { text: inks.amber, back: inks.card, font: `11px ${fontFamily()}`, timeOf: (time) => chartTime(zone, time) },
    );
  };

  return {
    show: (picture: Picture): void => {
      const { slots, inks } = picture;
      if (shown?.key !== picture.key) paint(chart, inks);
      if (shown && isLonger(shown, picture)) lastOnly(picture);
      else all(picture);
      // A hollow bar has no colour that its label could take.
      const last = slots.findLast(({ bar }) => bar)?.bar;
      const ink = last ? (last.close >= last.open ? inks.up : inks.down) : inks.muted;
      if (lineInk !== ink) candles.applyOptions({ priceLineColor: (lineInk = ink) });
      const isOther = shown?.key !== picture.key || shown.slots.length === 0;
      shown = picture;
      if (isOther && slots.length > 0) chart.timeScale().scrollToRealTime();
    },
    remove: () => chart.remove(),
  };
};

/** Whether a picture is the one before, but for its last bar and what came after it; then the shades are the same too. */
const isLonger = (before: Picture, after: Picture): boolean => {
  const last = before.slots.length - 1;
  const end = after.slots[last];
  if (before.key !== after.key || !end) return false;
  const isSame = ({ openTime, state, bar }: Slot, at: number): boolean => {
    const other = after.slots[at];
    return openTime === other?.openTime && state === other.state && (at === last || bar === other.bar);
  };
  const isAlike = (one: Slot): boolean => one.state === end.state && after.isTrading(one) === after.isTrading(end);
  // What is shaded grows with each bar.
  const isShaded = isLacking(end) || !after.isTrading(end);
  const isNew = after.slots.length > before.slots.length;
  return before.slots.every(isSame) && after.slots.slice(last + 1).every(isAlike) && !(isShaded && isNew);
};

const options = {
  autoSize: true,
  layout: { attributionLogo: false, background: { color: 'transparent' }, panes: { enableResize: false } },
  timeScale: { timeVisible: true, barSpacing: 9, rightOffset: 4 },
  crosshair: { mode: 0 },
};

const fontFamily = (): string => getComputedStyle(document.body).fontFamily;

const paint = (chart: IChartApi, { muted, line }: Inks): void =>
  chart.applyOptions({
    layout: { textColor: muted, fontFamily: fontFamily(), fontSize: 11, panes: { separatorColor: line } },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line },
  });
