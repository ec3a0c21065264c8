import { ChangeDetectionStrategy, Component, computed, effect, ElementRef, inject, input } from '@angular/core';
import { connect, merge, type Observable } from 'rxjs';
import { depths, ofKind, orderBook, topOfBook, type FeedEvent } from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { onBeat, partOf } from './beat';
import { TOPS } from './feeds';
import { injectFlash } from './flash';
import * as format from './format';
import { Names } from './names';
import { injectStanding } from './quote';
import { injectSight } from './sight';
import { DeskState } from './state';
import { Words } from './words';

@Component({
  selector: 'tr[app-row]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: {
    '[class.selected]': 'isSelected()',
    '[attr.aria-selected]': 'isSelected()',
    '[attr.tabindex]': 'isSelected() ? 0 : -1',
    '[attr.data-symbol]': 'symbol()',
    '[attr.data-state]': 'standing.state()',
    '[attr.data-limit]': 'standing.limit()',
    '[attr.data-stands-in]': 'standing.standIn()',
    '(focus)': 'desk.select(symbol())',
    '(click)': 'focus()',
  },
  template: `
    <th scope="row">
      <span class="code">{{ symbol() }}</span>
      <span class="name">
        @if (mark(); as text) {
          <span class="tag">{{ text }}</span>
        }
        @if (standing.standIn(); as vendor) {
          <span class="tag stands-in">{{ vendor }}</span>
        }
        <span>{{ names.of(symbol()) }}</span>
      </span>
    </th>
    @if (standing.isRefused()) {
      <td class="why" [attr.title]="why()" colspan="7">
        <span class="tag">{{ words().refused }}</span> {{ why() }}
      </td>
    } @else {
      <td class="num last" [class]="direction()" [attr.data-flash]="flash()">{{ last() }}</td>
      <td class="num" [class]="direction()">{{ change() }}</td>
      <td class="num wide" [class.muted]="!isTopValid()">{{ bid() }}</td>
      <td class="num wide" [class.muted]="!isTopValid()">{{ ask() }}</td>
      <td class="num wider muted">{{ high() }}</td>
      <td class="num wider muted">{{ low() }}</td>
      <td class="num wide muted">{{ volume() }}</td>
    }
    <td class="age" [title]="age()">
      <span class="dot" aria-hidden="true"></span><span class="unseen">{{ age() }}</span>
    </td>
    <td class="tool">
      <button
        type="button"
        class="quiet"
        tabindex="-1"
        [attr.aria-label]="words().remove + ' ' + symbol()"
        (click)="remove($event)"
      >
        ×
      </button>
    </td>
  `,
})
export class Row {
  readonly desk = inject(DeskState);
  readonly names = inject(Names);
  readonly words = inject(Words).all;
  readonly symbol = input.required<string>();
  readonly isSelected = computed(() => this.desk.selected() === this.symbol());
  readonly #part = (): number => partOf(this.symbol());
  readonly #inSight = injectSight();
  readonly standing = injectStanding(this.symbol, onBeat(this.#part, this.#inSight));

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #top = injectEvents(
    { topics: () => depths(this.symbol()), feed: TOPS, every: 'value' },
    // Of books, and of a vendor that pushes it.
    connect((events$: Observable<FeedEvent>) =>
      merge(events$.pipe(ofKind('bbo')), events$.pipe(orderBook({ levels: 1 }), topOfBook())),
    ),
    onBeat(this.#part, this.#inSight),
  );
  readonly #last = computed(() => this.standing.quote()?.last);
  readonly flash = injectFlash(this.#last);

  readonly last = computed(() => this.#price(this.#last()));
  readonly bid = computed(() => this.#price(this.#top()?.bid?.price));
  readonly ask = computed(() => this.#price(this.#top()?.ask?.price));
  readonly isTopValid = computed(() => this.#top()?.valid === true);
  readonly high = computed(() => this.#price(this.#day().high));
  readonly low = computed(() => this.#price(this.#day().low));
  readonly volume = computed(() => format.size(this.#day().volume));
  readonly change = computed(() => format.percent(this.standing.change()));
  readonly direction = computed(() => {
    const text = this.change();
    return text.startsWith('+') ? 'up' : text.startsWith('−') ? 'down' : '';
  });
  readonly age = computed(() => this.words()[this.standing.state()]);
  readonly mark = computed(() => {
    if (this.standing.state() === 'halted') return this.words().halted;
    const limit = this.standing.limit();
    return limit && this.words()[limit === 'up' ? 'limitUp' : 'limitDown'];
  });
  readonly why = computed(() => this.standing.refusals().join(' · '));

  /** Of the day, or of the last hours where the vendor counts so: the head of its market says that. */
  readonly #day = computed(() => {
    const quote = this.standing.quote();
    return quote?.volume === undefined && quote?.rolling
      ? quote.rolling
      : { high: quote?.high, low: quote?.low, volume: quote?.volume };
  });

  constructor() {
    effect(() => {
      const quote = this.standing.quote();
      this.desk.figures.set(this.symbol(), {
        last: quote?.last,
        change: this.standing.change(),
        // Of different coins and shares only the value can be compared.
        volume: quote?.turnover ?? quote?.rolling?.turnover ?? this.#day().volume,
      });
    });
  }

  focus(): void {
    this.#host.focus({ preventScroll: false });
  }

  remove(event: Event): void {
    event.stopPropagation();
    this.desk.remove(this.symbol());
  }

  #price(value: number | undefined): string {
    return format.price(this.symbol(), value);
  }
}
