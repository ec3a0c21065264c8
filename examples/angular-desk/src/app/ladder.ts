import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import {
  canonicalSymbol,
  consolidateDepth,
  depths,
  imbalance,
  mid,
  spread,
  type ConsolidatedBook,
  type ConsolidatedLevel,
} from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { aside, onBeat } from './beat';
import * as format from './format';
import { decimalsOf, vendorsOf } from './markets';
import { vendorNames } from './link';
import { Words } from './words';

const LEVELS = 10;
const imbalanceOf = imbalance(LEVELS);

interface Rung {
  readonly price: string;
  readonly size: string;
  /** With all that is nearer to the other side. */
  readonly total: string;
  /** How much each vendor has of it, as a share of the largest level shown. */
  readonly itick: number;
  readonly tickflow: number;
}

@Component({
  selector: 'app-ladder',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { tabindex: '0', role: 'group', '[attr.aria-label]': 'words().depth' },
  template: `
    <p class="rungs muted" aria-hidden="true">
      <span>{{ words().price }}</span><span class="num">{{ words().size }}</span
      ><span class="num">{{ words().cumulative }}</span>
    </p>
    <ol class="asks" [attr.aria-label]="words().asks">
      @for (rung of asks(); track $index) {
        <li [style.--itick]="rung.itick" [style.--tickflow]="rung.tickflow">
          <span class="num down">{{ rung.price }}</span><span class="num">{{ rung.size }}</span
          ><span class="num muted">{{ rung.total }}</span>
        </li>
      }
    </ol>
    <dl class="measures">
      <div>
        <dt>{{ words().mid }}</dt>
        <dd>{{ mid() }}</dd>
      </div>
      <div>
        <dt>{{ words().spread }}</dt>
        <dd>{{ gap() }}</dd>
      </div>
      <div>
        <dt>{{ words().imbalance }}</dt>
        <dd [class]="lean()">{{ balance() }}</dd>
      </div>
    </dl>
    <ol [attr.aria-label]="words().bids">
      @for (rung of bids(); track $index) {
        <li [style.--itick]="rung.itick" [style.--tickflow]="rung.tickflow">
          <span class="num up">{{ rung.price }}</span><span class="num">{{ rung.size }}</span
          ><span class="num muted">{{ rung.total }}</span>
        </li>
      }
    </ol>
    <p class="sources muted">{{ sources() }}</p>
  `,
})
export class Ladder {
  readonly symbol = input.required<string>();
  readonly words = inject(Words).all;

  readonly #latest = injectEvents(
    { topics: () => depths(this.symbol()), every: 'value' },
    consolidateDepth({ levels: LEVELS, maxAge: 30_000 }),
    onBeat(aside.ladder),
  );
  readonly #book = computed(() => {
    const book = this.#latest();
    return book && canonicalSymbol(book.symbol) === canonicalSymbol(this.symbol()) ? book : undefined;
  });
  readonly #largest = computed(() => {
    const { bids = [], asks = [] } = this.#book() ?? {};
    return Math.max(Number.MIN_VALUE, ...[...bids, ...asks].map(({ size }) => size ?? 0));
  });
  readonly bids = computed(() => this.#rungs(this.#book()?.bids));
  readonly asks = computed(() => this.#rungs(this.#book()?.asks).reverse());
  readonly #measured = (measure: (book: ConsolidatedBook) => number | undefined): number | undefined => {
    const book = this.#book();
    return book && measure(book);
  };
  /** Of the prices that the spread lies between. */
  readonly #decimals = computed(() => decimalsOf(this.symbol(), this.#book()?.bids[0]?.price ?? 1));
  readonly mid = computed(() => this.#figure(this.#measured(mid), 1));
  readonly gap = computed(() => this.#figure(this.#measured(spread), 0));
  readonly #balance = computed(() => this.#measured(imbalanceOf));
  readonly balance = computed(() => format.percent(this.#balance()));
  readonly lean = computed(() => ((this.#balance() ?? 0) > 0 ? 'up' : (this.#balance() ?? 0) < 0 ? 'down' : ''));
  /** Who is in the book, of those who are asked. */
  readonly sources = computed(() => {
    const inside = this.#book()?.sources ?? [];
    const named = vendorsOf(this.symbol()).filter((vendor) => inside.some((source) => source === vendor));
    return named.map((vendor) => vendorNames[vendor]).join(' + ') || this.words().noSource;
  });

  #figure(value: number | undefined, more: number): string {
    return value === undefined ? '–' : value.toFixed(this.#decimals() + more);
  }

  /** Always as many rows, so that nothing moves but the figures. */
  #rungs(levels: readonly ConsolidatedLevel[] = []): Rung[] {
    const largest = this.#largest();
    let total = 0;
    return Array.from({ length: LEVELS }, (_, rank) => {
      const level = levels[rank];
      total += level?.size ?? 0;
      const share = (vendor: string): number =>
        (level?.sources.find(({ provider }) => provider === vendor)?.size ?? 0) / largest;
      return {
        price: level ? format.price(this.symbol(), level.price) : '',
        size: level ? format.size(level.size) : '',
        total: level ? format.size(total) : '',
        itick: share('itick') + share('binance'),
        tickflow: share('tickflow'),
      };
    });
  }
}
