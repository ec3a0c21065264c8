import { cassetteSources } from '../../lib/bin/cassettes.js';
import { depths, klines, quotes, trades } from '../../lib/index.js';
import { parseCassette, type ActiveConnection, type SocketEvent } from '../../lib/record/index.js';

const STOCK = 'wss://api.itick.org/stock?token=***';
const STREAM = 'wss://api.tickflow.org/v1/ws/stream?api_key=***';

type Line = readonly [connection: number, happening: SocketEvent];

/** A cassette of what happens to some connections, second by second. */
const cassetteOf = (lines: readonly Line[], standing: readonly ActiveConnection[] = []) => {
  const entries = lines.map(([connection, { what, ...facts }], i) => [
    what,
    i * 1_000,
    i,
    connection,
    ...Object.values(facts),
  ]);
  const start = { rxtape: 1, wall: 5, mono: 0, standing };
  return parseCassette([start, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
};
const connect = (connection: number, url: string): Line => [connection, { what: 'connect', url }];
const said = (connection: number, frame: unknown, what: 'in' | 'out' = 'out'): Line => [
  connection,
  { what, frame: typeof frame === 'string' ? frame : JSON.stringify(frame) },
];
const standing = (connection: number, url: string): ActiveConnection => ({ connection, url, open: true, greeting: [] });
const nameOf = ({ name }: { readonly name: string }) => name;

describe('cassetteSources', () => {
  it('finds vendors, markets and hosts in the addresses, and topics in our requests', async () => {
    const { sources, ...facts } = await cassetteSources(
      cassetteOf([
        connect(1, STOCK),
        connect(2, STREAM),
        said(1, { ac: 'auth', params: '***' }),
        said(1, { ac: 'subscribe', params: 'AAPL$US,RELIANCE$NSE$IN', types: 'tick,kline@2' }),
        said(1, { ac: 'subscribe', params: '700$HK', types: 'quote,depth,news' }),
        said(1, { ac: 'unsubscribe', params: 'TSLA$US', types: 'quote' }),
        said(1, 'no JSON'),
        said(2, { op: 'subscribe', channel: 'quotes', symbols: ['00700.HK', 7] }),
        said(2, { op: 'subscribe', channel: 'depth', symbols: ['600000.SH'] }),
        said(2, { op: 'ping' }),
      ]),
    );
    expect(facts).toEqual({ startedAt: 5, strangers: [], simulated: false });
    expect(sources).toMatchObject([
      {
        name: 'itick:stock',
        variant: 'stock',
        url: 'wss://api.itick.org',
        topics: [
          ...trades('AAPL.US', 'RELIANCE.NSE.IN'),
          ...klines('5m', 'AAPL.US', 'RELIANCE.NSE.IN'),
          ...quotes('700.HK'),
          ...depths('700.HK'),
        ],
      },
      {
        name: 'tickflow',
        variant: 'stream',
        url: 'wss://api.tickflow.org',
        topics: [...quotes('700.HK'), ...depths('600000.SH')],
      },
    ]);
  });

  it('knows the older endpoint of TickFlow, which has no channels', async () => {
    const { sources } = await cassetteSources(
      cassetteOf([connect(1, 'wss://mine/v1/ws/quotes'), said(1, { op: 'subscribe', symbols: ['600000.SH'] })]),
    );
    expect(sources).toMatchObject([{ name: 'tickflow:quotes', variant: 'quotes', topics: quotes('600000.SH') }]);
  });

  it('finds the topics in the data where the requests are in an earlier part', async () => {
    const { sources } = await cassetteSources(
      cassetteOf(
        [
          said(1, { code: 1, data: { s: 'AAPL.US', r: 'US', ld: 1, v: 10, t: 1, type: 'quote' } }, 'in'),
          said(
            1,
            {
              code: 1,
              data: { s: 'AAPL', r: 'US', t: 1, k: { t: 1, o: 1, h: 1, l: 1, c: 1, v: 1, tu: 1 }, type: 'kline@1' },
            },
            'in',
          ),
          said(1, 'no JSON', 'in'),
          said(2, { op: 'depth', data: [{ symbol: '600000.SH', bids: [], asks: [], timestamp: 1 }] }, 'in'),
        ],
        [standing(1, STOCK), standing(2, STREAM)],
      ),
    );
    expect(sources.map(({ topics }) => topics)).toEqual([
      [...quotes('AAPL.US'), ...klines('1m', 'AAPL.US')],
      depths('600000.SH'),
    ]);
  });

  it('leaves out what nothing was asked of, and names strangers', async () => {
    const { sources, strangers } = await cassetteSources(
      cassetteOf([connect(1, STOCK), connect(2, 'wss://else.where/feed?key=***'), said(2, { ac: 'subscribe' })]),
    );
    expect({ sources, strangers }).toEqual({ sources: [], strangers: ['wss://else.where/feed'] });
  });

  it('keeps two hosts of one market apart, and takes one of this machine for a simulated market', async () => {
    const ask = { ac: 'subscribe', params: 'AAPL$US', types: 'quote' };
    const { sources, simulated } = await cassetteSources(
      cassetteOf([
        connect(1, 'ws://127.0.0.1:1/stock'),
        said(1, ask),
        connect(2, 'ws://localhost:2/stock'),
        said(2, ask),
      ]),
    );
    expect(sources.map(nameOf)).toEqual(['itick:stock', 'itick:stock (2)']);
    expect(simulated).toBe(true);
  });
});
