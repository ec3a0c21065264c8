import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { isFeedError } from 'rxtape';
import type { LinkState } from 'rxtape/angular';
import * as format from './format';

@Component({
  selector: 'app-link',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.data-link]': 'link().state' },
  template: `
    <span class="dot" aria-hidden="true"></span>
    <strong>{{ vendor() }}</strong>
    <span role="status" [title]="cause()">{{ link().state }}</span>
    <span class="muted gap">{{ gap() }}</span>
    <button type="button" (click)="drop(5)" title="The simulator hangs up and refuses to answer for five seconds">
      Drop<span class="unseen"> {{ vendor() }}</span>
    </button>
    <button type="button" class="wide" (click)="drop(120)" title="The same for two minutes">
      <span class="unseen">Drop {{ vendor() }} for </span>2 min
    </button>
  `,
})
export class Link {
  readonly vendor = input.required<string>();
  readonly link = input.required<LinkState>();

  readonly gap = computed(() => {
    const { lastGap } = this.link();
    if (!lastGap) return 'no gap yet';
    return `gap ${format.clock(lastGap.from)}, ${((lastGap.to - lastGap.from) / 1_000).toFixed(1)} s`;
  });
  readonly cause = computed(() => {
    const { cause } = this.link();
    return isFeedError(cause) ? cause.message : '';
  });

  drop(seconds: number): void {
    fetch(`drop?vendor=${this.vendor().toLowerCase()}&seconds=${seconds}`, { method: 'POST' }).catch(console.error);
  }
}
