import { after, createGateway, type VendorServer } from '../gateway.js';
import type { Instrument } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import { createSubscriptions } from '../subscriptions.js';
import { createBinanceRest } from './binanceRest.js';
import { isStreamName, KLINE } from './commands.js';
import type { BinanceControl } from './control.js';
import { aggTradeEvent, bookTickerEvent, depthEvent, klineEvent, tickerEvent, tradeEvents } from './events.js';
import { createInstruments, type Traded } from './instruments.js';
import type { Interval } from './intervals.js';
import type { BookNews } from './ledger.js';
import { converse, counter, streamsIn, type Line } from './lines.js';
import { binanceDefaults, type BinanceRules } from './rules.js';

/** Binance's WebSocket server, as the shared parts of the simulator see it. */
interface BinanceServer extends VendorServer {
  readonly control: BinanceControl;
}

/** The streams of a book, and how many updates of each are still to be lost. */
type Losses = Map<'depth' | 'depth@100ms', number>;

const isRaw = ({ pathname }: URL): boolean => pathname === '/ws' || pathname.startsWith('/ws/');
const refused = (msg: string, code = 2): { status: number; body: string } => ({
  status: 400,
  body: JSON.stringify({ code, msg }),
});

/** Binance's market data: no login, streams by name, numbered updates of books. */
export const createBinanceServer = (market: SimulatedMarket, options: BinanceRules, seed: number): BinanceServer => {
  const rules = { ...binanceDefaults, ...options };
  const instruments = createInstruments(market, seed, rules.levels);
  const subscriptions = createSubscriptions<Line>();
  const lines = new Set<Line>();
  const losses = new Map<Instrument, Losses>();
  const isOneTooMany = counter(rules.attempts);
  let overruns = 0;
  let seen = market.now();

  /** Sends payloads of a stream to all who listen; they are made only when somebody does. */
  const tell = ({ ledger }: Traded, channel: string, payloads: () => readonly string[]): void => {
    const listeners = subscriptions.listeners(ledger.instrument)?.get(channel);
    if (listeners === undefined) return;
    const name = `${ledger.symbol.toLowerCase()}@${channel}`;
    for (const payload of payloads()) {
      const wrapped = `{"stream":"${name}","data":${payload}}`;
      // Text that many get is put into bytes once.
      const [whole, bare] = listeners.size === 1 ? [wrapped, payload] : [Buffer.from(wrapped), Buffer.from(payload)];
      for (const { peer, combined } of listeners) peer.send(combined ? whole : bare);
    }
  };

  const tellBook = (traded: Traded, channel: 'depth' | 'depth@100ms', news: BookNews | undefined): void => {
    if (news === undefined) return;
    const lost = losses.get(traded.ledger.instrument);
    const left = lost?.get(channel) ?? 0;
    if (left > 0) lost?.set(channel, left - 1);
    else tell(traded, channel, () => [depthEvent(traded.ledger, news, market.now())]);
  };

  const tellKline = (
    traded: Traded,
    interval: Interval,
    isClosed: boolean,
    row = traded.klines.forming(interval),
  ): void =>
    tell(traded, KLINE + interval, () => [
      klineEvent(traded.ledger, interval, row, isClosed, traded.ledger.newest().last, market.now()),
    ]);

  /** What goes out once in a second, or in two. */
  const beat = (traded: Traded, isEven: boolean): void => {
    const channels = subscriptions.listeners(traded.ledger.instrument);
    tellBook(traded, 'depth', traded.ledger.takeSlowNews(channels?.has('depth') === true));
    tell(traded, 'ticker', () => [tickerEvent(traded, market.now())]);
    for (const channel of channels?.keys() ?? []) {
      const interval = channel.slice(KLINE.length) as Interval;
      if (channel.startsWith(KLINE) && (isEven || interval === '1s')) tellKline(traded, interval, false);
    }
  };

  const publish: VendorServer['publish'] = (changes) => {
    const now = market.now();
    const hasPassed = (period: number): boolean => Math.floor(now / period) > Math.floor(seen / period);
    const [isSecond, isEven] = [hasPassed(1_000), hasPassed(2_000)];
    seen = now;
    if (isSecond) {
      for (const traded of instruments.all()) {
        traded.klines.roll((interval, row) => tellKline(traded, interval, true, row));
      }
    }
    for (const change of changes) {
      const traded = instruments.of(change.instrument);
      if (traded === undefined) continue;
      const { ledger, klines } = traded;
      const { trades, book, best } = ledger.record(change);
      klines.count(trades);
      tell(traded, 'trade', () => trades.flatMap((trade) => tradeEvents(ledger, trade, now)));
      tell(traded, 'aggTrade', () => trades.map((trade) => aggTradeEvent(ledger, trade, now)));
      if (best) tell(traded, 'bookTicker', () => [bookTickerEvent(ledger)]);
      tellBook(traded, 'depth@100ms', book);
    }
    if (isSecond) for (const traded of instruments.all()) beat(traded, isEven);
  };

  const rest = createBinanceRest(market, instruments, rules);
  const gateway = createGateway({
    rest: rest.control,
    refusal: (url) => {
      if (isOneTooMany()) return { status: 429, retryAfter: Math.ceil(rules.attempts.per / 1_000) };
      const names = streamsIn(url);
      if (!names.every(isStreamName)) return refused('Invalid request: not a stream name');
      if (new Set(names).size > rules.maxStreams)
        return refused(`Invalid request: more than ${rules.maxStreams} streams`);
      const unit = url.searchParams.get('timeUnit') ?? 'MILLISECOND';
      return unit.toUpperCase() === 'MILLISECOND' ? undefined : refused('the simulator has only MILLISECOND', -1194);
    },
    open: (peer, url) => {
      const line: Line = { peer, streams: new Set(), combined: !isRaw(url) };
      lines.add(line);
      peer.life.add(() => {
        lines.delete(line);
        subscriptions.leaveAll(line);
      });
      return converse(line, url, {
        rules,
        instruments,
        subscriptions,
        // A kline forms from its first listener on; what has traded in it before is counted now.
        joined: (instrument, channel) => {
          if (channel.startsWith(KLINE))
            instruments.of(instrument)?.klines.forming(channel.slice(KLINE.length) as Interval);
        },
        overran: () => {
          overruns += 1;
        },
      });
    },
    redact: (text) => text,
    live: () => lines.size,
    topics: subscriptions.topics,
    kickCode: rules.endCode,
  });

  const more: Omit<BinanceControl, keyof VendorServer['control']> = {
    get overruns() {
      return overruns;
    },
    shutdown: (endAfter = Infinity) => {
      const event = JSON.stringify({ e: 'serverShutdown', E: market.now() });
      for (const { peer, combined } of [...lines]) {
        peer.send(combined ? `{"stream":"!serverShutdown","data":${event}}` : event);
        peer.life.add(after(endAfter).subscribe(() => peer.close(rules.endCode)));
      }
    },
    loseDepth: (symbol, updates) => {
      const instrument = market.find(symbol, ['crypto']);
      if (instrument === undefined || instruments.of(instrument) === undefined) {
        throw new TypeError(`Binance does not trade ${JSON.stringify(symbol)}`);
      }
      losses.set(
        instrument,
        new Map([
          ['depth', updates],
          ['depth@100ms', updates],
        ]),
      );
    },
  };

  return {
    ...gateway,
    control: Object.defineProperties(gateway.control, Object.getOwnPropertyDescriptors(more)) as BinanceControl,
    rest,
    serves: (url) => isRaw(url) || /^\/stream\/?$/u.test(url.pathname),
    publish,
  };
};
