import { computed, inject, type Signal } from '@angular/core';
import { connect, merge, scan, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { ofKind, quotes, staleness, type FeedEvent, type Quote, type SymbolState, type Topic } from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { CALENDAR } from './feeds';
import { vendorNames } from './link';
import { limitAt, vendorsOf } from './markets';
import { changeOf } from './sorting';

const inShares = (quote: Quote): Quote =>
  quote.sizeUnit === 'lots' && quote.volume !== undefined
    ? { ...quote, volume: 100 * quote.volume, sizeUnit: 'shares' }
    : quote;

/** One vendor that says so is enough for a halt, and one that is heard is enough to be fresh. */
const best = (states: ReadonlyMap<string, SymbolState>): SymbolState =>
  (['halted', 'fresh', 'stale'] as const).find((state) => [...states.values()].includes(state)) ?? 'closed';

/** What is known of a symbol. */
interface Known {
  readonly symbol: string;
  /** The newest of all vendors; only one of them tells the previous close. */
  readonly quote: Quote | undefined;
  readonly states: ReadonlyMap<string, SymbolState>;
  /** Why it is refused, by vendor. */
  readonly refusals: ReadonlyMap<string, string>;
}

const unknown: Known = { symbol: '', quote: undefined, states: new Map(), refusals: new Map() };

/** How `staleness` says what it says; of a link that is lost it is of every symbol. */
interface Stated {
  readonly symbol?: string | undefined;
  readonly provider: string;
  readonly state: SymbolState;
}

type News = Extract<FeedEvent, { readonly kind: 'quote' | 'refused' | 'subscribed' }> | Stated;

const isAbout = (topics: readonly Topic[], symbol: string): boolean =>
  topics.some((topic) => topic.channel === 'quote' && topic.symbol === symbol);

const after = (before: Known, news: News, symbol: string): Known => {
  const held = before.symbol === symbol ? before : { ...unknown, symbol };
  if ('state' in news) {
    return news.symbol === symbol || news.symbol === undefined
      ? { ...held, states: new Map(held.states).set(news.provider, news.state) }
      : held;
  }
  if (news.kind === 'quote') {
    if (news.symbol !== symbol) return held;
    const quote = inShares(news);
    const previousClose = quote.previousClose ?? held.quote?.previousClose;
    return { ...held, quote: { ...quote, previousClose } };
  }
  if (!isAbout(news.topics, symbol)) return held;
  const refusals = new Map(held.refusals);
  if (news.kind === 'refused') refusals.set(news.provider, news.reason);
  else refusals.delete(news.provider);
  return { ...held, refusals };
};

/** How a symbol stands: its figures, whether they can be believed, and who does not serve it. */
export const injectStanding = (symbol: Signal<string>, pace: MonoTypeOperatorFunction<Known>) => {
  const calendar = inject(CALENDAR);
  // One watcher for all: each event of a long list costs as much as there are watchers.
  const latest = injectEvents(
    { topics: () => quotes(symbol()), every: 'value', initial: unknown },
    connect((events$: Observable<FeedEvent>) =>
      merge<readonly News[]>(
        events$.pipe(ofKind('quote', 'refused', 'subscribed')),
        events$.pipe(staleness({ after: 10_000, calendar })),
      ),
    ),
    scan((before: Known, news) => after(before, news, symbol()), unknown),
    pace,
  );
  const known = computed(() => (latest().symbol === symbol() ? latest() : unknown));
  const quote = computed(() => known().quote);
  const refusals = computed(() => known().refusals);
  const states = computed(() => known().states);
  const isRefused = computed(() => refusals().size === vendorsOf(symbol()).length);
  return {
    quote,
    isRefused,
    state: computed(() => {
      if (isRefused()) return 'refused' as const;
      return states().size > 0 ? best(states()) : ('waiting' as const);
    }),
    change: computed(() => changeOf(quote())),
    limit: computed(() => limitAt(symbol(), quote()?.last, quote()?.previousClose)),
    /** `iTick: cannot be resolved action` */
    refusals: computed(() => [...refusals()].map(([vendor, why]) => `${vendorName(vendor)}: ${why}`)),
  };
};

const vendorName = (provider: string): string =>
  Object.entries(vendorNames).find(([vendor]) => vendor === provider)?.[1] ?? provider;
