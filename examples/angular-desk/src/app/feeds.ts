import { inject, InjectionToken, makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { from, merge, switchMap } from 'rxjs';
import {
  bbos,
  calendars,
  exponential,
  shareAcrossTabs,
  shareFeed,
  standby,
  type Calendar,
  type MakeFeed,
  type SharedFeed,
  type Topic,
} from 'rxtape';
import { injectFeed, provideFeed, type ProvidedFeed } from 'rxtape/angular';
import { binance, binanceHistory } from 'rxtape/binance';
import { itick, itickHistory } from 'rxtape/itick';
import { tickflow } from 'rxtape/tickflow';
import { hoursOf, isOnTwoLines, vendorsOf, type Vendor } from './markets';
import { paced, type Figure } from './paced';
import { soleOf } from './sole';

const meta = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name=${name}]`)?.content ?? '';

/** Where the vendors are. The simulator takes the key `demo`; a real one does not belong into a page. */
export const PLACE = new InjectionToken('where the vendors are', {
  factory: () => {
    const [url, restUrl] = meta('binance').split(' ');
    const nats = meta('nats') || undefined;
    // Over NATS the host has its socket, and the server that gave us the page asks for its past.
    const joined = nats === undefined ? undefined : { url: '', restUrl: location.origin };
    return {
      url: meta('vendors'),
      key: 'demo',
      nats,
      binance: joined ?? (url && restUrl ? { url, restUrl } : undefined),
      /** Whether the simulated market keeps the hours of its venues. */
      keepsHours: meta('hours') === 'sessions',
    };
  },
});

/** With `--nats` the server owns the sockets, and the page joins them; what that takes is loaded then only. */
const NATS = new InjectionToken('the feeds that are joined over NATS', {
  factory: () => {
    const { nats } = inject(PLACE);
    return nats === undefined ? undefined : import('./nats').then(({ joiner }) => joiner(nats));
  },
});

export const ITICK = new InjectionToken<ProvidedFeed>('itick');
export const TICKFLOW = new InjectionToken<ProvidedFeed>('tickflow');
export const BINANCE = new InjectionToken<ProvidedFeed>('binance');
/** iTick, and TickFlow when that fails: quotes and books of what both serve. */
export const STANDBY = new InjectionToken<ProvidedFeed>('two lines');
/** The line that serves a symbol, or the only vendor that has it. */
export const SERVED = new InjectionToken<ProvidedFeed>('who serves');
/** The best bid and offer of a symbol, of the same. */
export const TOPS = new InjectionToken<ProvidedFeed>('tops of books');
/** Each execution of a symbol: of iTick or Binance alone, as TickFlow sends none. */
export const PRINTS = new InjectionToken<ProvidedFeed>('prints');

export const tokens = { itick: ITICK, tickflow: TICKFLOW, binance: BINANCE } as const;

/** The past of which holes are repaired. The budget is the simulator's; leave it out for the free plan of iTick. */
export const HISTORY = new InjectionToken('the history of iTick', {
  factory: () => {
    const { url, key } = inject(PLACE);
    const budget = { calls: 100, per: 1_000 };
    // The server that owns the sockets asks for us, with the key that we do not have.
    if (inject(NATS)) return itickHistory({ url: location.origin, token: 'none', market: 'stock', budget });
    return itickHistory({ url: url.replace(/^ws/, 'http'), token: key, market: 'stock', budget });
  },
});
export const COIN_HISTORY = new InjectionToken('the history of Binance', {
  factory: () => {
    const restUrl = inject(PLACE).binance?.restUrl;
    return binanceHistory(restUrl === undefined ? {} : { restUrl });
  },
});

const around = new Map<string, Calendar>();

/** The hours of the simulated market: it never closes, and has the days of each exchange, if it is not told otherwise. */
export const CALENDAR = new InjectionToken('trading hours', {
  factory: () => {
    if (inject(PLACE).keepsHours) return hoursOf;
    return (symbol: string): Calendar => {
      const { zone } = hoursOf(symbol);
      const calendar = around.get(zone) ?? { ...calendars.always, zone };
      around.set(zone, calendar);
      return calendar;
    };
  },
});

const linger = 2_000;
/** A line that is away for so many milliseconds, or silent of a symbol, is replaced by the other one. */
const AFTER = 3_000;
/** So long it has to be back. Short, so that the return is seen; a vendor deserves a minute. */
const BACK = 12_000;
const backoff = exponential({ cap: 5_000 });

/** All tabs of a user watch over one socket; with `?alone` each has its own, and iTick ends the older one. */
const shared = (name: string, makeFeed: MakeFeed): SharedFeed =>
  new URLSearchParams(location.search).has('alone')
    ? shareFeed(makeFeed, { linger })
    : shareAcrossTabs(makeFeed, { name, linger });

/** A vendor's feed: over NATS, where there is one, else over a socket to the vendor. */
const feedOf = (name: Vendor, direct: MakeFeed, ...figures: readonly Figure[]): SharedFeed => {
  const nats = inject(NATS);
  const received: MakeFeed = nats ? (topics) => from(nats).pipe(switchMap((join) => join(name)(topics))) : direct;
  return shared(name, paced(received, ...figures));
};

const itickFeed = () => {
  const { url, key } = inject(PLACE);
  return feedOf(
    'itick',
    (topics) => itick({ url, token: key, auth: 'message', market: 'stock', topics, backoff }),
    'quote',
    'depth',
  );
};

const tickflowFeed = () => {
  const { url, key } = inject(PLACE);
  return feedOf('tickflow', (topics) => tickflow({ url, apiKey: key, topics, backoff }), 'quote', 'depth');
};

const binanceFeed = () => {
  const place = inject(PLACE).binance;
  // Its books come in updates, none of which may be left out.
  return feedOf('binance', (topics) => binance({ ...place, topics, levels: 100, backoff }), 'quote', 'bbo');
};

/** Of each vendor one feed, which the others are made of. */
const SHARED = {
  itick: new InjectionToken<SharedFeed>('the feed of iTick', { factory: () => itickFeed() }),
  tickflow: new InjectionToken<SharedFeed>('the feed of TickFlow', { factory: () => tickflowFeed() }),
  binance: new InjectionToken<SharedFeed>('the feed of Binance', { factory: () => binanceFeed() }),
};

/** Both lines are those that the other feeds have, so that it costs no socket. What only one of them serves stays with it. */
const standbyFeed = (): MakeFeed => {
  const lines = [inject(SHARED.itick), inject(SHARED.tickflow)] as const;
  const promote = { on: 'stale', after: AFTER, calendar: inject(CALENDAR) } as const;
  return (topics$) => {
    const [primary$, secondary$] = [lines[0].watch(topics$), lines[1].watch(topics$)];
    return merge(standby(primary$, secondary$, { promote, back: { after: BACK } }), soleOf(primary$, secondary$));
  };
};

/** A feed that asks for each topic where it is to be had; `as` may ask for another one instead. */
const routed = (route: (symbol: string) => readonly Source[], as = (topic: Topic): Topic => topic) => {
  const feeds = {
    itick: injectFeed(ITICK),
    tickflow: injectFeed(TICKFLOW),
    binance: injectFeed(BINANCE),
    standby: injectFeed(STANDBY),
  };
  return {
    watch: (topics: readonly Topic[]) =>
      merge(
        ...(['itick', 'tickflow', 'binance', 'standby'] as const).flatMap((source) => {
          const own = topics.filter(({ symbol }) => route(symbol).includes(source)).map(as);
          return own.length > 0 ? [feeds[source].watch(own)] : [];
        }),
      ),
  };
};
type Source = Vendor | 'standby';

const topOf = (topic: Topic): Topic =>
  vendorsOf(topic.symbol).includes('binance') ? (bbos(topic.symbol)[0] ?? topic) : topic;
const first = (symbol: string): readonly Vendor[] => vendorsOf(symbol).slice(0, 1);
const serving = (symbol: string): readonly Source[] => (isOnTwoLines(symbol) ? ['standby'] : vendorsOf(symbol));

/** The one place where feeds are made. What is injected without a token is all vendors at once. */
export const provideFeeds = (): EnvironmentProviders =>
  makeEnvironmentProviders([
    provideFeed(() => inject(SHARED.itick), { token: ITICK }),
    provideFeed(() => inject(SHARED.tickflow), { token: TICKFLOW }),
    provideFeed(() => inject(SHARED.binance), { token: BINANCE }),
    provideFeed(standbyFeed, { token: STANDBY, linger }),
    provideFeed(() => routed(serving), { token: SERVED }),
    provideFeed(() => routed(serving, topOf), { token: TOPS }),
    provideFeed(() => routed(first), { token: PRINTS }),
    provideFeed(() => routed(vendorsOf)),
  ]);
