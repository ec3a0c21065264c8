import { afterRenderEffect, ChangeDetectionStrategy, Component, ElementRef, inject, signal } from '@angular/core';
import { Row } from './row';
import type { Column } from './sorting';
import { DeskState } from './state';
import { Words } from './words';

interface Head {
  readonly word: 'symbol' | 'last' | 'change' | 'bid' | 'ask' | 'high' | 'low' | 'volume';
  readonly sorts?: Column;
  readonly look: string;
}

const heads: readonly Head[] = [
  { word: 'symbol', sorts: 'symbol', look: '' },
  { word: 'last', sorts: 'last', look: 'num' },
  { word: 'change', sorts: 'change', look: 'num' },
  { word: 'bid', look: 'num wide' },
  { word: 'ask', look: 'num wide' },
  { word: 'high', look: 'num wider' },
  { word: 'low', look: 'num wider' },
  { word: 'volume', sorts: 'volume', look: 'num wide' },
];

@Component({
  selector: 'app-watchlist',
  imports: [Row],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: {
    '(keydown.control.z)': 'desk.undo()',
    '(keydown.meta.z)': 'desk.undo()',
    '(document:focusin)': 'note($event)',
    '(document:pointerdown)': 'note($event)',
  },
  template: `
    <div class="list">
      <table
        role="grid"
        [attr.aria-label]="words().watchlist"
        aria-describedby="list-help"
        (keydown)="press($event)"
        (dragstart)="drag($event)"
        (dragover)="over($event)"
        (drop)="drop($event)"
        (dragend)="dragged.set(undefined)"
      >
        <thead>
          <tr>
            @for (head of heads; track head.word) {
              <th scope="col" [class]="head.look" [attr.aria-sort]="head.sorts && ariaSort(head.sorts)">
                @if (head.sorts; as column) {
                  <button type="button" class="sort" (click)="desk.sortBy(column)">
                    {{ words()[head.word] }}<span aria-hidden="true">{{ arrow(column) }}</span>
                  </button>
                } @else {
                  {{ words()[head.word] }}
                }
              </th>
            }
            <th scope="col" class="age">
              <span class="unseen">{{ words().freshness }}</span>
            </th>
            <th scope="col" class="tool">
              <span class="unseen">{{ words().remove }}</span>
            </th>
          </tr>
        </thead>
        @for (group of desk.groups(); track group.market) {
          <tbody>
            <tr class="market">
              <th scope="rowgroup" colspan="10">{{ words().markets[group.market] }}</th>
            </tr>
            @for (symbol of group.symbols; track symbol) {
              <tr app-row draggable="true" [symbol]="symbol" [class.dragged]="dragged() === symbol"></tr>
            }
          </tbody>
        }
      </table>
    </div>
    <p id="list-help" class="unseen">{{ words().help }}</p>
    <p class="undo" role="status">
      @if (desk.removed(); as removed) {
        {{ words().removed }} {{ removed.symbol }}
        <button type="button" (click)="desk.undo()">{{ words().undo }}</button>
      }
    </p>
    <form (submit)="add(field, $event)">
      <input
        #field
        name="symbol"
        [attr.aria-label]="words().addSymbol"
        [placeholder]="words().addHint"
        autocomplete="off"
        spellcheck="false"
        [attr.aria-invalid]="problem() ? true : null"
        (input)="problem.set(undefined)"
      />
      <button type="submit">{{ words().add }}</button>
      <p role="alert">{{ problem() }}</p>
    </form>
  `,
})
export class Watchlist {
  readonly desk = inject(DeskState);
  readonly words = inject(Words).all;
  readonly heads = heads;
  readonly problem = signal<string | undefined>(undefined);
  readonly dragged = signal<string | undefined>(undefined);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  /** Whether a row has the focus, or had it until it was moved or removed. */
  #isWithin = false;

  constructor() {
    // Focus and selection are one thing. A row that is moved loses the focus, one that is removed takes it away, and one that
    // comes back has it again.
    afterRenderEffect(() => {
      this.desk.shown();
      const selected = this.desk.selected();
      if (this.#isWithin && document.activeElement?.getAttribute('data-symbol') !== selected) this.#focus();
    });
  }

  note({ target }: Event): void {
    this.#isWithin =
      target instanceof Element && this.#host.contains(target) && target.closest('[data-symbol]') !== null;
  }

  add(field: HTMLInputElement, event: Event): void {
    event.preventDefault();
    this.problem.set(this.desk.add(field.value));
    if (!this.problem()) field.value = '';
  }

  ariaSort(column: Column): string {
    const sort = this.desk.sort();
    if (sort?.by !== column) return 'none';
    return sort.down ? 'descending' : 'ascending';
  }

  arrow(column: Column): string {
    return { none: '', descending: ' ▾', ascending: ' ▴' }[this.ariaSort(column)] ?? '';
  }

  /** The keys of the rows; those of the heads are the browser's. */
  press(event: KeyboardEvent): void {
    const symbol = symbolAt(event);
    if (symbol === undefined) return;
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (by !== undefined && event.altKey) {
      if (by === 1 || by === -1) this.desk.move(symbol, by);
    } else if (by !== undefined) this.desk.step(by);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.desk.remove(symbol);
    else return;
    event.preventDefault();
  }

  drag(event: DragEvent): void {
    const symbol = symbolAt(event);
    if (symbol === undefined) return;
    event.dataTransfer?.setData('text/plain', symbol);
    this.dragged.set(symbol);
  }

  over(event: DragEvent): void {
    if (this.dragged() !== undefined && symbolAt(event) !== undefined) event.preventDefault();
  }

  drop(event: DragEvent): void {
    const symbol = this.dragged();
    if (symbol === undefined) return;
    event.preventDefault();
    this.desk.place(symbol, symbolAt(event));
    this.dragged.set(undefined);
  }

  /** To the row that is selected, or to the field when nothing is left. */
  #focus(): void {
    const symbol = this.desk.selected();
    const row = symbol && this.#host.querySelector<HTMLElement>(`[data-symbol="${CSS.escape(symbol)}"]`);
    (row || this.#host.querySelector('input'))?.focus();
  }
}

const symbolAt = ({ target }: Event): string | undefined =>
  target instanceof Element ? target.closest<HTMLElement>('[data-symbol]')?.dataset['symbol'] : undefined;
