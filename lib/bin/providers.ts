import type { Observable } from 'rxjs';
import {
  isMarketEvent,
  klines,
  quotes,
  trades,
  type FeedEvent,
  type History,
  type HistoryFetch,
  type Interval,
  type SizeUnit,
  type Topic,
} from '../index.js';
import { frameDecoder as binanceDecoder } from '../providers/binance/decodeFrame.js';
import { binance, binanceHistory } from '../providers/binance/index.js';
import { dataReader } from '../providers/binance/readData.js';
import { topicsAsked as askedOfBinance } from '../providers/binance/requests.js';
import { frameDecoder as itickDecoder } from '../providers/itick/decodeFrame.js';
import { itick, itickHistory } from '../providers/itick/index.js';
import { markets, type ItickMarket } from '../providers/itick/protocol.js';
import { topicsAsked as askedOfItick } from '../providers/itick/requests.js';
import { spelling } from '../providers/itick/symbols.js';
import { frameDecoder as tickflowDecoder } from '../providers/tickflow/decodeFrame.js';
import { tickflow, tickflowHistory } from '../providers/tickflow/index.js';
import { rememberedSizeUnit } from '../providers/tickflow/marketEvents.js';
import { endpoints, type TickflowEndpoint } from '../providers/tickflow/protocol.js';
import { topicsAsked as askedOfTickflow } from '../providers/tickflow/requests.js';
import { InvalidOption } from '../model/errors.js';
import type { FeedConnection } from '../record/index.js';
import type { Topics } from '../session/wanted.js';
import { joinedAt, natsAddress, natsLogin } from './nats.js';

/** Whether an address is one of this machine, as that of the simulated market is. */
export const isOfThisMachine = (url: string): boolean => /^wss?:\/\/(?:127\.|localhost\b|\[::1\])/.test(url);

/** A feed that can be watched, by the name it has on the command line: `itick:stock`, `tickflow`. */
export interface SourceKind {
  readonly name: string;
  /** The provider, as its events call it. */
  readonly vendor: string;
  /** Which of the provider's feeds: a market of iTick, an endpoint of TickFlow. */
  readonly variant: string;
}

/** What a feed is asked for, and by which way. */
export interface Access extends Partial<FeedConnection> {
  /** What is wanted; an Observable for a host, whose joiners come and go. */
  readonly topics: Topics;
  readonly credential: string;
  /** The provider's own host when absent. */
  readonly url: string | undefined;
  /** The same of its REST interface, for a feed that asks that too. */
  readonly restUrl?: string | undefined;
}

/** How a history is asked. */
export interface HistoryAccess {
  readonly credential: string;
  /** The provider's own host when absent. */
  readonly url: string | undefined;
  readonly budget: History['budget'] | undefined;
  readonly fetch?: HistoryFetch | undefined;
}

