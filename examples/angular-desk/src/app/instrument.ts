import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { isInterval, type Interval } from 'rxtape';
import { aside, onBeat } from './beat';
import { Chart } from './chart';
import { Clock } from './clock';
import * as format from './format';
import { Ladder } from './ladder';
import { Lines } from './lines';
import { vendorsOf, zoneOf } from './markets';
import { Names } from './names';
import { injectStanding } from './quote';
import { save, saved } from './saved';
import { DeskState } from './state';
import { Tape } from './tape';
import { Words } from './words';

const lengths = ['1m', '5m', '15m', '30m', '1h', '1d'] as const satisfies readonly Interval[];

const begun = (): Interval => {
  const { interval } = saved();
  return lengths.find((length) => isInterval(interval) && length === interval) ?? '1m';
};

/** All that is shown of the symbol that is selected. */
@Component({
  selector: 'app-instrument',
  imports: [Chart, Ladder, Tape],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bars" [attr.data-standing]="standing.state()" [attr.data-limit]="standing.limit()">
      <h2>
        <span class="code">{{ symbol() }}</span>
        <span class="name">{{ names.of(symbol()) }}</span>
        <span class="num" [class]="direction()">{{ last() }} {{ change() }}</span>
        @if (mark(); as text) {
          <span class="tag">{{ text }}</span>
        }
        <span class="muted zone">{{ time() }}</span>
      </h2>
      @if (standing.isRefused()) {
        <div class="refused" role="alert">
          <p>
            <strong>{{ symbol() }} {{ words().notServed }}</strong>
          </p>
          @for (why of standing.refusals(); track why) {
            <p>{{ why }}</p>
          }
          <button type="button" (click)="desk.remove(symbol())">{{ words().remove }} {{ symbol() }}</button>
        </div>
      } @else {
        <div class="tools">
          <div class="lengths" role="group" [attr.aria-label]="words().interval">
            @for (length of lengths; track length) {
              <button type="button" [attr.aria-pressed]="interval() === length" (click)="choose(length)">
                {{ length }}
              </button>
            }
          </div>
          <span class="muted key">
            <i class="hollow"></i>{{ words().forming }} <i class="shade"></i>{{ words().seenInPart }}
            <i class="mark"></i>{{ words().repaired }}
          </span>
        </div>
        @if (standing.standIn(); as vendor) {
          <p class="partly">{{ lines.words(symbol(), vendor) }}</p>
        }
        @for (warning of partly(); track warning) {
          <p class="partly">{{ warning }}</p>
        }
        <app-chart [symbol]="symbol()" [interval]="interval()" />
      }
    </section>
    @if (!standing.isRefused()) {
      <section class="depth">
        <h2>
          {{ words().depth }}
          @if (vendorsOf(symbol()).length > 1) {
            <span class="muted key"><i class="itick"></i>iTick <i class="tickflow"></i>TickFlow</span>
          }
        </h2>
        <app-ladder [symbol]="symbol()" />
      </section>
      <section class="tape">
        <h2>{{ words().tape }}</h2>
        <app-tape [symbol]="symbol()" />
      </section>
    }
  `,
})
export class Instrument {
  readonly desk = inject(DeskState);
  readonly names = inject(Names);
  readonly lines = inject(Lines);
  readonly words = inject(Words).all;
  readonly symbol = input.required<string>();
  readonly lengths = lengths;
  readonly vendorsOf = vendorsOf;
  readonly interval = signal<Interval>(begun());
  readonly standing = injectStanding(this.symbol, onBeat(aside.head));
  readonly #clock = inject(Clock);

  readonly last = computed(() => format.price(this.symbol(), this.standing.quote()?.last));
  readonly change = computed(() => format.percent(this.standing.change()));
  readonly direction = computed(() => (/^[+]/.test(this.change()) ? 'up' : /^−/.test(this.change()) ? 'down' : ''));
  readonly mark = computed(() => {
    if (this.standing.state() === 'halted') return this.words().halted;
    const limit = this.standing.limit();
    if (limit) return this.words()[limit === 'up' ? 'limitUp' : 'limitDown'];
    return this.standing.state() === 'closed' ? this.words().closed : undefined;
  });
  /** `21:05:12 GMT+8`: the clock of the exchange, which the chart goes by. */
  readonly time = computed(() => {
    const [zone, now] = [zoneOf(this.symbol()), this.#clock.now()];
    return `${format.clock(now, zone)} ${format.zoneName(zone, now)}`;
  });
  /** One vendor refused, another one serves. */
  readonly partly = computed(() =>
    this.standing.isRefused() ? [] : this.standing.refusals().map((why) => `${this.words().refused}: ${why}`),
  );

  choose(interval: Interval): void {
    this.interval.set(interval);
    save({ interval });
  }
}
