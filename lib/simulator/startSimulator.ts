import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { asyncScheduler, interval, Subscription } from 'rxjs';
import { createBinanceServer } from './binance/binanceServer.js';
import type { BinanceControl } from './binance/control.js';
import type { BinanceRules } from './binance/rules.js';
import type { VendorControl } from './control.js';
import { refuse } from './gateway.js';
import { createItickServer } from './itick/itickServer.js';
import type { ItickRules } from './itick/rules.js';
import type { Change, Instrument } from './market/instrument.js';
import { defaultSymbols, type SimulatedSymbol } from './market/listing.js';
import { createMarket, STEP } from './market/market.js';
import type { Aggressor, MarketSnapshot } from './market/snapshot.js';
import { serveRest, urlOf } from './rest/http.js';
import type { TickflowRules } from './tickflow/rules.js';
import { createTickflowServer } from './tickflow/tickflowServer.js';

/** What is traded, how fast, and by which rules of the vendors. */
export interface SimulatorOptions {
  /**
   * Decides every price and size; same seed and start, same market.
   *
   * @defaultValue `1`
   */
  readonly seed?: number;
  /**
   * How many times faster the market runs; 0 stops it but for `step()`. Pings, limits and lifetimes of connections keep the time of
   * this machine, as those of their clients do.
   *
   * @defaultValue `1`
   */
  readonly speed?: number;
  /**
   * On 127.0.0.1.
   *
   * @defaultValue `0`: any free port
   */
  readonly port?: number;
  /**
   * What trades from the start.
   *
   * @defaultValue some of every cluster
   */
  readonly symbols?: readonly SimulatedSymbol[];
  /**
   * What becomes of a symbol that is not listed: it is made up when it is first asked for, or does not exist, as at a vendor
   * who does not know it.
   *
   * @defaultValue `'made-up'`
   */
  readonly unlisted?: 'made-up' | 'unknown';
  /**
   * Symbols that do not exist, besides all whose code starts with `NOPE`.
   *
   * @defaultValue none
   */
  readonly unknown?: readonly string[];
  /**
   * Whether venues keep their hours, or never close so that something always moves.
   *
   * @defaultValue `'always'`
   */
  readonly market?: 'always' | 'sessions';
  /**
   * When the market begins, epoch milliseconds.
   *
   * @defaultValue now
   */
  readonly start?: number;
  /**
   * The rules of iTick.
   *
   * @defaultValue those of its pages
   */
  readonly itick?: ItickRules;
  /** The rules of TickFlow, likewise. */
  readonly tickflow?: TickflowRules;
  /** The rules of Binance, likewise. */
  readonly binance?: BinanceRules;
}

/** The vendors' servers on one market, running. */
export interface Simulator {
  /** `ws://127.0.0.1:PORT`, to be given to `itick` and `tickflow` as their `url`; Binance's streams begin with it. */
  readonly url: string;
  /** `http://127.0.0.1:PORT`, to be given to `itickHistory` and `tickflowHistory` as their `url`. */
  readonly restUrl: string;
  /** What iTick has seen, and its faults on demand. */
  readonly itick: VendorControl;
  /** The same of TickFlow. */
  readonly tickflow: VendorControl;
  /** The same of Binance, and what only Binance does. */
  readonly binance: BinanceControl;
  /** Moves the market on by 250 ms of its time, now. */
  step(): void;
  /** Suspends trading in a symbol. Throws `TypeError` when it does not exist, like all that name one. */
  halt(symbol: string): void;
  /** Ends `halt`. */
  resume(symbol: string): void;
  /** An order takes one whole side of the book: a mainland stock goes to its price limit, any other by ten levels. */
  sweep(symbol: string, aggressor: Aggressor): void;
  /** The figures and the book of a symbol now. */
  snapshot(symbol: string): MarketSnapshot;
  /** Ends all connections and leaves no handle. */
  close(): Promise<void>;
}

const SHORTEST_BEAT = 5;
const STEPS_PER_BEAT = 1_000;

/**
 * Starts the vendors' WebSocket and REST servers on one loopback port, with one seeded market behind them.
 *
 * Rejects when the port is taken. The market moves every 250 ms, times `speed`, until `close()`.
 *
 * @example
 * const simulator = await startSimulator({ seed: 7 });
 * const feed$ = itick({ url: simulator.url, token: 'demo', market: 'stock', topics: quotes('AAPL.US') });
 */
export const startSimulator = async ({
  seed = 1,
  speed = 1,
  port = 0,
  symbols = defaultSymbols,
  unlisted = 'made-up',
  unknown = [],
  market: opening = 'always',
  start = asyncScheduler.now(),
  itick: itickRules = {},
  tickflow: tickflowRules = {},
  binance: binanceRules = {},
}: SimulatorOptions = {}): Promise<Simulator> => {
  if (!(speed >= 0)) throw new RangeError(`speed is ${speed}, but a market cannot run backwards`);
  const invents = unlisted === 'made-up';
  const market = createMarket({ seed, symbols, unknown, invents, start, sessions: opening === 'sessions' });
  const itick = createItickServer(market, itickRules);
  const tickflow = createTickflowServer(market, tickflowRules);
  const binance = createBinanceServer(market, binanceRules, seed);
  const vendors = [itick, tickflow, binance];

  const publish = (changes: readonly Change[]): void => {
    for (const { together, publish: publishOne } of vendors) together(() => publishOne(changes));
  };
  const step = (): void => publish(market.step());
  const existing = (symbol: string): Instrument => {
    const instrument = market.find(symbol);
    if (instrument === undefined) throw new TypeError(`the simulator does not know ${JSON.stringify(symbol)}`);
    return instrument;
  };

  const sockets = new Set<Socket>();
  const server = createServer(serveRest(vendors.map(({ rest }) => rest)));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    const url = urlOf(request.url);
    const vendor = url && vendors.find(({ serves }) => serves(url));
    if (vendor === undefined || url === undefined) refuse(socket, { status: 404 });
    else vendor.upgrade(request, socket, head, url);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  const clock = speed > 0 ? runSteps(speed, step) : Subscription.EMPTY;

  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: `ws://${host}`,
    restUrl: `http://${host}`,
    itick: itick.control,
    tickflow: tickflow.control,
    binance: binance.control,
    step,
    halt: (symbol) => publish([market.halt(existing(symbol), true)]),
    resume: (symbol) => publish([market.halt(existing(symbol), false)]),
    sweep: (symbol, aggressor) => publish([market.sweep(existing(symbol), aggressor)]),
    snapshot: (symbol) => {
      const { figures, ladders } = existing(symbol);
      return { ...figures(), ...ladders() };
    },
    close: async () => {
      clock.unsubscribe();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      vendors.forEach(({ control }) => control.drop());
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
};

/** Runs all steps that are due at each beat, so that late timers do not slow the market; a long sleep is forgiven. */
const runSteps = (speed: number, step: () => void): Subscription => {
  const startedAt = asyncScheduler.now();
  let done = 0;
  return interval(Math.max(SHORTEST_BEAT, STEP / speed)).subscribe(() => {
    const due = Math.floor(((asyncScheduler.now() - startedAt) * speed) / STEP);
    for (let left = Math.min(due - done, STEPS_PER_BEAT); left > 0; left -= 1) step();
    done = due;
  });
};
