import { plainLine } from '../../lib/bin/lines.js';
import { ConnectionLost, klines, quotes, type FeedEvent } from '../../lib/index.js';
import { aBbo, aDepth, aKline, aQuote, aTrade } from '../../lib/testing/index.js';

const receivedAt = new Date(2026, 6, 1, 12, 0, 1, 123).getTime();
const link = { provider: 'itick', receivedAt } as const;
const at = { provider: 'itick', receivedAt } as const;
const flat = { ...at, openTime: receivedAt - 1_123, open: 1, high: 1, low: 1, close: 1 } as const;

describe('plainLine', () => {
  it.each<[string, FeedEvent]>([
    ['itick AAPL.US quote 225.54', aQuote({ ...at, last: 225.54 })],
    [
      'itick AAPL.US quote 225.54 +0.12% vol 1,229',
      aQuote({ ...at, last: 225.54, previousClose: 225.27, volume: 1229 }),
    ],
    ['itick AAPL.US quote 99 -1.00% since open halted', aQuote({ ...at, last: 99, open: 100, status: 'halted' })],
    [
      'itick AAPL.US quote 0.3 vol 7 lots',
      aQuote({ ...at, last: 0.1 + 0.2, volume: 7, sizeUnit: 'lots', status: 'normal' }),
    ],
    ['itick AAPL.US trade 10 x 200 buyer', aTrade({ ...at, price: 10, size: 200, volume: 9, aggressor: 'buyer' })],
    ['itick AAPL.US trade 10 vol 1,000', aTrade({ ...at, price: 10, size: undefined, volume: 1000 })],
    [
      'itick AAPL.US quote 5 +25.00% in 24h vol 70 in 24h',
      aQuote({ ...at, last: 5, rolling: { hours: 24, open: 4, volume: 70 } }),
    ],
    [
      'itick AAPL.US quote 5 0.00% vol 7',
      aQuote({ ...at, last: 5, previousClose: 5, volume: 7, rolling: { hours: 24, open: 4, volume: 70 } }),
    ],
    ['itick AAPL.US depth 99 x 1 / 101 x 1', aDepth(at)],
    [
      'itick AAPL.US depth update of 1 bid, 2 asks',
      aDepth({ ...at, type: 'update', asks: [{ price: 2 }, { price: 3 }] }),
    ],
    ['itick AAPL.US bbo 99 x 1 / 101 x 1', aBbo(at)],
    ['itick AAPL.US bbo 99 x 1 / - in doubt', aBbo({ ...at, ask: undefined, valid: false })],
    ['itick AAPL.US depth - / -', aDepth({ ...at, bids: [], asks: [{ price: 0, size: 0 }] })],
    [
      'itick AAPL.US kline 1m 12:00 o 1 h 4 l 0.5 c 2 vol 30',
      aKline({ ...at, openTime: receivedAt - 1_123, open: 1, high: 4, low: 0.5, close: 2, volume: 30 }),
    ],
    ['itick AAPL.US kline 1s 12:00:00 o 1 h 1 l 1 c 1 vol 0', aKline({ ...flat, interval: '1s' })],
    [
      'itick AAPL.US kline 1m 12:00 o 1 h 1 l 1 c 1 vol 0 seen 99% missed 1,500 revision 2',
      aKline({
        ...flat,
        coverage: 0.996,
        missedVolume: 1500,
        revision: 2,
      }),
    ],
    ...[
      { seen: '', coverage: 0 },
      { seen: ' seen 40%', coverage: 0.4 },
    ].map(({ seen, coverage }): [string, FeedEvent] => [
      `itick AAPL.US kline 1m 12:00 o 1 h 1 l 1 c 1 vol 5 of the history${seen}`,
      aKline({
        ...flat,
        volume: 5,
        coverage,
        source: 'backfill',
      }),
    ]),
    [
      'itick:stock repaired AAPL.US 1m 12:00: 1 bar, volume proved',
      {
        ...link,
        kind: 'backfilled',
        symbol: 'AAPL.US',
        interval: '1m',
        from: receivedAt - 1_123,
        to: receivedAt + 58_877,
        outcome: 'whole',
        bars: 1,
        missing: [],
        proof: { volume: 'whole', overlap: { compared: 2, agreed: 2 } },
        attempts: 1,
      },
    ],
    ...(
      [
        [{}, 'recovered BTCUSDT.BA trades 101-250: 150 trades'],
        [
          { outcome: 'partial', trades: 1, reason: 'down' },
          'partly recovered BTCUSDT.BA trades 101-250: 1 trade; down',
        ],
        [{ outcome: 'none', toId: 101, reason: 'down' }, 'not recovered BTCUSDT.BA trades 101: down'],
      ] as const
    ).map(([facts, words]): [string, FeedEvent] => [
      `itick:stock ${words}`,
      {
        ...link,
        kind: 'recovered',
        symbol: 'BTCUSDT.BA',
        fromId: 101,
        toId: 250,
        outcome: 'whole',
        trades: 150,
        attempts: 1,
        ...facts,
      },
    ]),
    ['itick:stock connected', { ...link, kind: 'connected', attempt: 1, resumed: undefined }],
    [
      'itick:stock connected again after a gap of 3.2 s',
      { ...link, kind: 'connected', attempt: 2, resumed: { from: 0, to: 3_200 } },
    ],
    [
      'itick:stock disconnected: the connection was lost (close code 1006); retry 1 in 0.5 s',
      { ...link, kind: 'disconnected', cause: new ConnectionLost(1006), attempt: 1, retryAt: receivedAt + 500 },
    ],
    [
      'itick:stock refused A.US quote, B.US kline@1m: no such symbol',
      { ...link, kind: 'refused', topics: [...quotes('A.US'), ...klines('1m', 'B.US')], reason: 'no such symbol' },
    ],
    ['itick:stock refused something: quota', { ...link, kind: 'refused', topics: [], reason: 'quota' }],
    [
      'itick:stock undecodable: ld: missing; s: missing: {}',
      { ...link, kind: 'undecodable', frame: '{}', problems: ['ld: missing', 's: missing'] },
    ],
    ['itick:stock round trip 0.8 ms', { ...link, kind: 'latency', roundTrip: 0.81 }],
    [
      'itick:stock switched to the secondary, tickflow, 0.3 s missing: the connection was lost (close code 1006)',
      {
        ...link,
        feed: 'tickflow',
        kind: 'switched',
        symbols: 'all',
        from: 'primary',
        to: 'secondary',
        cause: new ConnectionLost(1006),
        hole: { from: 1_000, to: 1_300 },
      },
    ],
    [
      'itick:stock switched to the primary, itick:stock for A.US, B.US: it is fresh again',
      {
        ...link,
        feed: 'itick:stock',
        kind: 'switched',
        symbols: ['A.US', 'B.US'],
        from: 'secondary',
        to: 'primary',
        cause: { _tag: 'PrimaryFresh', message: 'it is fresh again' },
      },
    ],
    [
      'itick:stock tickflow does not stand by any more: the connection was lost (close code 1006)',
      { ...link, feed: 'tickflow', kind: 'standbyLost', cause: new ConnectionLost(1006) },
    ],
    [
      'itick:stock diverged A.US: primary 10, secondary 5 for 60 s',
      { ...link, kind: 'diverged', symbol: 'A.US', prices: { primary: 10, secondary: 5 }, for: 60_000 },
    ],
    ['itick:stock lagging by 2.0 s', { ...link, kind: 'lagging', lag: 2_000 }],
    [
      'itick:stock caught up: lagged by up to 3.0 s for 10 s',
      { ...link, kind: 'caughtUp', lag: 3_000, from: receivedAt - 10_000 },
    ],
  ])('%s', (line, event) => {
    expect(plainLine('itick:stock', event)).toBe(`12:00:01.123 ${line}`);
  });

  it('stays one line, whatever a vendor says', () => {
    const refused: FeedEvent = { ...link, kind: 'refused', topics: [], reason: 'no\n\u001b[2J' };
    expect(plainLine('itick:stock', refused)).toBe('12:00:01.123 itick:stock refused something: no [2J');
  });
});
