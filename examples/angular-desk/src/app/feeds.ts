import { inject, InjectionToken, makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { from, merge, switchMap } from 'rxjs';
import { calendars, exponential, shareAcrossTabs, shareFeed, type MakeFeed, type SharedFeed, type Topic } from 'rxtape';
import { injectFeed, provideFeed, type ProvidedFeed } from 'rxtape/angular';
import { itick, itickHistory } from 'rxtape/itick';
import { tickflow } from 'rxtape/tickflow';

const meta = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name=${name}]`)?.content ?? '';

/** Where the vendors are. The simulator takes the key `demo`; a real one does not belong into a page. */
const VENDORS = new InjectionToken<{ readonly url: string; readonly key: string }>('vendors', {
  factory: () => ({ url: meta('vendors'), key: 'demo' }),
});

/** With `--nats` the server owns the sockets, and the page joins them; what that takes is loaded then only. */
const NATS = new InjectionToken('the feeds that are joined over NATS', {
  factory: () => {
    const address = meta('nats');
    return address === '' ? undefined : import('./nats').then(({ joiner }) => joiner(address));
  },
});

export const ITICK = new InjectionToken<ProvidedFeed>('itick');
export const TICKFLOW = new InjectionToken<ProvidedFeed>('tickflow');

/** iTick's past, of which holes are repaired. The budget is the simulator's; leave it out for the free plan. */
export const HISTORY = new InjectionToken('the history of iTick', {
  factory: () => {
    const { url, key } = inject(VENDORS);
    const budget = { calls: 100, per: 1_000 };
    // The server that owns the sockets asks for us, with the key that we do not have.
    if (inject(NATS)) return itickHistory({ url: location.origin, token: 'none', market: 'stock', budget });
    return itickHistory({ url: url.replace(/^ws/, 'http'), token: key, market: 'stock', budget });
  },
});

/** The simulated market never closes. Without this, each venue keeps its own hours. */
export const calendar = calendars.always;

const linger = 2_000;
const backoff = exponential({ cap: 5_000 });

/** All tabs of a user watch over one socket; with `?alone` each has its own, and iTick ends the older one. */
const shared = (name: string, makeFeed: MakeFeed): SharedFeed =>
  new URLSearchParams(location.search).has('alone')
    ? shareFeed(makeFeed, { linger })
    : shareAcrossTabs(makeFeed, { name, linger });

/** A vendor's feed: over NATS, where there is one, else over a socket to the vendor. */
const feedOf = (name: string, direct: MakeFeed): SharedFeed => {
  const nats = inject(NATS);
  return shared(name, nats ? (topics) => from(nats).pipe(switchMap((join) => join(name)(topics))) : direct);
};

const itickFeed = () => {
  const { url, key } = inject(VENDORS);
  return feedOf('itick', (topics) => itick({ url, token: key, auth: 'message', market: 'stock', topics, backoff }));
};

const tickflowFeed = () => {
  const { url, key } = inject(VENDORS);
  return feedOf('tickflow', (topics) => tickflow({ url, apiKey: key, topics, backoff }));
};

/** What is injected without a token: both vendors at once. */
const bothFeeds = () => {
  const vendors = [injectFeed(ITICK), injectFeed(TICKFLOW)];
  return {
    watch: (topics: readonly Topic[]) => merge(...vendors.map((feed) => feed.watch(topics))),
  };
};

/** The one place where feeds are made. */
export const provideFeeds = (): EnvironmentProviders =>
  makeEnvironmentProviders([
    provideFeed(itickFeed, { token: ITICK }),
    provideFeed(tickflowFeed, { token: TICKFLOW }),
    provideFeed(bothFeeds),
  ]);
