import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  signal,
} from '@angular/core';
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  type CandlestickData,
  type IChartApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
  type WhitespaceData,
} from 'lightweight-charts';
import { injectBars, nothing } from './bars';
import * as format from './format';
import { isLacking, minutesOf, stretchesOf, wordsOn, type Minute } from './holes';
import { Looks } from './looks';
import { shades } from './shades';

type Candle = Partial<CandlestickData<UTCTimestamp>> & WhitespaceData<UTCTimestamp>;
type Inks = Readonly<Record<(typeof inkNames)[number], string>>;

const inkNames = ['up', 'down', 'muted', 'line', 'gap', 'accent', 'card', 'amber'] as const;

const timeOf = ({ openTime }: Minute): UTCTimestamp => (openTime / 1_000) as UTCTimestamp;

/** A forming bar is hollow, a closed one full; where there is none it is white. */
const candle = (minute: Minute, { up, down }: Inks): Candle => {
  const { bar } = minute;
  const time = timeOf(minute);
  if (!bar) return { time };
  const { open, high, low, close } = bar;
  const ink = close >= open ? up : down;
  return { time, open, high, low, close, borderColor: ink, wickColor: ink, color: bar.closed ? ink : 'transparent' };
};

const mark = (minute: Minute, { accent }: Inks): SeriesMarker<Time> => ({
  time: timeOf(minute),
  position: 'belowBar',
  shape: 'circle',
  size: 0.5,
  color: accent,
});

/** `10:31 O 9.80 H 9.82 L 9.79 C 9.81 V 4,800` */
const figures = ({ openTime, bar }: Minute): string => {
  if (!bar) return format.minute(openTime);
  const prices = [bar.open, bar.high, bar.low, bar.close].map((price, i) => `${'OHLC'[i]} ${format.price(price)}`);
  return [format.minute(openTime), ...prices, `V ${format.count(bar.volume)}`].join(' ');
};

@Component({
  selector: 'app-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: '<p class="legend muted">{{ legend() }}</p>',
  host: { role: 'img', '[attr.aria-label]': 'label()' },
})
export class Chart {
  readonly symbol = input.required<string>();

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #looks = inject(Looks);
  readonly #all = injectBars();
  /** The time that the pointer is at, in seconds. */
  readonly #pointed = signal<unknown>(undefined);

  readonly #known = computed(() => this.#all().of.get(this.symbol()) ?? nothing);
  readonly minutes = computed(() => minutesOf(this.#known(), this.#all().gaps));
  readonly #stretches = computed(() => stretchesOf(this.minutes()));

  /** The minute that is pointed at; else what became of the last hole. */
  readonly legend = computed(() => {
    const minute = this.minutes().find((other) => timeOf(other) === this.#pointed());
    if (minute) {
      const { state, repair } = minute;
      const words = state === 'repaired' || state === 'hole, given up' ? repair && wordsOn(repair) : undefined;
      return [figures(minute), ...(state === 'whole' ? [] : [words ?? state])].join(' · ');
    }
    const last = this.#known().repairs.findLast(({ to, outcome }) => to > this.#known().since || outcome !== 'whole');
    return last ? wordsOn(last) : '';
  });
  readonly label = computed(() => {
    const count = (isIt: (minute: Minute) => boolean): number => this.minutes().filter(isIt).length;
    return [
      `${this.symbol()}, ${count(({ bar }) => bar !== undefined)} bars of a minute`,
      `${count(isLacking)} of them seen in part`,
      `${count(({ state }) => state === 'repaired')} of them repaired`,
    ].join(', ');
  });

  constructor() {
    const chart = createChart(this.#host, options);
    const candles = chart.addSeries(CandlestickSeries, { priceLineStyle: 2 });
    const marks = createSeriesMarkers(candles);
    const shaded = shades();
    candles.attachPrimitive(shaded.primitive);
    chart.subscribeCrosshairMove(({ time }) => this.#pointed.set(time));
    let shown = '';

    afterRenderEffect(() => {
      const inks = this.#inks();
      paint(chart, inks);
      const drawn = this.minutes().map((minute) => candle(minute, inks));
      candles.setData(drawn);
      // A hollow bar has no colour that its label could take.
      candles.applyOptions({ priceLineColor: drawn.findLast(({ close }) => close)?.borderColor ?? inks.muted });
      marks.setMarkers(this.minutes().flatMap((minute) => (minute.state === 'repaired' ? [mark(minute, inks)] : [])));
      const font = `11px ${fontFamily()}`;
      shaded.show(this.#stretches().filter(isLacking), { shade: inks.gap, text: inks.amber, back: inks.card, font });
      if (shown === this.symbol() || drawn.length === 0) return;
      shown = this.symbol();
      chart.timeScale().scrollToRealTime();
    });
    inject(DestroyRef).onDestroy(() => chart.remove());
  }

  /** The colours of the style sheet, as they come out under the theme and the convention that are on. */
  #inks(): Inks {
    this.#looks.key();
    const style = getComputedStyle(this.#host);
    const ink = (name: string): string => {
      this.#host.style.color = `var(--${name})`;
      return style.color;
    };
    const inks = Object.fromEntries(inkNames.map((name) => [name, ink(name)])) as Inks;
    this.#host.style.color = '';
    return inks;
  }
}

const options = {
  autoSize: true,
  layout: { attributionLogo: false, background: { color: 'transparent' } },
  timeScale: { timeVisible: true, barSpacing: 9, rightOffset: 4 },
  crosshair: { mode: 0 },
};

const fontFamily = (): string => getComputedStyle(document.body).fontFamily;

const paint = (chart: IChartApi, { muted, line }: Inks): void =>
  chart.applyOptions({
    layout: { textColor: muted, fontFamily: fontFamily(), fontSize: 11 },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line },
  });