/** All that the console has to know of a provider, for live data, simulated data and recordings. */
export interface Provider {
  /** As its events call it. */
  readonly vendor: string;
  /** Its feeds: the name of each, and the path of its address below the host. */
  readonly sources: readonly (Omit<SourceKind, 'vendor'> & { readonly path: string })[];
  /** What has to follow the name of the provider after a colon, where its bare name is not a source. */
  readonly variantIs?: string;
  /** The source that an address names; absent where sources have names only. Throws `InvalidOption`. */
  readonly sourceAt?: (word: string) => Omit<SourceKind, 'vendor'> | undefined;
  /** The lines of `rxtape help sources` about its sources. */
  readonly help: string;
  /**
   * The variables of the environment that hold a credential, which a public vendor has not, and other hosts; absent where `login` is.
   */
  readonly variables?: { readonly credential?: string; readonly url: string; readonly restUrl: string };
  /** The host of its REST interface by that of its feed, where that tells it; by default the same one. */
  readonly restUrlOf?: (url: string) => string | undefined;
  /** What to log in with, for one that may want nothing. */
  readonly login?: (env: Readonly<Record<string, string | undefined>>) => string;
  /** The topic of the prices that bars are made of. */
  readonly pricesOf: (symbol: string, variant: string) => readonly Topic[];
  /** What is shown when no source is named. */
  readonly showcase?: { readonly source: string; readonly symbols: readonly string[] };
  /** What `rxtape live` shows when nothing is named: of a vendor that asks for no credential. */
  readonly live?: { readonly source: string; readonly symbols: readonly string[] };
  /** How its symbols end, where no account is needed for them: its first source is theirs where none is named. */
  readonly publicVenue?: string;
  /** Whether its frames can be recorded here, and its market simulated. */
  readonly isVendor: boolean;
  /** Opens a feed; `variant` is that of one of its sources. */
  open(variant: string, access: Access): Observable<FeedEvent>;
  /** The bars of before; absent where the provider has none. Throws `InvalidOption` for a wrong address. */
  readonly history?: (variant: string, access: HistoryAccess) => History;
  /** The unit of the volume of its past bars, where that is known. */
  readonly sizeUnitOf: (symbol: string) => SizeUnit | undefined;
  /** The topics that a frame of ours asks for. */
  readonly asked: (frame: string) => readonly Topic[];
  /** The topics that a frame of the provider answers to. */
  readonly answered: (frame: string) => readonly Topic[];
}

const decodeItick = itickDecoder({
  feed: 'itick',
  spell: spelling([]),
  tickVolume: 'size',
  sizeUnit: undefined,
});

const decodeTickflow = tickflowDecoder({ feed: 'tickflow', spell: (symbol) => symbol });

const decodeBinance = binanceDecoder(dataReader({ feed: 'binance' }));

