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
import { isOpen, type Interval } from 'rxtape';
import { injectBars, nothing } from './bars';
import { Clock } from './clock';
import { AVERAGE, averagesOf, chartTime, drawing, inkNames, type Inks } from './drawing';
import { CALENDAR } from './feeds';
import * as format from './format';
import { isLacking, isLost, slotsOf, wordsOn, type Slot } from './holes';
import { Looks } from './looks';
import { decimalsOf, hoursOf, zoneOf } from './markets';
import { Words } from './words';

@Component({
  selector: 'app-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="legend muted">{{ legend() }}</p>
    <p class="average muted">{{ average() }}</p>
  `,
  host: { role: 'img', '[attr.aria-label]': 'label()', '[attr.data-bars]': 'slots().length' },
})
export class Chart {
  readonly symbol = input.required<string>();
  readonly interval = input.required<Interval>();

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #looks = inject(Looks);
  readonly #words = inject(Words).all;
  readonly #clock = inject(Clock);
  readonly #calendarOf = inject(CALENDAR);
  readonly #all = injectBars(this.interval);
  /** The time that the pointer is at, in seconds. */
  readonly #pointed = signal<unknown>(undefined);

  readonly #bars = computed(() => this.#all(this.symbol()));
  readonly #known = computed(() => {
    const known = this.#bars().of.get(this.symbol()) ?? nothing;
    // Those of the length before stay until the first of this one come.
    return known.bars[0]?.interval === this.interval() ? known : nothing;
  });
  readonly #zone = computed(() => zoneOf(this.symbol()));
  /** Ours is the clock while no other one is heard. */
  readonly #now = computed(() => (isLost(this.#bars()) ? this.#clock.now() : 0));
  readonly slots = computed(() =>
    slotsOf(this.#known(), this.#bars(), {
      interval: this.interval(),
      calendar: this.#calendarOf(this.symbol()),
      now: this.#now(),
    }),
  );
  readonly #averages = computed(() => averagesOf(this.slots()));
  readonly #at = computed(() => {
    const pointed = this.#pointed();
    return pointed === undefined
      ? -1
      : this.slots().findIndex(({ openTime }) => chartTime(this.#zone(), openTime) === pointed);
  });

  /** The bar that is pointed at; else what became of the last hole. */
  readonly legend = computed(() => {
    if (this.slots().length === 0) return this.#words().loading;
    const zone = this.#zone();
    const slot = this.slots()[this.#at()];
    if (slot) {
      const { state, repair } = slot;
      const words = state === 'repaired' || state === 'hole, given up' ? repair && wordsOn(repair, zone) : undefined;
      return [this.#figures(slot), ...(state === 'whole' ? [] : [words ?? state])].join(' · ');
    }
    const last = this.#known().repairs.findLast(({ to, outcome }) => to > this.#known().since || outcome !== 'whole');
    return last ? wordsOn(last, zone) : '';
  });
  readonly average = computed(() => {
    const averages = this.#averages();
    const value = this.#at() < 0 ? averages.findLast((one) => one !== undefined) : averages[this.#at()];
    return `${this.#words().average} ${format.price(this.symbol(), value, 1)}`;
  });
  readonly label = computed(() => {
    const count = (isIt: (slot: Slot) => boolean): number => this.slots().filter(isIt).length;
    const length = this.interval() === '1m' ? 'a minute' : this.interval();
    return [
      `${this.symbol()}, ${count(({ bar }) => bar !== undefined)} bars of ${length}`,
      `${count(isLacking)} of them seen in part`,
      `${count(({ state }) => state === 'repaired')} of them repaired`,
      `a moving average of ${AVERAGE} at ${this.#averages().filter((value) => value !== undefined).length}`,
    ].join(', ');
  });

  constructor() {
    const chart = drawing(this.#host, (time) => this.#pointed.set(time));
    afterRenderEffect(() => {
      const symbol = this.symbol();
      const hours = hoursOf(symbol);
      const last = this.slots().findLast(({ bar }) => bar)?.bar?.close ?? 0;
      const decimals = decimalsOf(symbol, last);
      const closedWord = this.#words().exchangeClosed;
      chart.show({
        slots: this.slots(),
        averages: this.#averages(),
        zone: this.#zone(),
        isDaily: this.interval() === '1d',
        isTrading: ({ openTime }) => isOpen(hours, openTime),
        inks: this.#inks(),
        key: [symbol, this.interval(), this.#looks.key(), closedWord, decimals].join(),
        decimals,
        closedWord,
      });
    });
    inject(DestroyRef).onDestroy(() => chart.remove());
  }

  /** `10:31 O 9.80 H 9.82 L 9.79 C 9.81 V 4,800`, by the clock of the exchange. */
  #figures({ openTime, bar }: Slot): string {
    const zone = this.#zone();
    const when = this.interval() === '1d' ? format.date(openTime, zone) : format.minute(openTime, zone);
    if (!bar) return when;
    const prices = [bar.open, bar.high, bar.low, bar.close].map(
      (price, i) => `${'OHLC'[i]} ${format.price(this.symbol(), price)}`,
    );
    const volume = Number.isInteger(bar.volume) ? format.count(bar.volume) : format.size(bar.volume);
    return [when, ...prices, `V ${volume}`].join(' ');
  }

  #seen: { readonly key: string; readonly inks: Inks } | undefined;

  /** The colours of the style sheet, as they come out under the theme and the convention that are on. */
  #inks(): Inks {
    const key = this.#looks.key();
    if (this.#seen?.key === key) return this.#seen.inks;
    const style = getComputedStyle(this.#host);
    const ink = (name: string): string => {
      this.#host.style.color = `var(--${name})`;
      return style.color;
    };
    const inks = Object.fromEntries(inkNames.map((name) => [name, ink(name)])) as Inks;
    this.#host.style.color = '';
    this.#seen = { key, inks };
    return inks;
  }
}
