import { closeTime } from '../../../lib/model/closeTime.js';
import { intervals } from '../../../lib/model/interval.js';
import { klineCodes } from '../../../lib/providers/itick/protocol.js';
import { stampRule } from '../../../lib/model/stamps.js';
import { decode, decodeRow, NOW, SECRET } from './decoding.js';

const at = 1_731_689_407_000;

describe('a tick', () => {
  it.each([
    ['of a plan that sends executions', 'size', { size: 100, volume: undefined }],
    ['of a plan that sends the day’s total', 'cumulative', { size: undefined, volume: 100 }],
  ] as const)('%s has v as its %s', (_, tickVolume, figures) => {
    const [trade] = decodeRow({ type: 'tick', ld: 1, v: 100 }, { tickVolume });
    expect(trade).toEqual({
      kind: 'trade',
      provider: 'itick',
      feed: 'itick:stock',
      symbol: 'AAPL.US',
      time: NOW,
      receivedAt: NOW,
      price: 1,
      sizeUnit: 'shares',
      ...figures,
    });
  });

  it.each([
    [{ d: 0 }, { aggressor: undefined }],
    [{ d: 1 }, { aggressor: 'seller' }],
    [{ d: 2 }, { aggressor: 'buyer' }],
    [{ d: '2' }, { aggressor: 'buyer' }],
    [{ d: 9 }, { aggressor: undefined }],
    [{ te: 0 }, { tradingPhase: 'regular' }],
    [{ te: 1 }, { tradingPhase: 'pre_market' }],
    [{ te: 2 }, { tradingPhase: 'after_hours' }],
    [{ te: 3 }, { tradingPhase: undefined }],
    [
      { te: null, d: null, v: null },
      { tradingPhase: undefined, aggressor: undefined, volume: undefined },
    ],
    [{ tu: 'x', ts: 'y', po: {} }, { price: 1 }],
    [
      { ld: '2365.12', v: '7', t: String(at) },
      { price: 2365.12, volume: 7, time: at },
    ],
    [{ ld: -37.63 }, { price: -37.63 }],
  ])('with %j is read as %j', (row, fields) => {
    expect(decodeRow({ type: 'tick', ld: 1, ...row })).toMatchObject([{ kind: 'trade', ...fields }]);
  });

  it('has no unit where the market has none', () => {
    expect(decodeRow({ type: 'tick', ld: 1, v: 1 }, { sizeUnit: undefined })).toMatchObject([{ sizeUnit: undefined }]);
  });
});

const rowsAt = (t: unknown): readonly object[] => [
  { type: 'tick', ld: 1, t },
  { type: 'quote', ld: 1, t },
  { type: 'depth', t },
];