/** The providers of the console, of `inspect` and of the simulated market. Another provider is one more entry. */
export const providers: readonly Provider[] = [
  {
    vendor: 'itick',
    isVendor: true,
    sources: markets.map((market) => ({ name: `itick:${market}`, variant: market, path: market })),
    variantIs: 'market',
    help: `  ${markets.map((market) => `itick:${market}`).join(' ')}`,
    variables: { credential: 'ITICK_TOKEN', url: 'ITICK_URL', restUrl: 'ITICK_REST_URL' },
    pricesOf: (symbol) => trades(symbol),
    showcase: { source: 'itick:stock', symbols: ['AAPL.US', 'TSLA.US', '700.HK', '600000.SH'] },
    open: (market: ItickMarket, { credential, ...access }) => itick({ token: credential, market, ...access }),
    history: (market, { credential, ...access }) =>
      itickHistory({ token: credential, market: market as ItickMarket, ...access }),
    sizeUnitOf: () => undefined,
    asked: askedOfItick,
    answered: (frame) => topicsAmong(decodeItick(frame, 0)),
  },
  {
    vendor: 'tickflow',
    isVendor: true,
    sources: endpoints.map((endpoint) => ({
      name: endpoint === 'stream' ? 'tickflow' : `tickflow:${endpoint}`,
      variant: endpoint,
      path: `v1/ws/${endpoint}`,
    })),
    help: `  tickflow                                quotes and depth
  tickflow:quotes                         the older endpoint, quotes only`,
    variables: { credential: 'TICKFLOW_API_KEY', url: 'TICKFLOW_URL', restUrl: 'TICKFLOW_REST_URL' },
    // It pushes no trades.
    pricesOf: (symbol) => quotes(symbol),
    showcase: { source: 'tickflow', symbols: ['600000.SH', '000001.SZ', '700.HK', 'AAPL.US'] },
    open: (endpoint: TickflowEndpoint, { credential, ...access }) =>
      tickflow({ apiKey: credential, endpoint, ...access }),
    history: (_endpoint, { credential, ...access }) => tickflowHistory({ apiKey: credential, ...access }),
    sizeUnitOf: rememberedSizeUnit(),
    asked: askedOfTickflow,
    answered: (frame) => topicsAmong(decodeTickflow(frame, 0)),
  },
  {
    vendor: 'binance',
    isVendor: true,
    // Behind those of TickFlow, whose address ends like this one.
    sources: [{ name: 'binance', variant: 'spot', path: 'stream' }],
    help: '  binance                                 crypto as BTCUSDT.BA, no credential',
    variables: { url: 'BINANCE_URL', restUrl: 'BINANCE_REST_URL' },
    restUrlOf: (url) => (isOfThisMachine(url) ? url.replace(/^ws/i, 'http') : undefined),
    pricesOf: (symbol) => trades(symbol),
    publicVenue: '.BA',
    live: { source: 'binance', symbols: ['BTCUSDT.BA', 'ETHUSDT.BA', 'SOLUSDT.BA', 'BNBUSDT.BA', 'XRPUSDT.BA'] },
    open: (_variant, { topics, url, restUrl, openSocket, fetch }) =>
      binance({ topics, url, restUrl, openSocket, fetch }),
    history: (_variant, { url: restUrl, budget, fetch }) => binanceHistory({ restUrl, budget, fetch }),
    sizeUnitOf: () => undefined,
    asked: askedOfBinance,
    answered: (frame) => topicsAmong(decodeBinance(frame, 0)),
  },
  {
    vendor: 'nats',
    isVendor: false,
    sources: [],
    sourceAt: (word) => {
      const address = natsAddress(word);
      if (address === undefined) return undefined;
      if (address.feed === '') {
        throw new InvalidOption(
          'nats',
          undefined,
          `it names no feed; write ${address.server}/name, as rxtape serve says it`,
        );
      }
      const name = `${address.server}/${address.feed}`;
      return { name, variant: name };
    },
    help: '  nats://<host>/<name>                    a feed that rxtape serve hosts',
    login: natsLogin,
    // A feed of another vendor than iTick may have no trades.
    pricesOf: (symbol, address) => (/\/itick[^/]*$/.test(address) ? trades(symbol) : quotes(symbol)),
    open: (address, { topics, credential }) => joinedAt(address, credential, topics),
    sizeUnitOf: () => undefined,
    asked: () => [],
    answered: () => [],
  },
];

/** Every source of every provider. */
export const sourceKinds: readonly SourceKind[] = providers.flatMap(({ vendor, sources }) =>
  sources.map(({ name, variant }) => ({ name, vendor, variant })),
);

/** The provider of a source. */
export const providerOf = ({ vendor }: Pick<SourceKind, 'vendor'>): Provider => {
  const provider = providers.find((one) => one.vendor === vendor);
  if (!provider) throw new Error(`no provider is called ${vendor}`);
  return provider;
};

/** A recorded address: which source it belongs to, and the host that was recorded. */
export interface Recorded extends Pick<Provider, 'asked' | 'answered'> {
  readonly kind: SourceKind;
  readonly url: string;
}

/** The source that an address belongs to; undefined for that of a provider that is not known. */
export const recordedAt = (endpoint: string): Recorded | undefined => {
  for (const { vendor, sources, asked, answered } of providers) {
    for (const { name, variant, path } of sources) {
      if (!endpoint.endsWith(`/${path}`)) continue;
      return { kind: { name, vendor, variant }, url: endpoint.slice(0, -path.length - 1), asked, answered };
    }
  }
  return undefined;
};

interface WireMessage {
  readonly kind: string;
  readonly symbol?: string;
  readonly interval?: string;
}

const topicsAmong = (messages: WireMessage | readonly WireMessage[]): readonly Topic[] =>
  [messages].flat().flatMap(({ kind, symbol = '', interval }): readonly Topic[] => {
    if (kind === 'kline') return klines(interval as Interval, symbol);
    return isMarketEvent({ kind }) ? [{ channel: kind as 'trade' | 'quote' | 'depth' | 'bbo', symbol }] : [];
  });
