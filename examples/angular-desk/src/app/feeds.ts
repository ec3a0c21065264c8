import { inject, InjectionToken, makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { from, merge, switchMap } from 'rxjs';
import {
  bbos,
  calendars,
  exponential,
  shareAcrossTabs,
  shareFeed,
  type Calendar,
  type MakeFeed,
  type SharedFeed,
  type Topic,
} from 'rxtape';
import { injectFeed, provideFeed, type ProvidedFeed } from 'rxtape/angular';
import { binance, binanceHistory } from 'rxtape/binance';
import { itick, itickHistory } from 'rxtape/itick';
import { tickflow } from 'rxtape/tickflow';
import { hoursOf, vendorsOf, type Vendor } from './markets';
import { paced, type Figure } from './paced';

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
/** The best bid and offer of a symbol: of one vendor, as those of both for a whole list would be twice the work. */
export const TOPS = new InjectionToken<ProvidedFeed>('tops of books');
/** Each execution of a symbol; TickFlow sends none. */
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

/** A feed that asks for each topic where it is to be had; `as` may ask for another one instead. */
const routed = (route: (symbol: string) => readonly Vendor[], as = (topic: Topic): Topic => topic) => {
  const feeds = { itick: injectFeed(ITICK), tickflow: injectFeed(TICKFLOW), binance: injectFeed(BINANCE) };
  return {
    watch: (topics: readonly Topic[]) =>
      merge(
        ...(['itick', 'tickflow', 'binance'] as const).flatMap((vendor) => {
          const own = topics.filter(({ symbol }) => route(symbol).includes(vendor)).map(as);
          return own.length > 0 ? [feeds[vendor].watch(own)] : [];
        }),
      ),
  };
};

const topOf = (topic: Topic): Topic =>
  vendorsOf(topic.symbol).includes('binance') ? (bbos(topic.symbol)[0] ?? topic) : topic;
const first = (symbol: string): readonly Vendor[] => vendorsOf(symbol).slice(0, 1);
const last = (symbol: string): readonly Vendor[] => vendorsOf(symbol).slice(-1);

/** The one place where feeds are made. What is injected without a token is all vendors at once. */
export const provideFeeds = (): EnvironmentProviders =>
  makeEnvironmentProviders([
    provideFeed(itickFeed, { token: ITICK }),
    provideFeed(tickflowFeed, { token: TICKFLOW }),
    provideFeed(binanceFeed, { token: BINANCE }),
    provideFeed(() => routed(last, topOf), { token: TOPS }),
    provideFeed(() => routed(first), { token: PRINTS }),
    provideFeed(() => routed(vendorsOf)),
  ]);
