import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { canonicalSymbol, consolidateDepth, depths, spread, type ConsolidatedLevel } from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import * as format from './format';

const LEVELS = 10;

interface Rung {
  readonly price: string;
  readonly size: string;
  /** How much each vendor has of it, as a share of the largest level shown. */
  readonly itick: number;
  readonly tickflow: number;
}

@Component({
  selector: 'app-ladder',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ol class="asks" aria-label="Asks, worst first">
      @for (rung of asks(); track $index) {
        <li [style.--itick]="rung.itick" [style.--tickflow]="rung.tickflow">
          <span class="num down">{{ rung.price }}</span><span class="num">{{ rung.size }}</span>
        </li>
      }
    </ol>
    <p class="spread">
      <span>spread {{ gap() }}</span>
      <span class="muted">{{ sources() }}</span>
    </p>
    <ol aria-label="Bids, best first">
      @for (rung of bids(); track $index) {
        <li [style.--itick]="rung.itick" [style.--tickflow]="rung.tickflow">
          <span class="num up">{{ rung.price }}</span><span class="num">{{ rung.size }}</span>
        </li>
      }
    </ol>
  `,
})
export class Ladder {
  readonly symbol = input.required<string>();

  readonly #latest = injectEvents(
    { topics: () => depths(this.symbol()), every: 100 },
    consolidateDepth({ levels: LEVELS, maxAge: 30_000 }),
  );
  readonly #book = computed(() => {
    const book = this.#latest();
    return book && canonicalSymbol(book.symbol) === canonicalSymbol(this.symbol()) ? book : undefined;
  });
  readonly #largest = computed(() =>
    Math.max(1, ...[...(this.#book()?.bids ?? []), ...(this.#book()?.asks ?? [])].map(({ size }) => size ?? 0)),
  );
  readonly bids = computed(() => this.#rungs(this.#book()?.bids));
  readonly asks = computed(() => this.#rungs(this.#book()?.asks).reverse());
  readonly gap = computed(() => {
    const book = this.#book();
    return format.price(book && spread(book));
  });
  readonly sources = computed(() => [...(this.#book()?.sources ?? [])].sort().join(' + ') || 'no source');

  /** Always as many rows, so that nothing moves but the figures. */
  #rungs(levels: readonly ConsolidatedLevel[] = []): Rung[] {
    const largest = this.#largest();
    return Array.from({ length: LEVELS }, (_, rank) => {
      const level = levels[rank];
      const share = (vendor: string): number =>
        (level?.sources.find(({ provider }) => provider === vendor)?.size ?? 0) / largest;
      return {
        price: level ? format.price(level.price) : '',
        size: level ? format.size(level.size) : '',
        itick: share('itick'),
        tickflow: share('tickflow'),
      };
    });
  }
}
