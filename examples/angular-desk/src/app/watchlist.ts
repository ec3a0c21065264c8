import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { Row } from './row';
import { DeskState } from './state';

@Component({
  selector: 'app-watchlist',
  imports: [Row],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <table
      (keydown.arrowdown)="step(1, $event)"
      (keydown.arrowup)="step(-1, $event)"
      (keydown.delete)="desk.remove(desk.selected() ?? '')"
    >
      <thead>
        <tr>
          <th scope="col">Symbol</th>
          <th scope="col" class="num">Last</th>
          <th scope="col" class="num">Change</th>
          <th scope="col" class="num wide">Volume</th>
          <th scope="col" class="age"><span class="unseen">Freshness</span></th>
          <th scope="col" class="tool"><span class="unseen">Remove</span></th>
        </tr>
      </thead>
      <tbody>
        @for (symbol of desk.symbols(); track symbol) {
          <tr app-row [symbol]="symbol"></tr>
        }
      </tbody>
    </table>
    <form (submit)="add(field, $event)">
      <input
        #field
        name="symbol"
        aria-label="Symbol to add"
        placeholder="Add a symbol: 601318.SH"
        autocomplete="off"
        spellcheck="false"
        [attr.aria-invalid]="problem() ? true : null"
        (input)="problem.set(undefined)"
      />
      <button type="submit">Add</button>
      <p role="alert">{{ problem() }}</p>
    </form>
  `,
})
export class Watchlist {
  readonly desk = inject(DeskState);
  readonly problem = signal<string | undefined>(undefined);

  add(field: HTMLInputElement, event: Event): void {
    event.preventDefault();
    this.problem.set(this.desk.add(field.value));
    if (!this.problem()) field.value = '';
  }

  step(by: 1 | -1, event: Event): void {
    event.preventDefault();
    this.desk.step(by);
  }
}
