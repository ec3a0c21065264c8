import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import * as format from './format';
import { GapLog } from './gapLog';
import { Lines } from './lines';
import { vendorName } from './link';
import { Words } from './words';

const vendors = ['itick', 'tickflow'] as const;

/** Which of two vendors serves and which stands by, in words, and a log of each switch. */
@Component({
  selector: 'app-serving',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p role="status" [attr.data-alone]="isAlone() ? '' : null">{{ text() }}</p>
    @if (text()) {
      <details>
        <summary>
          <span class="newest">{{ lines.log()[0]?.text ?? words().noSwitch }}</span>
          <span class="all">{{ words().switches }}</span>
        </summary>
        <div class="switches" tabindex="0" role="region" [attr.aria-label]="words().switches">
          <ol>
            @for (line of lines.log(); track line.event) {
              <li>{{ line.text }}</li>
            }
          </ol>
        </div>
      </details>
    }
  `,
})
export class Serving {
  readonly lines = inject(Lines);
  readonly words = inject(Words).all;
  readonly #log = inject(GapLog);

  readonly #server = computed(() => {
    const { state, provider } = this.lines.link();
    return state === 'live' ? vendors.find((vendor) => vendor === provider) : undefined;
  });
  readonly #other = computed(() => vendors.find((vendor) => vendor !== this.#server()));
  readonly #standsBy = computed(() => {
    const other = this.#other();
    return other !== undefined && this.#log.links[other]().state === 'live';
  });
  readonly isAlone = computed(() => this.#server() === undefined || !this.#standsBy());

  /** `TickFlow serves since 10:31:05 · iTick stands by` */
  readonly text = computed(() => {
    const [words, server, other] = [this.words(), this.#server(), this.#other()];
    const { state, switched } = this.lines.link();
    if (state === 'lost' || state === 'ended') return words.noneServes;
    if (server === undefined || other === undefined) return '';
    const name = vendorName(server);
    const served = switched ? words.servesSince(name, format.clock(switched.receivedAt)) : words.serves(name);
    const apart = this.lines.apart();
    const some = apart.length > 0 ? ` ${words.andServes} ${apart.join(', ')}` : '';
    const rest = `${vendorName(other)} ${this.#standsBy() ? words.standsBy : words.standsByNot}${some}`;
    return `${served} · ${rest}`;
  });
}
