import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { map, scan } from 'rxjs';
import { ofKind, quotes, staleness, type Quote, type SymbolState } from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { calendar } from './feeds';
import * as format from './format';
import { DeskState } from './state';

const inShares = (quote: Quote): Quote =>
  quote.sizeUnit === 'lots' && quote.volume !== undefined
    ? { ...quote, volume: 100 * quote.volume, sizeUnit: 'shares' }
    : quote;

/** Figures of the last hours say so beside those of a day. */
const labelled = (text: string, hours: number | undefined): string =>
  hours === undefined ? text : `${text} ${hours}h`;

/** The newest of both vendors; only one of them tells the previous close. */
const merged = (held: Quote, next: Quote): Quote =>
  next.previousClose === undefined ? { ...next, previousClose: held.previousClose } : next;

const best = (states: ReadonlyMap<string, SymbolState>): SymbolState =>
  (['fresh', 'stale', 'halted'] as const).find((state) => [...states.values()].includes(state)) ?? 'closed';

@Component({
  selector: 'tr[app-row]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: {
    '[class.selected]': 'selected()',
    '[attr.data-state]': 'state() ?? "waiting"',
    '(click)': 'desk.select(symbol())',
  },
  template: `
    <th scope="row">
      <button type="button" [attr.aria-pressed]="selected()">{{ symbol() }}</button>
    </th>
    <td class="num last" [class]="direction()">{{ last() }}</td>
    <td class="num" [class]="direction()">{{ change() }}</td>
    <td class="num wide muted">{{ volume() }}</td>
    <td class="age" [title]="state() ?? 'waiting'"><span class="dot" aria-hidden="true"></span></td>
    <td class="tool">
      <button type="button" class="quiet" [attr.aria-label]="'Remove ' + symbol()" (click)="remove($event)">×</button>
    </td>
  `,
})
export class Row {
  readonly desk = inject(DeskState);
  readonly symbol = input.required<string>();
  readonly selected = computed(() => this.desk.selected() === this.symbol());

  /** Ten times a second is as fast as figures can be read. */
  readonly #quote = injectEvents(
    { topics: () => quotes(this.symbol()), every: 100 },
    ofKind('quote'),
    map(inShares),
    scan(merged),
  );
  readonly state = injectEvents(
    () => quotes(this.symbol()),
    staleness({ after: 10_000, calendar }),
    scan((states, { provider, state }) => new Map(states).set(provider, state), new Map<string, SymbolState>()),
    map(best),
  );

  /** Of a vendor that counts no day. */
  readonly #rolling = computed(() => this.#quote()?.rolling);
  readonly #move = computed(() => {
    const { last = NaN, previousClose = this.#rolling()?.open ?? NaN } = this.#quote() ?? {};
    return last / previousClose - 1;
  });
  readonly last = computed(() => format.price(this.#quote()?.last));
  readonly change = computed(() => {
    const isRolling = this.#quote()?.previousClose === undefined && this.#rolling()?.open !== undefined;
    const text = format.percent(Number.isNaN(this.#move()) ? undefined : this.#move());
    return labelled(text, isRolling ? this.#rolling()?.hours : undefined);
  });
  readonly volume = computed(() => {
    const rolling = this.#rolling();
    const ofDay = this.#quote()?.volume;
    if (ofDay !== undefined || rolling?.volume === undefined) return format.size(ofDay);
    return labelled(format.size(rolling.volume), rolling.hours);
  });
  readonly direction = computed(() => (this.#move() > 0 ? 'up' : this.#move() < 0 ? 'down' : ''));

  remove(event: Event): void {
    event.stopPropagation();
    this.desk.remove(this.symbol());
  }
}
