import { computed, inject, type Signal } from '@angular/core';
import { connect, merge, scan, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { isOpen, ofKind, quotes, staleness, type FeedEvent, type Quote, type SymbolState, type Topic } from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { Clock } from './clock';
import { CALENDAR, SERVED } from './feeds';
import { vendorName } from './link';
import { limitAt, vendorsOf } from './markets';
import { changeOf } from './sorting';

const inShares = (quote: Quote): Quote =>
  quote.sizeUnit === 'lots' && quote.volume !== undefined
    ? { ...quote, volume: 100 * quote.volume, sizeUnit: 'shares' }
    : quote;

/** What is known of a symbol. */
interface Known {
  readonly symbol: string;
  /** The newest. */
  readonly quote: Quote | undefined;
  /** Undefined until the line that serves it has said something of it. */
  readonly state: SymbolState | undefined;
}

const unknown: Known = { symbol: '', quote: undefined, state: undefined };

/** How `staleness` says what it says; of a link that is lost it is of every symbol. */
interface Stated {
  readonly symbol?: string | undefined;
  readonly state: SymbolState;
}

type News = Extract<FeedEvent, { readonly kind: 'quote' | 'switched' }> | Stated;

const after = (before: Known, news: News, symbol: string): Known => {
  const held = before.symbol === symbol ? before : { ...unknown, symbol };
  if ('state' in news) {
    return news.symbol === symbol || news.symbol === undefined ? { ...held, state: news.state } : held;
  }
  // The figures stay until the next ones come, but what was said of them is over.
  if (news.kind === 'switched') return { ...held, state: undefined };
  return news.symbol === symbol ? { ...held, quote: inShares(news) } : held;
};

const isAbout = (topics: readonly Topic[], symbol: string): boolean =>
  topics.some((topic) => topic.channel === 'quote' && topic.symbol === symbol);

type Answer = Extract<FeedEvent, { readonly kind: 'quote' | 'refused' | 'subscribed' }>;

/** What all vendors have said of a symbol, also the one that stands by. */
interface Said {
  /** Why it is refused, by vendor. */
  readonly refusals: ReadonlyMap<string, string>;
  /** The first one, for as long as the line that serves has said nothing. */
  readonly quote: Quote | undefined;
  /** Only one vendor tells it. */
  readonly previousClose: number | undefined;
}

const nothing: Said = { refusals: new Map(), quote: undefined, previousClose: undefined };

const afterAnswer = (before: Said, answer: Answer, symbol: string): Said => {
  if (answer.kind === 'quote') {
    const { quote = inShares(answer), previousClose } = before;
    const close = answer.previousClose ?? previousClose;
    // The same object where nothing is new, as it is with nearly all that come.
    return quote === before.quote && close === previousClose ? before : { ...before, quote, previousClose: close };
  }
  if (!isAbout(answer.topics, symbol)) return before;
  const refusals = new Map(before.refusals);
  if (answer.kind === 'refused') refusals.set(answer.provider, answer.reason);
  else refusals.delete(answer.provider);
  return { ...before, refusals };
};

/** How a symbol stands: its figures, whether they can be believed, and who does not serve it. */
export const injectStanding = (symbol: Signal<string>, pace: MonoTypeOperatorFunction<Known>) => {
  const calendar = inject(CALENDAR);
  const clock = inject(Clock);
  // One watcher for all: each event of a long list costs as much as there are watchers.
  const latest = injectEvents(
    { topics: () => quotes(symbol()), feed: SERVED, every: 'value', initial: unknown },
    connect((events$: Observable<FeedEvent>) =>
      merge<readonly News[]>(
        events$.pipe(ofKind('quote', 'switched')),
        events$.pipe(staleness({ after: 10_000, calendar })),
      ),
    ),
    scan((before: Known, news) => after(before, news, symbol()), unknown),
    pace,
  );
  const said = injectEvents(
    { topics: () => quotes(symbol()), every: 'value', initial: nothing },
    ofKind('quote', 'refused', 'subscribed'),
    scan((before: Said, answer) => afterAnswer(before, answer, symbol()), nothing),
  );
  const known = computed(() => (latest().symbol === symbol() ? latest() : unknown));
  const refusals = computed(() => said().refusals);
  const quote = computed(() => {
    const [served, { quote: first, previousClose }] = [known().quote, said()];
    const shown = served ?? (first?.symbol === symbol() ? first : undefined);
    return shown && { ...shown, previousClose: shown.previousClose ?? previousClose };
  });
  const isRefused = computed(() => refusals().size === vendorsOf(symbol()).length);
  return {
    quote,
    isRefused,
    state: computed(() => {
      if (isRefused()) return 'refused' as const;
      // Of a market that is closed nothing may come for days.
      return known().state ?? (isOpen(calendar(symbol()), clock.now()) ? ('waiting' as const) : ('closed' as const));
    }),
    /** The vendor whose figures these are, where it is not the one that usually serves the symbol. */
    standIn: computed(() => {
      const provider = known().quote?.provider;
      return provider === undefined || provider === vendorsOf(symbol())[0] ? undefined : vendorName(provider);
    }),
    change: computed(() => changeOf(quote())),
    limit: computed(() => limitAt(symbol(), quote()?.last, quote()?.previousClose)),
    /** `iTick: cannot be resolved action` */
    refusals: computed(() => [...refusals()].map(([vendor, why]) => `${vendorName(vendor)}: ${why}`)),
  };
};
