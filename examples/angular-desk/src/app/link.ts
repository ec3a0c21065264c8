import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Clock, lasted } from './clock';
import * as format from './format';
import { GapLog } from './gapLog';
import type { Vendor } from './markets';
import { Words } from './words';

export const vendorNames: Readonly<Record<Vendor, string>> = {
  itick: 'iTick',
  tickflow: 'TickFlow',
  binance: 'Binance',
};

/** What a provider is called here. */
export const vendorName = (provider: string): string =>
  Object.entries(vendorNames).find(([vendor]) => vendor === provider)?.[1] ?? provider;

@Component({
  selector: 'app-link',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.data-link]': 'link().state' },
  template: `
    <span class="dot" aria-hidden="true"></span>
    <strong>{{ name() }}</strong>
    <span role="status">{{ state() }}</span>
    <span class="muted gap" [attr.data-open]="isOpen() ? '' : null">{{ gap() }}</span>
  `,
})
export class Link {
  readonly vendor = input.required<Vendor>();

  readonly #log = inject(GapLog);
  readonly #clock = inject(Clock);
  readonly #words = inject(Words).all;

  readonly name = computed(() => vendorNames[this.vendor()]);
  readonly link = computed(() => this.#log.links[this.vendor()]());
  readonly state = computed(() => this.#words()[this.link().state]);
  readonly #hole = computed(() => this.#log.last()[this.vendor()]);
  readonly isOpen = computed(() => this.#hole()?.to === Infinity);
  readonly gap = computed(() => {
    const words = this.#words();
    const hole = this.#hole();
    if (!hole) return this.link().state === 'live' ? words.noGap : words.noData;
    if (hole.to === Infinity) return `${words.gap} ${words.open} ${lasted(hole.from, this.#clock.now())} s`;
    const seconds = ((hole.to - hole.from) / 1_000).toFixed(1);
    return `${hole.isOurs ? words.away : words.gap} ${format.clock(hole.from)}, ${seconds} s`;
  });
}
