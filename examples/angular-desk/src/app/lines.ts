import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { tap } from 'rxjs';
import { ofKind, quotes, type StandbyLost, type Switched } from 'rxtape';
import { injectEvents, injectLink } from 'rxtape/angular';
import { STANDBY } from './feeds';
import * as format from './format';
import { vendorName } from './link';
import { isOnTwoLines } from './markets';
import { DeskState } from './state';
import { Words } from './words';

type Told = Switched | StandbyLost;

/** So many are remembered. */
const MOST = 30;

/** Which of the two lines serves what, and each switch of the past. */
@Injectable({ providedIn: 'root' })
export class Lines {
  readonly link = injectLink(STANDBY);
  readonly #words = inject(Words).all;
  readonly #symbols = inject(DeskState).symbols;
  readonly #told = signal<readonly Told[]>([]);
  /** The switch of each symbol that the line serves that does not serve the rest. */
  readonly #apart = signal<ReadonlyMap<string, Switched>>(new Map());
  /** Of the list. */
  readonly apart = computed(() => this.#symbols().filter((symbol) => this.#apart().has(symbol)));
  /** A line of text for each switch and each loss of the line that stands by, the newest first. */
  readonly log = computed(() => this.#told().map((event) => ({ event, text: this.#text(event) })));

  constructor() {
    injectEvents(
      { topics: () => quotes(...this.#symbols().filter(isOnTwoLines)), feed: STANDBY, every: 'value' },
      ofKind('switched', 'standbyLost'),
      tap((event) => untracked(() => this.#note(event))),
    );
    effect(() => {
      // Another feed begins with the first line.
      if (this.link().state === 'idle') untracked(() => this.#apart.set(new Map()));
    });
  }

  /** `TickFlow serves 700.HK since 10:31:05: silent for 3000 ms while the other line spoke` */
  words(symbol: string, vendor: string): string {
    const words = this.#words();
    const last = this.#apart().get(symbol) ?? this.link().switched;
    if (!last || vendorName(last.provider) !== vendor) return words.serves(vendor, symbol);
    return `${words.servesSince(vendor, format.clock(last.receivedAt), symbol)}: ${this.#why(last)}`;
  }

  #note(event: Told): void {
    this.#told.update((before) => {
      const [last, ...others] = before;
      // A shared feed says a switch to each watcher with its own symbols alone.
      return last && isSame(last, event) ? [merged(last, event), ...others] : [event, ...before].slice(0, MOST);
    });
    if (event.kind !== 'switched') return;
    const { symbols, to } = event;
    const main = this.link().switched?.to ?? 'primary';
    this.#apart.update((before) => {
      if (symbols === 'all') return new Map();
      const after = new Map(before);
      for (const symbol of symbols) {
        if (to === main) after.delete(symbol);
        else after.set(symbol, event);
      }
      return after;
    });
  }

  #text(event: Told): string {
    const words = this.#words();
    const [time, vendor] = [format.clock(event.receivedAt), vendorName(event.provider)];
    if (event.kind === 'standbyLost')
      return `${time} ${vendor} ${words.standsByNot}: ${event.cause.message}; ${words.noHole}`;
    const { symbols, hole } = event;
    const what = symbols === 'all' ? words.allOfBoth : symbols.join(', ');
    const missing = hole
      ? `${words.missing} ${format.clock(hole.from)}, ${((hole.to - hole.from) / 1_000).toFixed(1)} s`
      : words.noHole;
    return `${time} ${words.serves(vendor, what)}: ${this.#why(event)}; ${missing}`;
  }

  #why({ cause }: Switched): string {
    const words = this.#words();
    if (cause._tag === 'PrimaryFresh') return words.isBack;
    if (cause._tag === 'Stale') return words.wasSilent;
    return cause.message;
  }
}

const isSame = (one: Told, other: Told): boolean =>
  one.kind === 'switched' && other.kind === 'switched' && one.receivedAt === other.receivedAt && one.to === other.to;

const merged = (one: Told, other: Told): Told => {
  if (one.kind !== 'switched' || other.kind !== 'switched') return one;
  if (one.symbols === 'all' || other.symbols === 'all') return { ...one, symbols: 'all' };
  return { ...one, symbols: [...new Set([...one.symbols, ...other.symbols])] };
};
