import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { GapLog } from './gapLog';
import { vendorNames } from './link';
import { marketOf, type Vendor } from './markets';
import { Words } from './words';

/** What the simulator does to the market or to a vendor on demand. */
@Component({
  selector: 'app-faults',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(keydown.escape)': 'isOpen.set(false)' },
  template: `
    <button type="button" [attr.aria-expanded]="isOpen()" (click)="isOpen.set(!isOpen())">
      {{ words().simulator }} ▾
    </button>
    @if (isOpen()) {
      <div class="menu">
        @for (vendor of vendors; track vendor) {
          @if (log.links[vendor]().state !== 'idle') {
            <div>
              <button
                type="button"
                (click)="drop(vendor, 5)"
                title="The simulator hangs up and refuses to answer for five seconds: long enough for the other vendor to take over"
              >
                Drop {{ nameOf(vendor) }}
              </button>
              <button type="button" (click)="drop(vendor, 120)" title="The same for two minutes">
                <span class="unseen">Drop {{ nameOf(vendor) }} for </span>2 min
              </button>
            </div>
          }
        }
        @if (symbol(); as symbol) {
          <div>
            <button type="button" (click)="act('halt')">Halt {{ symbol }}</button>
            <button type="button" (click)="act('resume')">Resume</button>
          </div>
          @if (marketOf(symbol) === 'cn') {
            <div>
              <button type="button" (click)="act('up')">Limit-up</button>
              <button type="button" (click)="act('down')">Limit-down</button>
            </div>
          }
        }
        <p role="status">{{ problem() }}</p>
      </div>
    }
  `,
})
export class Faults {
  readonly symbol = input.required<string | undefined>();
  readonly words = inject(Words).all;
  readonly log = inject(GapLog);
  readonly vendors = ['itick', 'tickflow', 'binance'] as const;
  readonly marketOf = marketOf;
  readonly isOpen = signal(false);
  readonly problem = signal('');

  nameOf(vendor: Vendor): string {
    return vendorNames[vendor];
  }

  drop(vendor: Vendor, seconds: number): void {
    void this.#ask(`drop?vendor=${vendor}&seconds=${seconds}`);
  }

  act(what: 'halt' | 'resume' | 'up' | 'down'): void {
    void this.#ask(`market?act=${what}&symbol=${encodeURIComponent(this.symbol() ?? '')}`);
  }

  async #ask(path: string): Promise<void> {
    try {
      const answer = await fetch(path, { method: 'POST' });
      this.problem.set(answer.ok ? '' : await answer.text());
    } catch (error) {
      this.problem.set(String(error));
    }
  }
}
