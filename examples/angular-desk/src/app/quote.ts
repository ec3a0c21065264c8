import { computed, inject, type Signal } from '@angular/core';
import { map, scan } from 'rxjs';
import { ofKind, quotes, staleness, type FeedEvent, type Quote, type SymbolState } from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { CALENDAR } from './feeds';
import { vendorNames } from './link';
import { limitAt, vendorsOf } from './markets';
import { changeOf } from './sorting';

const inShares = (quote: Quote): Quote =>
  quote.sizeUnit === 'lots' && quote.volume !== undefined
    ? { ...quote, volume: 100 * quote.volume, sizeUnit: 'shares' }
    : quote;

/** The newest of both vendors; only one of them tells the previous close. */
const merged = (held: Quote, next: Quote): Quote =>
  next.previousClose === undefined && held.symbol === next.symbol
    ? { ...next, previousClose: held.previousClose }
    : next;

/** One vendor that says so is enough for a halt, and one that is heard is enough to be fresh. */
const best = (states: ReadonlyMap<string, SymbolState>): SymbolState =>
  (['halted', 'fresh', 'stale'] as const).find((state) => [...states.values()].includes(state)) ?? 'closed';

/** Who refused a symbol, and why. */
interface Refusals {
  readonly symbol: string;
  readonly reasons: ReadonlyMap<string, string>;
}

const refusalsAfter = (held: Refusals, event: FeedEvent, symbol: string): Refusals => {
  const { reasons } = held.symbol === symbol ? held : { reasons: new Map<string, string>() };
  if (event.kind !== 'refused' && event.kind !== 'subscribed') return { symbol, reasons };
  if (!event.topics.some((topic) => topic.channel === 'quote' && topic.symbol === symbol)) return { symbol, reasons };
  const after = new Map(reasons);
  if (event.kind === 'refused') after.set(event.provider, event.reason);
  else after.delete(event.provider);
  return { symbol, reasons: after };
};

/** How a symbol stands: its figures, whether they can be believed, and who does not serve it. */
export const injectStanding = (symbol: Signal<string>, every: number) => {
  const calendar = inject(CALENDAR);
  const latest = injectEvents({ topics: () => quotes(symbol()), every }, ofKind('quote'), map(inShares), scan(merged));
  const states = injectEvents(
    () => quotes(symbol()),
    staleness({ after: 10_000, calendar }),
    scan(
      // A link that is lost is of every symbol.
      (held, { provider, state, symbol: of = held.symbol }) => ({
        symbol: of,
        states: new Map(held.symbol === of ? held.states : []).set(provider, state),
      }),
      { symbol: '', states: new Map<string, SymbolState>() },
    ),
  );
  const refusals = injectEvents(
    { topics: () => quotes(symbol()), every: 'value' },
    ofKind('refused', 'subscribed'),
    scan((held: Refusals, event) => refusalsAfter(held, event, symbol()), { symbol: '', reasons: new Map() }),
  );

  const quote = computed(() => {
    const held = latest();
    return held?.symbol === symbol() ? held : undefined;
  });
  const reasons = computed(() => {
    const held = refusals();
    return held?.symbol === symbol() ? [...held.reasons] : [];
  });
  const isRefused = computed(() => reasons().length === vendorsOf(symbol()).length);
  const state = computed(() => {
    if (isRefused()) return 'refused' as const;
    const held = states();
    return held && held.symbol === symbol() && held.states.size > 0 ? best(held.states) : ('waiting' as const);
  });
  return {
    quote,
    state,
    isRefused,
    change: computed(() => changeOf(quote())),
    limit: computed(() => limitAt(symbol(), quote()?.last, quote()?.previousClose)),
    /** `iTick: cannot be resolved action` */
    refusals: computed(() => reasons().map(([vendor, why]) => `${vendorName(vendor)}: ${why}`)),
  };
};

const vendorName = (provider: string): string =>
  Object.entries(vendorNames).find(([vendor]) => vendor === provider)?.[1] ?? provider;
