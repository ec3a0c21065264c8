import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { Span } from 'rxtape';
import { injectLink } from 'rxtape/angular';
import { BINANCE, ITICK, TICKFLOW } from './feeds';
import type { Vendor } from './markets';

/** A hole in what this page received; `to` is Infinity while it is open. */
export interface Hole extends Span {
  /** Whether the page was away, and not the vendor. */
  readonly isOurs?: boolean;
}

type Holes = Readonly<Record<Vendor, readonly Hole[]>>;

const KEY = 'rxtape-desk-gaps';
/** So many of each vendor are remembered. */
const MOST = 20;
const nothing: Holes = { itick: [], tickflow: [], binance: [] };

interface Kept {
  readonly holes: Readonly<Record<Vendor, readonly { from: number; to: number | null; isOurs?: boolean }[]>>;
  /** When the page was left, and which links it had then. */
  readonly leftAt?: number;
  readonly live?: readonly Vendor[];
}

/**
 * The holes of each vendor, those before a reload as well: they are kept in the storage of the tab. That the page was away is
 * a hole too.
 */
@Injectable({ providedIn: 'root' })
export class GapLog {
  readonly links = {
    itick: injectLink(ITICK),
    tickflow: injectLink(TICKFLOW),
    binance: injectLink(BINANCE),
  } as const;
  readonly #holes = signal<Holes>(restored());
  readonly holes = this.#holes.asReadonly();

  constructor() {
    for (const vendor of ['itick', 'tickflow', 'binance'] as const) {
      effect(() => {
        const { state, lastGap } = this.links[vendor]();
        untracked(() => this.#note(vendor, state, lastGap));
      });
    }
    addEventListener('pagehide', () => this.#keep(Date.now()));
  }

  /** The hole that is open, if one is; else the last one. */
  readonly last = computed(() => {
    const { itick, tickflow, binance } = this.#holes();
    return { itick: itick.at(-1), tickflow: tickflow.at(-1), binance: binance.at(-1) };
  });

  #note(vendor: Vendor, state: string, lastGap: Span | undefined): void {
    const before = this.#holes()[vendor];
    const open = before.at(-1)?.to === Infinity ? before.at(-1) : undefined;
    const known = open ? before.slice(0, -1) : before;
    let after = before;
    if (state === 'lost' && !open && this.#wasLive.has(vendor)) after = [...known, { from: Date.now(), to: Infinity }];
    if (state === 'live') {
      this.#wasLive.add(vendor);
      // The feed knows better when the last frame came, but not what was before the page.
      const told = lastGap && !known.some(({ from }) => from === lastGap.from) ? lastGap : undefined;
      if (open) {
        const from = told ? Math.min(open.from, told.from) : open.from;
        after = [...known, { ...open, from, to: told?.to ?? Date.now() }];
      } else if (told) after = [...known, told];
    }
    if (after === before) return;
    this.#holes.update((holes) => ({ ...holes, [vendor]: after.slice(-MOST) }));
    this.#keep();
  }

  readonly #wasLive = new Set<Vendor>();

  #keep(leftAt?: number): void {
    const { itick, tickflow, binance } = this.#holes();
    const plain = (holes: readonly Hole[]) => holes.map((hole) => ({ ...hole, to: finite(hole.to) }));
    const holes = { itick: plain(itick), tickflow: plain(tickflow), binance: plain(binance) };
    const kept: Kept = { holes, ...(leftAt === undefined ? {} : { leftAt, live: [...this.#wasLive] }) };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // Without storage a reload forgets.
    }
  }
}

const finite = (time: number): number | null => (time === Infinity ? null : time);

const restored = (): Holes => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null;
    if (!kept) return nothing;
    const of = (vendor: Vendor): readonly Hole[] => {
      const holes = kept.holes[vendor].map((hole): Hole => ({ ...hole, to: hole.to ?? Infinity }));
      const isOpen = holes.at(-1)?.to === Infinity;
      if (isOpen || kept.leftAt === undefined || !kept.live?.includes(vendor)) return holes;
      return [...holes, { from: kept.leftAt, to: Infinity, isOurs: true }];
    };
    return { itick: of('itick'), tickflow: of('tickflow'), binance: of('binance') };
  } catch {
    return nothing;
  }
};
