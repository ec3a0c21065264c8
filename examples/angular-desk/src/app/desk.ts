import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { injectLink } from 'rxtape/angular';
import { Chart } from './chart';
import { ITICK, TICKFLOW } from './feeds';
import { Ladder } from './ladder';
import { Link } from './link';
import { Looks } from './looks';
import { DeskState } from './state';
import { Watchlist } from './watchlist';

@Component({
  selector: 'app-desk',
  imports: [Chart, Ladder, Link, Watchlist],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h1>rxtape desk</h1>
      <app-link vendor="iTick" [link]="itick()" />
      <app-link vendor="TickFlow" [link]="tickflow()" />
      <div class="toggles">
        <button type="button" [attr.aria-pressed]="looks.redRises()" (click)="looks.redRises.set(!looks.redRises())">
          <span class="up">▲</span><span class="down">▼</span><span class="unseen">Red rises</span>
        </button>
        <button type="button" [attr.aria-pressed]="looks.dark()" (click)="looks.dark.set(!looks.dark())">Dark</button>
      </div>
    </header>
    <main>
      <section aria-label="Watchlist"><app-watchlist /></section>
      @if (desk.selected(); as symbol) {
        <section class="bars">
          <h2>
            {{ symbol }} <span class="muted">1m<span class="wide"> · UTC</span></span>
            <span class="muted key"
              ><i class="hollow"></i>forming <i class="shade"></i>seen in part <i class="mark"></i>repaired</span
            >
          </h2>
          <app-chart [symbol]="symbol" />
        </section>
        <section class="depth">
          <h2>
            Depth
            <span class="muted key"><i class="itick"></i>iTick <i class="tickflow"></i>TickFlow</span>
          </h2>
          <app-ladder [symbol]="symbol" />
        </section>
      } @else {
        <p class="muted">Add a symbol to begin.</p>
      }
    </main>
  `,
})
export class Desk {
  readonly desk = inject(DeskState);
  readonly looks = inject(Looks);
  readonly itick = injectLink(ITICK);
  readonly tickflow = injectLink(TICKFLOW);
}