describe('the time of a push', () => {
  it.each([
    ['milliseconds', at, at],
    ['text', String(at), at],
    ['seconds', at / 1_000, at],
    ['fractions of a second', at / 1_000 + 0.5, at + 500],
    ['microseconds', at * 1_000, at],
    ['nanoseconds', at * 1_000_000, at],
    ['nanoseconds in text', `${at}000000`, at],
    ['ISO text', '2024-11-15T16:50:07.000Z', at],
    ['ISO text with a zone', '2024-11-16T00:50:07+08:00', at],
    ['a day old', at - 86_400_000, at - 86_400_000],
    ['zero', 0, NOW],
    ['nothing', undefined, NOW],
    ['null', null, NOW],
  ])('that is %s is understood', (_, t, time) => {
    for (const row of rowsAt(t)) {
      const [event] = decodeRow({ ...row });
      expect(event).toMatchObject({ time, receivedAt: NOW });
      expect(event).not.toHaveProperty('vendorTime');
    }
  });

  it.each([
    ['less than zero', -1, -1],
    ['more than any calendar holds', 1e300, 1e300],
    ['between two units', 5e14, 5e14],
    ['an hour ahead', at + 3_600_000, at + 3_600_000],
    ['a year ahead, in nanoseconds', (at + 31_536_000_000) * 1_000_000, (at + 31_536_000_000) * 1_000_000],
    ['an hour ahead, in text', '2024-11-15T17:50:07.000Z', '2024-11-15T17:50:07.000Z'],
    ['a word', 'soon', 'soon'],
    ['a date', '2024-11-15', '2024-11-15'],
    ['the token', SECRET, '***'],
    ['a long text', 'x'.repeat(100_000), `${'x'.repeat(63)}…`],
    ['a boolean', true, 'true'],
    ['an object', { at }, 'an object'],
  ])('that is %s is the time of receipt, and what was sent is kept', (_, t, vendorTime) => {
    for (const row of rowsAt(t))
      expect(decodeRow({ ...row })).toMatchObject([{ time: NOW, receivedAt: NOW, vendorTime }]);
  });

  it('that overflows a number is kept as text', () => {
    const frame = JSON.stringify({ data: { s: 'AAPL.US', type: 'tick', ld: 1, t: 17 } }).replace('17', '1e999');
    expect(decode(frame)).toMatchObject([{ kind: 'trade', time: NOW, vendorTime: 'Infinity' }]);
  });

  it('is measured against the other stamps of the feed', () => {
    const stamps = stampRule();
    const timeOf = (t: number, receivedAt: number) => {
      const [event] = decodeRow({ type: 'tick', ld: 1, t }, { stamps, receivedAt });
      return event !== undefined && 'time' in event ? event.time : undefined;
    };
    const slow = 7_200_000;
    for (let i = 0; i < 10; i++) timeOf(at + slow + i * 1_000, at + i * 1_000);
    expect(timeOf(at + slow + 10_000, at + 10_000)).toBe(at + slow + 10_000);
    expect(timeOf(at + slow + 3_600_000, at + 11_000)).toBe(at + 11_000);
  });
});

describe('a quote', () => {
  it('holds what was sent', () => {
    const row = { ld: 1, o: 2, h: 3, l: 4, p: 5, v: 6, tu: 7, t: at, ts: 1, ch: -4, chp: -80, type: 'quote' };
    const text = Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value)]));
    const quote = {
      kind: 'quote',
      provider: 'itick',
      feed: 'itick:stock',
      symbol: 'AAPL.US',
      time: at,
      receivedAt: NOW,
      last: 1,
      open: 2,
      high: 3,
      low: 4,
      previousClose: 5,
      volume: 6,
      turnover: 7,
      sizeUnit: 'shares',
      status: 'halted',
    };
    expect(decodeRow(row)).toEqual([quote]);
    expect(decodeRow(text)).toEqual([quote]);
  });

  it('may hold nothing but the last price', () => {
    expect(decodeRow({ type: 'quote', ld: 1 })).toEqual([
      {
        kind: 'quote',
        provider: 'itick',
        feed: 'itick:stock',
        symbol: 'AAPL.US',
        time: NOW,
        receivedAt: NOW,
        last: 1,
        sizeUnit: 'shares',
      },
    ]);
  });

  it.each([{}, { ld: null }, { ld: '' }, { ld: 'n/a' }])(
    'with %j never takes the previous close for the last price',
    (row) => {
      expect(decodeRow({ type: 'quote', p: 99, o: 98, ...row })).toMatchObject([
        { kind: 'undecodable', problems: [expect.stringContaining('data.ld')] },
      ]);
    },
  );

  it.each([
    [0, 'normal'],
    [1, 'halted'],
    [2, 'delisted'],
    [3, 'halted'],
    ['0', 'normal'],
    [4, undefined],
    [at, undefined],
    [null, undefined],
  ])('with ts %j is %s', (ts, status) => {
    expect(decodeRow({ type: 'quote', ld: 1, ts })).toMatchObject([{ status, time: NOW }]);
  });
});

