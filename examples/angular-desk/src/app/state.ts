import { computed, inject, Injectable, linkedSignal, signal } from '@angular/core';
import { canonicalSymbol, InvalidTopic, parseSymbol } from 'rxtape';
import { PLACE } from './feeds';
import { marketOf, markets } from './markets';
import { save, saved } from './saved';
import { nextSort, sorted, type Column, type Sort, type Sortable } from './sorting';

const stocks = ['600000.SH', '600519.SH', '000001.SZ', '300750.SZ', '700.HK', '9988.HK', 'AAPL.US', 'TSLA.US'];
const coins = ['BTCUSDT.BA', 'ETHUSDT.BA'];

/** TickFlow serves so many on one channel. */
const MOST = 100;

/** What was wanted and is not there, and why. */
interface LeftOut {
  readonly text: string;
  readonly problem: string;
}

interface Removed {
  readonly symbol: string;
  readonly at: number;
}

/** What the user has chosen. */
@Injectable({ providedIn: 'root' })
export class DeskState {
  readonly #hasCoins = inject(PLACE).binance !== undefined;
  readonly #asked = new URLSearchParams(location.search).get('symbols');
  readonly #begun = this.#begin();
  readonly #symbols = signal(this.#begun.symbols);
  readonly #chosen = signal(saved().selected ?? '');
  /** What was asked for by the address and is no symbol. */
  readonly leftOut = signal(this.#begun.leftOut);
  readonly removed = signal<Removed | undefined>(undefined);
  readonly sort = signal<Sort | undefined>(saved().sort);
  /** What the rows show, for sorting: written with each figure, and read when the list is sorted. */
  readonly figures = new Map<string, Sortable>();
  readonly #resorted = signal(0);

  readonly symbols = this.#symbols.asReadonly();
  /** By market, each in its order. */
  readonly groups = computed(() => {
    this.#resorted();
    const all = this.symbols();
    return markets
      .map((market) => ({ market, symbols: all.filter((symbol) => marketOf(symbol) === market) }))
      .filter(({ symbols }) => symbols.length > 0)
      .map(({ market, symbols }) => ({ market, symbols: sorted(symbols, this.sort(), this.figures) }));
  });
  /** As they are seen, from the first to the last. */
  readonly shown = computed(() => this.groups().flatMap(({ symbols }) => symbols));
  readonly selected = linkedSignal(() => {
    const chosen = this.#chosen();
    return this.symbols().includes(chosen) ? chosen : this.shown()[0];
  });

  constructor() {
    // Prices move; a list that is sorted by them follows them, though not faster than an eye.
    setInterval(() => this.sort() && this.#resorted.update((count) => count + 1), 3_000);
  }

  select(symbol: string): void {
    this.#chosen.set(symbol);
    this.selected.set(symbol);
    if (this.#asked === null) save({ selected: symbol });
  }

  /** Says what is wrong with the symbol, if anything is. */
  add(text: string): string | undefined {
    const checked = this.#check(text);
    if ('problem' in checked) return checked.problem;
    const { symbol } = checked;
    if (!this.symbols().includes(symbol)) {
      if (this.symbols().length >= MOST) return `a list has at most ${MOST} symbols`;
      this.#change([...this.symbols(), symbol]);
    }
    this.select(symbol);
    return undefined;
  }

  remove(symbol: string): void {
    const shown = this.shown();
    const seen = shown.indexOf(symbol);
    if (seen < 0) return;
    if (symbol === this.selected()) this.select(shown[seen + 1] ?? shown[seen - 1] ?? '');
    this.removed.set({ symbol, at: this.symbols().indexOf(symbol) });
    this.#change(this.symbols().filter((other) => other !== symbol));
  }

  /** Brings the last one that was removed back to its place. */
  undo(): void {
    const removed = this.removed();
    if (!removed) return;
    this.removed.set(undefined);
    if (!this.symbols().includes(removed.symbol)) this.#change(this.symbols().toSpliced(removed.at, 0, removed.symbol));
    this.select(removed.symbol);
  }

  /** Selects the next symbol of the list, or the one before. */
  step(by: number): void {
    const shown = this.shown();
    const at = Math.min(Math.max(shown.indexOf(this.selected() ?? '') + by, 0), shown.length - 1);
    const symbol = shown[at];
    if (symbol !== undefined) this.select(symbol);
  }

  /** Puts a symbol in the place of another one of its market. What is seen becomes the order, and no sort is on. */
  place(symbol: string, where: string | undefined): void {
    if (where === undefined || symbol === where || marketOf(symbol) !== marketOf(where)) return;
    const shown = this.shown();
    const at = shown.indexOf(where);
    this.#sortBy(undefined);
    this.#change(shown.filter((other) => other !== symbol).toSpliced(at, 0, symbol));
  }

  /** Moves a symbol by one. */
  move(symbol: string, by: 1 | -1): void {
    const shown = this.shown();
    this.place(symbol, shown[shown.indexOf(symbol) + by]);
  }

  sortBy(column: Column): void {
    this.#sortBy(nextSort(this.sort(), column));
  }

  #sortBy(sort: Sort | undefined): void {
    this.sort.set(sort);
    save({ sort });
  }

  #change(symbols: readonly string[]): void {
    this.#symbols.set(symbols);
    // A list that the address gives is of that page alone.
    if (this.#asked === null) save({ symbols });
  }

  /** The list of the address, or the one that was left, or ours. What is no symbol is left out, and said. */
  #begin(): { readonly symbols: readonly string[]; readonly leftOut: readonly LeftOut[] } {
    const ours = this.#hasCoins ? [...stocks, ...coins] : stocks;
    const kept: unknown = this.#asked?.split(',') ?? saved().symbols;
    const wanted = (Array.isArray(kept) ? kept : ours).map(String).filter((text) => text.trim() !== '');
    const checked = wanted.map((text) => this.#check(text));
    const symbols = [...new Set(checked.flatMap((one) => ('symbol' in one ? one.symbol : [])))];
    const wrong = checked.flatMap((one) => ('problem' in one ? one : []));
    const many = symbols.slice(MOST).map((text) => ({ text, problem: `a list has at most ${MOST} symbols` }));
    return { symbols: symbols.slice(0, MOST), leftOut: [...wrong, ...many] };
  }

  #check(text: string): { readonly symbol: string } | LeftOut {
    try {
      const written = text.trim().toUpperCase();
      parseSymbol(written);
      const symbol = canonicalSymbol(written);
      if (marketOf(symbol) === 'crypto' && !this.#hasCoins) return { text, problem: 'this desk reaches no Binance' };
      return { symbol };
    } catch (error) {
      return { text, problem: error instanceof InvalidTopic ? error.problem : String(error) };
    }
  }
}
