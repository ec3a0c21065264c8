import { computed, Injectable, signal } from '@angular/core';
import { canonicalSymbol, InvalidTopic, parseSymbol } from 'rxtape';

const query = new URLSearchParams(location.search);
const listed = ['600000.SH', '600519.SH', '000001.SZ', '300750.SZ', '700.HK', '9988.HK', 'AAPL.US', 'TSLA.US'];

/** What the user has chosen. */
@Injectable({ providedIn: 'root' })
export class DeskState {
  readonly #symbols = signal(query.get('symbols')?.split(',') ?? listed);
  readonly #chosen = signal(this.#symbols()[0] ?? '');

  readonly symbols = this.#symbols.asReadonly();
  readonly selected = computed(() => (this.symbols().includes(this.#chosen()) ? this.#chosen() : this.symbols()[0]));

  select(symbol: string): void {
    this.#chosen.set(symbol);
  }

  /** Says what is wrong with the symbol, if anything is. */
  add(text: string): string | undefined {
    try {
      const written = text.trim().toUpperCase();
      parseSymbol(written);
      const symbol = canonicalSymbol(written);
      if (!this.symbols().includes(symbol)) this.#symbols.update((symbols) => [...symbols, symbol]);
      this.select(symbol);
      return undefined;
    } catch (error) {
      return error instanceof InvalidTopic ? error.problem : String(error);
    }
  }

  remove(symbol: string): void {
    const at = this.symbols().indexOf(symbol);
    if (symbol === this.selected()) this.select(this.symbols()[at + 1] ?? this.symbols()[at - 1] ?? '');
    this.#symbols.update((symbols) => symbols.filter((other) => other !== symbol));
  }

  /** Selects the next symbol of the list, or the one before. */
  step(by: 1 | -1): void {
    const symbols = this.symbols();
    this.select(symbols[symbols.indexOf(this.selected() ?? '') + by] ?? this.selected() ?? '');
  }
}
