import { decode, NOW, SECRET } from './decoding.js';

const quote = (row: object, symbol = '600000.SH') =>
  decode({ op: 'quotes', data: [{ symbol, last_price: 1, ...row }] });
const depth = (row: object, symbol = '600000.SH') => decode({ op: 'depth', data: [{ symbol, ...row }] });

describe('a quote', () => {
  it('may hold nothing but the last price', () => {
    expect(quote({})).toEqual([
      {
        kind: 'quote',
        provider: 'tickflow',
        feed: 'tickflow',
        symbol: '600000.SH',
        time: NOW,
        receivedAt: NOW,
        last: 1,
        sizeUnit: 'lots',
      },
    ]);
  });

  it.each([
    ['pre_market', 'pre_market'],
    ['regular', 'regular'],
    ['lunch_break', 'lunch_break'],
    ['after_hours', 'after_hours'],
    ['closed', 'closed'],
    ['halted', 'halted'],
    ['auction', undefined],
    ['constructor', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('in the session %j is %s', (session, status) => {
    expect(quote({ session })).toMatchObject([{ kind: 'quote', status }]);
  });

  it.each([
    { ext: null },
    { ext: {} },
    { ext: { type: 'us_equity', name: null, change_pct: null } },
    { ext: 'later' },
    { name: '浦发银行', change_pct: -0.006 },
    { region: 'CN', unheardOf: [1, 2, 3] },
  ])('is the same with %j', (more) => {
    expect(quote(more)).toEqual(quote({}));
  });

  it('has no prices where zeros stand for them before the first trade, and keeps a volume of zero', () => {
    expect(
      quote({ last_price: 0, open: 0, high: 0, low: 0, prev_close: 0, volume: 0, amount: 0, timestamp: 0 }),
    ).toMatchObject([
      {
        last: 0,
        open: undefined,
        high: undefined,
        low: undefined,
        previousClose: undefined,
        volume: 0,
        turnover: 0,
        time: NOW,
      },
    ]);
  });

  it('is read from text too', () => {
    expect(quote({ last_price: '9.72', volume: '426585', timestamp: '1776754802000' })).toMatchObject([
      { last: 9.72, volume: 426585, time: 1776754802000 },
    ]);
  });

  it.each([
    ['600000.SH', 'lots'],
    ['000001.SZ', 'lots'],
    ['430047.BJ', 'lots'],
    ['au2604.SHF', 'lots'],
    ['IF2606.CFX', 'lots'],
    ['00700.HK', 'shares'],
    ['AAPL.US', 'shares'],
    ['BTCUSDT.BA', undefined],
  ])('of %s counts in %s', (symbol, sizeUnit) => {
    expect(quote({}, symbol)).toMatchObject([{ sizeUnit }]);
    expect(depth({}, symbol)).toMatchObject([{ sizeUnit }]);
  });
});

describe('a depth', () => {
  it.each([
    [
      'as long as the vendor made them',
      [3, 2, 1],
      [30, 20, 10],
      [
        [3, 30],
        [2, 20],
        [1, 10],
      ],
    ],
    ['as long as the prices', [3], [30, 20], [[3, 30]]],
    ['as long as the volumes', [3, 2], [30], [[3, 30]]],
    [
      'with volumes of zero, as at limit-up',
      [3, 2],
      [0, 20],
      [
        [3, 0],
        [2, 20],
      ],
    ],
    [
      'read from text',
      ['3', 2],
      [30, '20'],
      [
        [3, 30],
        [2, 20],
      ],
    ],
    ['empty', [], [], []],
    ['without volumes', [3], undefined, []],
    ['without prices', undefined, [30], []],
    ['null', null, null, []],
    ['missing', undefined, undefined, []],
  ])('has sides that are %s', (_, prices, volumes, levels) => {
    const side = levels.map(([price, size]) => ({ price, size }));
    expect(depth({ bid_prices: prices, bid_volumes: volumes })).toMatchObject([{ bids: side, asks: [] }]);
    expect(depth({ ask_prices: prices, ask_volumes: volumes })).toMatchObject([{ bids: [], asks: side }]);
  });

  it.each([
    [1776754802000, 1776754802000],
    [1776754802, 1776754802000],
    [1776754802000123, 1776754802000],
    [1.776754802e18, 1776754802000],
    ['1776754802000', 1776754802000],
    ['2026-04-21T15:00:02+08:00', 1776754802000],
    [0, NOW],
    [null, NOW],
    [undefined, NOW],
  ])('with the timestamp %j is of %d, as a quote is', (timestamp, time) => {
    for (const [event] of [depth({ timestamp }), quote({ timestamp })]) {
      expect(event).toMatchObject({ time, receivedAt: NOW });
      expect(event).not.toHaveProperty('vendorTime');
    }
  });

  it.each([
    [1.795e18, 1.795e18],
    [-1, -1],
    [1e300, 1e300],
    [1776754802000 + 6 * 3_600_000, 1776754802000 + 6 * 3_600_000],
    ['soon', 'soon'],
    [SECRET, '***'],
    [true, 'true'],
    [[1776754802000], 'an array'],
  ])('with the timestamp %j, which is not believed, is of its receipt, as a quote is', (timestamp, vendorTime) => {
    for (const [event] of [depth({ timestamp }), quote({ timestamp })])
      expect(event).toMatchObject({ time: NOW, receivedAt: NOW, vendorTime });
  });
});
