import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { isFeedError } from 'rxtape';
import { Clock, left } from './clock';
import { GapLog } from './gapLog';
import { vendorNames } from './link';
import { DeskState } from './state';
import { Words } from './words';

/** What is wrong, each in a line: links that are lost, why and until when; and what the address asked for in vain. */
@Component({
  selector: 'app-outages',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (outage of outages(); track outage.vendor) {
      <p class="outage">
        <strong>{{ outage.name }} {{ outage.state }}</strong>
        <span class="cause">{{ outage.cause }}</span>
        <span class="next">{{ outage.next }}</span>
      </p>
    }
    @for (one of desk.leftOut(); track one.text) {
      <p class="left-out">
        <strong>“{{ one.text }}” {{ words().leftOut }}:</strong> {{ one.problem }}
        <button type="button" class="quiet" [attr.aria-label]="words().dismiss + ' ' + one.text" (click)="dismiss(one)">
          ×
        </button>
      </p>
    }
  `,
})
export class Outages {
  readonly desk = inject(DeskState);
  readonly words = inject(Words).all;
  readonly #log = inject(GapLog);
  readonly #clock = inject(Clock);

  readonly outages = computed(() => {
    const words = this.words();
    return (['itick', 'tickflow', 'binance'] as const).flatMap((vendor) => {
      const { state, cause, retryAt } = this.#log.links[vendor]();
      if (state !== 'lost' && state !== 'ended') return [];
      const seconds = left(retryAt ?? 0, this.#clock.now());
      const next = retryAt === undefined ? '' : seconds > 0 ? `${words.nextTry} ${seconds} s` : words.trying;
      const said = isFeedError(cause)
        ? cause.message
        : String((cause as { message?: unknown } | undefined)?.message ?? '');
      return { vendor, name: vendorNames[vendor], state: words[state], cause: said, next };
    });
  });

  dismiss(one: { readonly text: string }): void {
    this.desk.leftOut.update((all) => all.filter(({ text }) => text !== one.text));
  }
}