describe('a depth', () => {
  it.each([
    ['missing', {}],
    ['null', { a: null, b: null }],
    ['empty', { a: [], b: [] }],
  ])('whose sides are %s has no levels', (_, sides) => {
    expect(decodeRow({ type: 'depth', ...sides })).toEqual([
      {
        kind: 'depth',
        provider: 'itick',
        feed: 'itick:stock',
        symbol: 'AAPL.US',
        time: NOW,
        receivedAt: NOW,
        type: 'snapshot',
        bids: [],
        asks: [],
        sizeUnit: 'shares',
      },
    ]);
  });

  it('may have one side only', () => {
    expect(decodeRow({ type: 'depth', b: [{ p: 1, v: 2 }] })).toMatchObject([
      { bids: [{ price: 1, size: 2 }], asks: [] },
    ]);
  });

  it('has orders where they are sent, fractional ones too, in text too', () => {
    const a = [
      { po: 1, p: '567', v: '13400', o: 3 },
      { p: 568, v: 0.5, o: '0.5' },
      { p: 569, v: 0, o: null },
    ];
    expect(decodeRow({ type: 'depth', a })).toMatchObject([
      {
        asks: [
          { price: 567, size: 13400, orders: 3 },
          { price: 568, size: 0.5, orders: 0.5 },
          { price: 569, size: 0, orders: undefined },
        ],
      },
    ]);
  });
});

describe('a level', () => {
  it.each([
    ['without a price', { p: null, v: 1 }],
    ['without a size', { p: 1 }],
    ['of null', { p: null, v: null }],
  ])('%s is none, and costs nobody the others', (_, level) => {
    const good = { p: 2, v: 3 };
    expect(decodeRow({ type: 'depth', a: [level, good], b: [good, level] })).toMatchObject([
      { asks: [{ price: 2, size: 3 }], bids: [{ price: 2, size: 3 }] },
    ]);
  });

  it('keeps the zeros of a vendor that gives sizes', () => {
    const rows = {
      a: [{ p: 0, v: 0 }],
      b: [
        { p: 9.8, v: 120 },
        { p: 9.7, v: 0 },
      ],
    };
    for (const unsized of [false, true])
      expect(decodeRow({ type: 'depth', ...rows }, { unsized })).toMatchObject([
        {
          asks: [{ price: 0, size: 0 }],
          bids: [
            { price: 9.8, size: 120 },
            { price: 9.7, size: 0 },
          ],
        },
      ]);
  });

  it.each([0, '0', null, undefined])('of a market that gives no sizes has none where %p stands for it', (v) => {
    const [depth] = decodeRow(
      { type: 'depth', a: [{ po: 1, p: 1.143, v, o: v }], b: [{ po: 1, p: 1.1428, v, o: v }] },
      { unsized: true },
    );
    expect(depth).toMatchObject({ asks: [{ price: 1.143 }], bids: [{ price: 1.1428 }] });
    expect(JSON.stringify(depth)).not.toContain('size":');
    expect(
      decodeRow(
        {
          type: 'depth',
          a: [
            { p: 0, v },
            { p: null, v },
          ],
          b: [],
        },
        { unsized: true },
      ),
    ).toMatchObject([{ asks: [], bids: [] }]);
  });
});

describe('nothing yet', () => {
  it('is a quote of zeros, with no open, high, low or previous close', () => {
    const zeros = { ld: 0, o: 0, h: 0, l: 0, p: 0, v: 0, tu: 0 };
    const quote = { last: 0, volume: 0, turnover: 0, open: undefined, high: undefined, low: undefined };
    expect(decodeRow({ type: 'quote', ...zeros })).toMatchObject([{ ...quote, previousClose: undefined }]);
  });
});

const prices = { o: 1, h: 4, l: 1, c: 3, v: 10 };

