import { EventEmitter, once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, map, range, ReplaySubject, Subject, takeUntil, timer, type Observable } from 'rxjs';
import * as tradingSignals from 'trading-signals';
import {
  quotes,
  topicKey,
  trades,
  type ChartBar,
  type FeedEvent,
  type HistoryQuery,
  type Kline,
} from '../lib/index.js';
import { itick, type ItickOptions } from '../lib/providers/itick/index.js';
import { tickflow, type TickflowOptions } from '../lib/providers/tickflow/index.js';
import * as recording from '../lib/record/index.js';
import { startSimulator } from '../lib/simulator/index.js';
import { marbles, scriptedVendor, type ScriptedVendor } from '../lib/testing/index.js';
import { root } from './sources/files.js';
import { blocksOf } from './sources/markdown.js';
import { runBlock } from './sources/runBlock.js';

const [, ...sections] = readFileSync(join(root, 'docs/recipes.md'), 'utf8').split(/^## /m);
/** The blocks of each recipe, under its heading. */
const recipes = new Map(
  sections.map((section) => [
    section.slice(0, section.indexOf('\n')),
    blocksOf(section)
      .filter(({ info }) => info === 'ts')
      .map(({ code }) => code),
  ]),
);
const tried = new Set<string>();
const folder = mkdtempSync(join(tmpdir(), 'rxtape-recipes-'));
const over$ = new Subject<void>();

/** What a test has started, to be stopped when it fails too. */
const stops: (() => unknown)[] = [];

afterEach(async () => {
  over$.next();
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Things = Readonly<Record<string, unknown>>;

/** Runs a recipe with stand-ins for its imports and for what it declares; gives the lines that it logs. */
const cook = (title: string, modules: Things, declared: Things = {}) => {
  tried.add(title);
  const lines: string[] = [];
  const line$ = new ReplaySubject<string>(Infinity);
  const log = (...words: readonly unknown[]): void => {
    const line = words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' ');
    lines.push(line);
    line$.next(line);
  };
  const [code = ''] = recipes.get(title) ?? [];
  const exported = runBlock(code, { console: { log, warn: log, error: log }, ...declared }, modules);
  return {
    exported,
    lines,
    logged: (text: string) => firstValueFrom(line$.pipe(filter((line) => line.includes(text)))),
  };
};

/** Longer than any recipe takes in virtual time. */
const LATER = 16 * 3_600_000;

interface Vendors {
  readonly itick?: ScriptedVendor;
  readonly tickflow?: ScriptedVendor;
}

/** The factories, as they are on the network of fake vendors; their feeds end after the test. */
const onVendors = (vendors: Vendors, end$: Observable<unknown> = over$): Things => ({
  'rxtape/itick': {
    itick: (options: ItickOptions) =>
      itick({ backoff: () => 100, openSocket: vendors.itick?.openSocket, ...options }).pipe(takeUntil(end$)),
  },
  'rxtape/tickflow': {
    tickflow: (options: TickflowOptions) =>
      tickflow({ backoff: () => 100, openSocket: vendors.tickflow?.openSocket, ...options }).pipe(takeUntil(end$)),
  },
});

const virtually = (vendors: Vendors): Things => onVendors(vendors, timer(LATER));

const token = 'your token';

/** A trade each half minute from 09:30:15 in New York on, with these prices. */
const inTheMorning = (prices: readonly number[]) => ({
  diagram: `870m 15s ${prices.map((_, index) => `${letterOf(index)} 29999ms `).join('')}-`,
  values: Object.fromEntries(prices.map((price, index) => [letterOf(index), { kind: 'trade', price } as const])),
});
const letterOf = (index: number): string => String.fromCharCode(97 + index);

/** A recording of such trades. */
const taped = (prices: readonly number[]): recording.Cassette => {
  const memory = recording.memorySink();
  marbles(({ server, flush }) => {
    const vendor = server('itick', { token });
    const { diagram, values } = inTheMorning(prices);
    vendor.says(diagram, values);
    const feed = (connection: recording.FeedConnection) =>
      itick({ token, market: 'stock', topics: trades('AAPL.US'), ...connection });
    recording
      .record(feed, memory, { openSocket: vendor.openSocket })
      .pipe(takeUntil(timer(LATER)))
      .subscribe();
    flush();
  })();
  return memory.cassette();
};

const MINUTE = 60_000;

const flatBar = (symbol: string, openTime: number, price: number): Kline => ({
  kind: 'kline',
  provider: 'itick',
  symbol,
  interval: '1m',
  time: openTime,
  receivedAt: openTime + MINUTE,
  openTime,
  closeTime: openTime + MINUTE,
  ...{ open: price, high: price, low: price, close: price },
  volume: 1,
  closed: true,
  revision: 0,
  coverage: 1,
  source: 'provider',
  missedVolume: 0,
});

describe('the recipes', () => {
  it('have one block each', () => {
    const odd = [...recipes].filter(([, blocks]) => blocks.length !== 1).map(([title]) => title);
    expect(odd).toEqual([]);
  });

  it('go through a proxy', async () => {
    const [proxy, simulator] = [await startProxy(), await startSimulator({ speed: 50 })];
    stops.push(simulator.close, proxy.stop);
    const local = (options: ItickOptions) =>
      itick({ ...options, token: 'demo', url: simulator.url }).pipe(takeUntil(over$));
    const modules = { 'rxtape/itick': { itick: local } };
    const { logged } = cook('Go through a corporate proxy', modules, { process: { env: { HTTPS_PROXY: proxy.at } } });
    await logged('quote');
    expect(proxy.asked).toEqual([simulator.url.replace('ws://', '')]);
  });

  it('ask for a token until there is one', async () => {
    const vendor = scriptedVendor('itick', { token: 'fresh' });
    const answers = [Promise.reject(new Error('sealed')), Promise.resolve('fresh')];
    const vault = { token: () => answers.shift() ?? Promise.reject(new Error('asked too often')) };
    const { lines } = cook('Fetch a fresh token before each attempt', onVendors({ itick: vendor }), { vault });
    await firstValueFrom(vendor.live$.pipe(filter((live) => live === 1)));
    expect(lines).toEqual([expect.stringMatching(/^TokenUnavailable next attempt at \d+$/)]);
  });

  it(
    'send the difference of two lists of topics',
    marbles(({ server, flush }) => {
      const vendor = server('tickflow', { apiKey: 'your key' });
      const { lines } = cook('Switch topics while it runs', virtually({ tickflow: vendor }));
      flush();
      expect([...vendor.asked].sort()).toEqual(['depth 600000.SH', 'quote 000001.SZ', 'quote 600000.SH']);
      expect(vendor.unsubscribed).toEqual(quotes('600000.SH').map(topicKey));
      expect(lines.length).toBeGreaterThan(1);
    }),
  );

  it(
    'log what the link does',
    marbles(({ server, flush }) => {
      const logs: string[] = [];
      const at = (level: string) => (facts: object, message: string) => {
        logs.push(`${level} ${message} ${Object.keys(facts).join()}`);
      };
      const vendor = server('itick', { token, unserved: quotes('GONE.US') });
      vendor.says('9s x 9s j 9s e', { j: '{"no frame of', e: ({ refuse, drop }) => (refuse(401), drop()) });
      const logger = { info: at('info'), warn: at('warn'), error: at('error') };
      cook('Log what the link does', virtually({ itick: vendor }), { logger });
      flush();
      expect(logs).toEqual([
        'info connected feed,resumed',
        expect.stringMatching(/^error .* feed,topics$/),
        expect.stringMatching(/^warn .* feed,cause,retryAt$/),
        'info connected feed,resumed',
        'warn a frame that cannot be decoded feed,problems',
        expect.stringMatching(/^warn .* feed,cause,retryAt$/),
        'error the feed has ended error',
      ]);
    }),
  );

  it(
    'count events and gaps',
    marbles(({ server, flush }) => {
      const vendor = server('itick', { token });
      vendor.says('9s q 9s q 2s x', { q: { kind: 'quote', last: 1 } });
      const { lines } = cook('Count for Prometheus', virtually({ itick: vendor }));
      flush();
      const series = lines[0]?.split('\n');
      expect(series).toContain('feed_events_total{feed="itick:stock",kind="quote"} 2');
      expect(series).toContain('feed_events_total{feed="itick:stock",kind="disconnected"} 1');
      expect(series?.find((line) => line.startsWith('feed_gap_ms_total'))).toMatch(/"itick:stock"} [1-9]\d*$/);
      expect(series?.find((line) => line.startsWith('feed_round_trip_ms'))).toMatch(/ \d+$/);
    }),
  );

  it(
    'ring when the link stays down, and when a long gap is over',
    marbles(({ server, flush }) => {
      const rings: string[] = [];
      const vendor = server('itick', { token });
      vendor.says('9s q 99ms r 40s a', {
        q: { kind: 'quote', last: 1 },
        r: ({ refuse, drop }) => (refuse(503), drop()),
        a: ({ accept }) => accept(),
      });
      const ring = (message: string): void => void rings.push(message);
      cook('Ring when data are missing', virtually({ itick: vendor }), { ring });
      flush();
      expect(rings).toEqual([
        expect.stringMatching(/^down for 30 s: /),
        expect.stringMatching(/^itick:stock missed 4\d{4} ms, after [1-9]\d* attempts$/),
      ]);
    }),
  );

  it(
    'let one vendor end without the other',
    marbles(({ server, flush }) => {
      const vendors = {
        itick: server('itick', { token: 'another' }),
        tickflow: server('tickflow', { apiKey: 'your key' }),
      };
      vendors.tickflow.says('1s q', { q: { kind: 'quote', symbol: '600000.SH', last: 1 } });
      const { lines } = cook('Handle errors of two vendors in one place', virtually(vendors));
      flush();
      expect(lines).toContainEqual(expect.stringMatching(/^iTick: check the credential \(.+\)$/));
      expect(lines.at(-1)).toBe('tickflow quote');
    }),
  );

  it('shut down with the file complete', async () => {
    const vendor = scriptedVendor('itick', { token, every: 10 });
    const path = join(folder, 'shut.ndjson.gz');
    const record = (feed: recording.RecordableFeed<FeedEvent>, sink: recording.Sink) =>
      recording.record(feed, sink, { openSocket: vendor.openSocket });
    const modules = {
      ...onVendors({ itick: vendor }),
      'rxtape/record': { record, fileSink: () => recording.fileSink(path) },
    };
    const process = new EventEmitter();
    const exited = new Promise((exit) => Object.assign(process, { exit }));
    const { logged } = cook('Shut down cleanly', modules, { process });
    await logged('quote');
    process.emit('SIGTERM');
    expect(await exited).toBe(0);
    expect(vendor.live).toBe(0);
    expect(process.eventNames()).toEqual([]);
    const kinds = [];
    for await (const block of recording.readCassette(path).blocks()) kinds.push(...block.map(({ what }) => what));
    expect(kinds.at(-1)).toBe('close');
  });

  it('turn a tape into CSV', async () => {
    const streams: ReturnType<typeof createWriteStream>[] = [];
    const modules = {
      ...onVendors({}),
      'rxtape/record': { ...recording, readCassette: () => taped([10, 11.5]) },
      'node:fs': {
        createWriteStream: (name: string) => streams[streams.push(createWriteStream(join(folder, name))) - 1],
      },
    };
    cook('Turn a tape into CSV', modules);
    await once(streams[0] ?? new EventEmitter(), 'finish');
    expect(readFileSync(join(folder, 'trades.csv'), 'utf8')).toMatch(
      /^time,symbol,price,size\n1970-01-01T14:30:15\.\d{3}Z,AAPL\.US,10,\d*\n1970-01-01T14:30:45\.\d{3}Z,AAPL\.US,11\.5,\d*\n$/,
    );
  });

  it('turn a tape into batches of closed bars', async () => {
    const batches: (readonly Kline[])[] = [];
    const closed = new Promise<void>((close) => {
      const writer = {
        append: (rows: readonly Kline[]) => Promise.resolve(void batches.push(rows)),
        close: () => Promise.resolve(close()),
      };
      const modules = {
        ...onVendors({}),
        'rxtape/record': { ...recording, readCassette: () => taped([1, 2, 3, 4, 5]) },
      };
      cook('Turn a tape into Parquet', modules, { writer });
    });
    await closed;
    expect(batches.map((rows) => rows.map(({ close, trades }) => [close, trades]))).toEqual([
      [
        [2, 2],
        [4, 2],
        [5, 1],
      ],
    ]);
  });

  it('serve events to HTTP clients', async () => {
    const servers: Server[] = [];
    const onFreePort = (listener: RequestListener) => {
      const server = createServer(listener);
      servers.push(server);
      return { listen: (_: number, host: string) => server.listen(0, host) };
    };
    const modules = {
      ...onVendors({ itick: scriptedVendor('itick', { token, every: 10 }) }),
      'node:http': { createServer: onFreePort },
    };
    cook('Re-broadcast over server-sent events', modules);
    const [server] = servers;
    if (!server) throw new Error('the recipe starts no server');
    stops.push(() => (server.closeAllConnections(), server.close()));
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = async (query: string): Promise<IncomingMessage> =>
      ((await once(get({ port, host: '127.0.0.1', path: `/${query}` }), 'response')) as [IncomingMessage])[0];
    expect((await asked('')).resume().statusCode).toBe(400);
    expect((await asked('?symbol=no%20symbol')).resume().statusCode).toBe(400);
    const response = await asked('?symbol=AAPL.US');
    let text = '';
    for await (const part of response) {
      text += String(part);
      if (text.includes('event: quote\ndata: {"kind":"quote"')) break;
    }
    expect(text).toMatch(/^event: connected\ndata: {/);
  });

  it('make bars in Deno', async () => {
    const { logged } = cook('Run in Deno', onVendors({ itick: scriptedVendor('itick', { token, every: 10 }) }));
    expect(await logged('BTCUSDT.BA')).toMatch(/^BTCUSDT.BA [\d.]+ [\d.]+ (true|false)$/);
  });

  it('serve events from a worker, until the client goes or reads too slowly', async () => {
    const vendor = scriptedVendor('itick', { token, every: 1 });
    const { exported } = cook('Run in a Cloudflare Worker', onVendors({ itick: vendor }));
    const worker = exported['default'] as { fetch: (request: Request, env: { TOKEN: string }) => Response };
    const request = () => worker.fetch(new Request('http://localhost/?symbol=AAPL.US'), { TOKEN: token });
    const reader = request().body!.getReader();
    const decoder = new TextDecoder();
    let text = '';
    while (!text.includes('event: quote')) text += decoder.decode((await reader.read()).value);
    expect(text).toMatch(/^event: connected\ndata: {/);
    const left = (): Promise<number> => firstValueFrom(vendor.live$.pipe(filter((live) => live === 0)));
    await reader.cancel();
    await left();
    const slow = request();
    await firstValueFrom(vendor.live$.pipe(filter((live) => live === 1)));
    await left();
    await expect(slow.text()).rejects.toThrow('the client reads too slowly');
  });

  it(
    'tell crosses of an average, from the first second on',
    marbles(({ server, flush }) => {
      const vendor = server('itick', { token });
      const { diagram, values } = inTheMorning([10, 13, 11, 11, 12, 12, 9, 9, 8, 8, 14, 14]);
      vendor.says(diagram, values);
      const asked: HistoryQuery[] = [];
      const history = { provider: 'itick', budget: { calls: 5, per: 60_000 }, settle: 30_000 };
      const klines = (query: HistoryQuery): Observable<Kline> => {
        asked.push(query);
        const opens = range(0, (query.to - query.from) / MINUTE).pipe(map((at) => query.from + at * MINUTE));
        return opens.pipe(map((openTime) => flatBar('AAPL.US', openTime, 12)));
      };
      const feeds = virtually({ itick: vendor });
      const itickDoor = { ...(feeds['rxtape/itick'] as Things), itickHistory: () => ({ ...history, klines }) };
      const modules = { 'rxtape/itick': itickDoor, 'trading-signals': tradingSignals };
      const { lines } = cook('Trade on an indicator', modules);
      flush();
      expect(asked).toHaveLength(1);
      // It opens at 10, below the 12 of the bars before, and crosses within its first minute; 12 is the average itself.
      expect(lines).toEqual(['AAPL.US above 13 ', 'AAPL.US below 11 ', 'AAPL.US above 14 ']);
    }),
  );

  it(
    'draw bars as they form',
    marbles(({ server, flush }) => {
      const bars: ChartBar[] = [];
      const vendor = server('itick', { token });
      const { diagram, values } = inTheMorning([10, 12, 11]);
      vendor.says(diagram, values);
      cook('Draw a chart', virtually({ itick: vendor }), { chart: { update: (bar: ChartBar) => bars.push(bar) } });
      flush();
      const times = bars.map(({ time }) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(bars.find(({ close }) => close === 12)).toMatchObject({ time: 52_200, open: 10, high: 12, low: 10 });
      expect(bars.at(-1)).toMatchObject({ time: 52_260, close: 11 });
    }),
  );

  it('are all run here', () => {
    expect([...tried].sort()).toEqual([...recipes.keys()].sort());
  });
});

/** A proxy on loopback that opens tunnels. */
async function startProxy() {
  const asked: string[] = [];
  const lines = new Set<Socket>();
  const server = createServer();
  server.on('connect', ({ url = '' }: IncomingMessage, line: Socket) => {
    asked.push(url);
    const [host = '', port] = url.split(':');
    const onward = connect(Number(port), host, () => {
      line.write('HTTP/1.1 200 Connection established\r\n\r\n');
      line.pipe(onward).pipe(line);
    });
    for (const end of [line, onward]) lines.add(end.on('error', () => undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    at: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      lines.forEach((line) => line.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
