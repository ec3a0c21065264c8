import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  resource,
  untracked,
} from '@angular/core';
import {
  CandlestickSeries,
  createChart,
  HistogramSeries,
  type CandlestickData,
  type IChartApi,
  type UTCTimestamp,
  type WhitespaceData,
} from 'lightweight-charts';
import type { Kline } from 'rxtape';
import { injectBars, pastBars } from './bars';
import { Looks } from './looks';

type Candle = Partial<CandlestickData<UTCTimestamp>> & WhitespaceData<UTCTimestamp>;
type Inks = Readonly<Record<'up' | 'down' | 'text' | 'line' | 'gap', string>>;

const timeOf = ({ openTime }: Kline): UTCTimestamp => (openTime / 1_000) as UTCTimestamp;

/** A forming bar is hollow, a closed one full; a minute of which nothing was seen is a hole. */
const candle = (bar: Kline, { up, down }: Inks): Candle => {
  const time = timeOf(bar);
  if (bar.coverage === 0) return { time };
  const { open, high, low, close } = bar;
  const ink = close >= open ? up : down;
  return { time, open, high, low, close, borderColor: ink, wickColor: ink, color: bar.closed ? ink : 'transparent' };
};

@Component({
  selector: 'app-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: '',
  host: { role: 'img', '[attr.aria-label]': 'label()' },
})
export class Chart {
  readonly symbol = input.required<string>();

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #looks = inject(Looks);
  readonly #live = injectBars();
  readonly #past = resource({
    params: () => this.symbol(),
    loader: ({ params, abortSignal }) => pastBars(params, abortSignal),
  });

  readonly bars = computed((): readonly Kline[] => {
    const live = this.#live().get(this.symbol()) ?? [];
    const past = this.#past.hasValue() ? this.#past.value() : [];
    const first = live[0]?.openTime ?? Infinity;
    return [...past.filter(({ openTime }) => openTime < first), ...live];
  });
  readonly label = computed(() => {
    const holes = this.bars().filter(({ coverage }) => coverage < 1).length;
    return `${this.symbol()}, ${this.bars().length} bars of a minute, ${holes} of them seen in part`;
  });

  constructor() {
    const chart = createChart(this.#host, options);
    const gaps = chart.addSeries(HistogramSeries, {
      priceScaleId: 'gaps',
      priceLineVisible: false,
      lastValueVisible: false,
    });
    gaps.priceScale().applyOptions({ scaleMargins: { top: 0, bottom: 0 } });
    const candles = chart.addSeries(CandlestickSeries, { priceLineStyle: 2 });
    let shown = '';

    afterRenderEffect(() => {
      const inks = this.#inks();
      paint(chart, inks);
      const drawn = this.bars().map((bar) => candle(bar, inks));
      candles.setData(drawn);
      // A hollow bar has no colour that its label could take.
      candles.applyOptions({ priceLineColor: drawn.at(-1)?.borderColor ?? inks.text });
      gaps.setData(
        this.bars().map((bar) => ({
          time: timeOf(bar),
          value: bar.coverage < 1 ? 1 : 0,
          color: bar.coverage < 1 ? inks.gap : 'transparent',
        })),
      );
      if (shown === this.symbol() || this.#past.isLoading()) return;
      shown = untracked(this.symbol);
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
    const inks = { up: ink('up'), down: ink('down'), text: ink('muted'), line: ink('line'), gap: ink('gap') };
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

const paint = (chart: IChartApi, { text, line }: Inks): void =>
  chart.applyOptions({
    layout: { textColor: text, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 11 },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line },
  });