describe('a bar', () => {
  it.each(intervals.filter((interval) => klineCodes[interval] && interval !== '10m'))(
    'of %s is known by its code, by its name, and in the nested form',
    (interval) => {
      const code = klineCodes[interval];
      const bar = {
        kind: 'kline',
        provider: 'itick',
        feed: 'itick:stock',
        symbol: 'AAPL.US',
        time: at,
        receivedAt: NOW,
        interval,
        openTime: at,
        closeTime: closeTime(interval, at, 'AAPL.US'),
        open: 1,
        high: 4,
        low: 1,
        close: 3,
        volume: 10,
        closed: false,
        revision: 0,
        coverage: 1,
        source: 'provider',
        missedVolume: 0,
      };
      expect(decodeRow({ ...prices, t: at, type: `kline@${code}` })).toEqual([bar]);
      expect(decodeRow({ ...prices, t: at, type: `kline@${interval}` })).toEqual([bar]);
      expect(decodeRow({ t: code, k: { ...prices, t: at } })).toEqual([bar]);
      expect(decodeRow({ t: String(code), k: { ...prices, t: at } })).toEqual([bar]);
      expect(decodeRow({ t: 99, type: `kline@${code}`, k: { ...prices, t: at } })).toEqual([bar]);
    },
  );

  it('is read from text, with its turnover, in either form', () => {
    const text = { o: '1', h: '4', l: '1', c: '3', v: '10', tu: '25.5', t: String(at / 1_000) };
    const bar = { open: 1, high: 4, low: 1, close: 3, volume: 10, turnover: 25.5, openTime: at, time: at };
    expect(decodeRow({ ...text, type: 'kline@1' })).toMatchObject([bar]);
    expect(decodeRow({ t: 1, k: text })).toMatchObject([bar]);
  });

  it.each([at / 1_000, at * 1_000, at * 1_000_000, new Date(at).toISOString()])(
    'that opens at %p is understood',
    (t) => {
      expect(decodeRow({ ...prices, t, type: 'kline@1' })).toMatchObject([{ kind: 'kline', openTime: at, time: at }]);
    },
  );

  it.each([
    ['an unknown code', { ...prices, t: at, type: 'kline@11' }, 'data.type: "11" is no code of an interval'],
    ['no code', { ...prices, t: at, type: 'kline@' }, 'data.type: "" is no code of an interval'],
    [
      'an inherited name',
      { ...prices, t: at, type: 'kline@toString' },
      'data.type: "toString" is no code of an interval',
    ],
    ['an unknown outer code', { t: 0, k: { ...prices, t: at } }, 'data.t: "0" is no code of an interval'],
    ['no outer code', { k: { ...prices, t: at } }, 'data.t: undefined is no code of an interval'],
    ['no prices', { t: at, v: 1, type: 'kline@1' }, 'data.o: missing'],
    ['no inner prices', { t: 1, k: { t: at, v: 1 } }, 'data.k.o: missing'],
    ['time zero', { ...prices, t: 0, type: 'kline@1' }, 'data.t: 0 is no time at which a bar opens'],
    [
      'a time past all calendars',
      { ...prices, t: 1e300, type: 'kline@8' },
      'data.t: 1e+300 is no time at which a bar opens',
    ],
    [
      'a time that is no time',
      { ...prices, t: 'soon', type: 'kline@1' },
      'data.t: "soon" is no time at which a bar opens',
    ],
    [
      'an open an hour ahead',
      { ...prices, t: at + 3_600_000, type: 'kline@1' },
      'data.t: 1731693007000 lies too far ahead for a bar of 1m to open',
    ],
    [
      'an inner open a year ahead',
      { t: 8, k: { ...prices, t: at + 31_536_000_000 } },
      'data.k.t: 1763225407000 lies too far ahead for a bar of 1d to open',
    ],
    ['an inner time of zero', { t: 8, k: { ...prices, t: 0 } }, 'data.k.t: 0 is no time at which a bar opens'],
    ['no time', { ...prices, type: 'kline@1' }, 'data.t: missing'],
  ])('with %s is undecodable', (_, row, problem) => {
    const [message] = decode({ data: { s: 'AAPL.US', ...row } });
    expect(message).toMatchObject({ kind: 'undecodable' });
    expect('problems' in message! && message.problems[0]).toBe(problem);
  });
});
