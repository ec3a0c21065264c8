import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Faults } from './faults';
import { GapLog } from './gapLog';
import { Instrument } from './instrument';
import { Link } from './link';
import { Looks } from './looks';
import { Outages } from './outages';
import { Serving } from './serving';
import { DeskState } from './state';
import { Watchlist } from './watchlist';
import { Words } from './words';

@Component({
  selector: 'app-desk',
  imports: [Faults, Instrument, Link, Outages, Serving, Watchlist],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h1>rxtape desk</h1>
      @for (vendor of vendors(); track vendor) {
        <app-link [vendor]="vendor" />
      }
      <div class="toggles">
        <app-faults [symbol]="desk.selected()" />
        <button type="button" [attr.aria-pressed]="looks.redRises()" (click)="looks.toggleRises()">
          <span class="up" aria-hidden="true">▲</span><span class="down" aria-hidden="true">▼</span
          ><span class="unseen">{{ words.all().redRises }}</span>
        </button>
        <button type="button" [attr.aria-pressed]="looks.dark()" (click)="looks.toggleDark()">
          {{ words.all().dark }}
        </button>
        <button type="button" [attr.lang]="words.language() === 'en' ? 'zh' : 'en'" (click)="words.toggle()">
          {{ words.all().language }}
        </button>
      </div>
      <app-serving />
      <app-outages />
    </header>
    <main>
      <section class="list-of" [attr.aria-label]="words.all().watchlist"><app-watchlist /></section>
      @if (desk.selected(); as symbol) {
        <app-instrument [symbol]="symbol" />
      } @else {
        <p class="muted">{{ words.all().beginning }}</p>
      }
    </main>
  `,
})
export class Desk {
  readonly desk = inject(DeskState);
  readonly looks = inject(Looks);
  readonly words = inject(Words);
  readonly #log = inject(GapLog);

  /** A vendor that is asked for nothing has no link to show. */
  readonly vendors = computed(() => {
    const isWatched = this.#log.links.binance().state !== 'idle';
    return isWatched ? (['itick', 'tickflow', 'binance'] as const) : (['itick', 'tickflow'] as const);
  });
}
