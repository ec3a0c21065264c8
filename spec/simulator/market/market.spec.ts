import fc from 'fast-check';
import { defaultSymbols } from '../../../lib/simulator/market/listing.js';
import { createMarket, STEP, type MarketOptions } from '../../../lib/simulator/market/market.js';

const START = Date.UTC(2026, 3, 21, 2);

const market = (options: Partial<MarketOptions> = {}) =>
  createMarket({ seed: 1, symbols: defaultSymbols, unknown: [], start: START, sessions: false, ...options });

const history = (options: Partial<MarketOptions>, steps = 50) => {
  const here = market(options);
  return Array.from({ length: steps }, () =>
    here.step().map(({ instrument, executions }) => [instrument.listing.symbol, executions, instrument.ladders()]),
  );
};

describe('the market', () => {
  it('is the same for the same seed, and another for another', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(history({ seed })).toEqual(history({ seed }));
        expect(history({ seed })).not.toEqual(history({ seed: seed + 1 }));
      }),
      { numRuns: 2 },
    );
  });

  it('gives each instrument a life of its own: one more symbol changes nothing for the others', () => {
    const alone = history({ symbols: ['AAPL.US'] });
    const inCompany = history({ symbols: ['TSLA.US', 'AAPL.US', 'BTCUSDT.BA'] });
    expect(inCompany.map((changes) => changes.filter(([symbol]) => symbol === 'AAPL.US'))).toEqual(alone);
  });

  it('moves on by 250 ms a step', () => {
    const here = market();
    here.step();
    const times = here.step().flatMap(({ executions }) => executions.map(({ time }) => time));
    expect(new Set(times)).toEqual(new Set([START + 2 * STEP]));
  });

  it('changes most books and about two instruments of five a step', () => {
    const here = market();
    let booked = 0;
    let traded = 0;
    for (let step = 0; step < 500; step += 1) {
      for (const change of here.step()) {
        if (change.booked) booked += 1;
        if (change.executions.length > 0) traded += 1;
      }
    }
    expect(booked / (500 * defaultSymbols.length)).toBeGreaterThan(0.7);
    expect(traded / (500 * defaultSymbols.length)).toBeCloseTo(0.4, 1);
  });

  it('lists every cluster and every kind of symbol', () => {
    const here = market();
    const cluster = (symbol: string) => here.find(symbol)?.listing.cluster;
    expect(defaultSymbols.map(({ symbol }) => [symbol, cluster(symbol)])).toMatchObject(
      [
        ...['600000.SH', '600519.SH', '000001.SZ', '300750.SZ', '700.HK', '9988.HK', 'AAPL.US', 'TSLA.US', 'BRK.B.US'],
        'RELIANCE.NSE.IN',
      ]
        .map((symbol) => [symbol, 'stock'])
        .concat(['EURUSD.GB', 'GBPUSD.GB', 'USDJPY.GB', 'XAUUSD.GB'].map((symbol) => [symbol, 'forex']))
        .concat(['BTCUSDT.BA', 'ETHUSDT.BA'].map((symbol) => [symbol, 'crypto']))
        .concat([
          ['SPX.GB', 'indices'],
          ['NQ.US', 'future'],
          ['au2604.SHF', 'future'],
          ['SPY.US', 'fund'],
        ]),
    );
  });

  it('finds Hong Kong codes with and without leading zeros', () => {
    const here = market();
    expect(here.find('00700.HK')).toBe(here.find('700.HK'));
  });

  it('makes up what is well formed, once, and the same in every market of that seed', () => {
    const here = market();
    const made = here.find('MSFT.US')!;
    expect(here.find('MSFT.US')).toBe(made);
    expect(made.figures()).toEqual(market().find('MSFT.US')!.figures());
    expect(here.find('DOGEUSDT.BA')?.listing.cluster).toBe('crypto');
    expect(here.find('EURJPY.GB', ['forex'])?.listing.rules.priceDecimals).toBe(3);
    expect(here.find('XAGUSD.GB', ['forex'])?.listing.rules.priceDecimals).toBe(2);
    expect(here.find('920002.BJ')?.listing.rules.band).toBe(0.3);
  });

  it('keeps clusters apart: a fund is no stock', () => {
    const here = market();
    expect(here.find('SPY.US', ['stock'])).not.toBe(here.find('SPY.US', ['fund']));
  });

  it.each([
    'AAPL',
    'AAPL.XX',
    'AAPL.toString',
    '12.SH',
    '.US',
    'A A.US',
    'RELIANCE.IN',
    'NOPE.US',
    'NOPE1.HK',
    'GONE.US',
  ])('does not know %s', (symbol) => {
    expect(market({ unknown: ['GONE.US'] }).find(symbol)).toBeUndefined();
  });

  it('does not list what it is told not to know', () => {
    expect(market({ unknown: ['AAPL.US', '00700.HK'] }).find('AAPL.US')).toBeUndefined();
    expect(market({ unknown: ['00700.HK'] }).find('700.HK')).toBeUndefined();
  });

  it('makes nothing up where it is told not to', () => {
    const here = market({ invents: false });
    expect(here.find('601318.SH')).toBeUndefined();
    expect(here.exists('601318.SH', ['stock'])).toBe(false);
    expect(here.find('00700.HK')?.listing.symbol).toBe('700.HK');
  });

  it('rejects a list with an impossible symbol, by name', () => {
    expect(() => market({ symbols: ['AAPL'] })).toThrow(new TypeError('no venue of the simulator can trade "AAPL"'));
  });

  it('finds a bare code when one instrument of the cluster has it', () => {
    const here = market({ symbols: [...defaultSymbols, 'BTCUSDT.BT'] });
    expect(here.findCode('XAUUSD', 'forex')?.listing.symbol).toBe('XAUUSD.GB');
    expect(here.findCode('XAUUSD', 'stock')).toBeUndefined();
    expect(here.findCode('BTCUSDT', 'crypto')).toBeUndefined();
  });
});

describe('a market that strangers ask', () => {
  it('makes up five thousand symbols and no more', () => {
    const here = market({ symbols: ['AAPL.US'] });
    const made = Array.from({ length: 5_001 }, (_, index) => here.find(`X${index}.US`));
    expect(made.map((instrument) => instrument !== undefined).lastIndexOf(true)).toBe(4_999);
    expect([here.find('X0.US'), here.find('AAPL.US')]).toEqual([made[0], expect.anything()]);
  });

  it.each([
    ['zeros', `${'0'.repeat(1_000_000)}x.HK`],
    ['dots', `X${'.'.repeat(1_000_000)}IN`],
    ['capitals', `A.${'A'.repeat(1_000_000)}1`],
  ])('takes no time for a symbol of a million %s', (_, symbol) => {
    const started = performance.now();
    expect(market({ symbols: [] }).find(symbol)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe('a market that keeps hours', () => {
  const shanghai = (hour: number, minute = 0): number => Date.UTC(2026, 3, 21, hour - 8, minute);
  const open = (symbol: string, start: number) => {
    const here = market({ symbols: [symbol], sessions: true, start });
    return { here, instrument: here.find(symbol)! };
  };

  it('stops for lunch, says so once, and goes on', () => {
    const { here, instrument } = open('600000.SH', shanghai(11, 30) - 2 * STEP);
    here.step();
    expect(here.step()).toMatchObject([{ executions: [], quoted: true, booked: false }]);
    expect(instrument.figures()).toMatchObject({ phase: 'lunch_break', time: shanghai(11, 30) });
    expect(here.step()).toEqual([]);
    const quiet = Array.from({ length: 90 * 240 - 2 }, () => here.step()).flat();
    expect(quiet).toEqual([]);
    expect(here.step()).toMatchObject([{ quoted: true }]);
    expect(instrument.figures().phase).toBe('regular');
  });

  const zero = { last: 0, open: 0, high: 0, low: 0, volume: 0, turnover: 0, trades: 0 };

  it('shows yesterday until 09:15, no price until the auction of 09:25, and trades from 09:30', () => {
    const { here, instrument } = open('600000.SH', shanghai(9, 15) - 2 * STEP);
    const yesterday = instrument.figures();
    expect(yesterday).toMatchObject({ phase: 'closed', trades: 1 });
    expect(here.step()).toEqual([]);
    expect(here.step()).toMatchObject([{ executions: [], quoted: true, booked: true }]);
    expect(instrument.figures()).toMatchObject({ ...zero, previousClose: yesterday.last, phase: 'pre_market' });
    expect(instrument.ladders()).toMatchObject({ bids: [], asks: [], bookTime: shanghai(9, 15) });
    expect(Array.from({ length: 10 * 240 - 1 }, () => here.step()).flat()).toEqual([]);
    const [change] = here.step();
    expect(change).toMatchObject({ executions: [{ time: shanghai(9, 25), aggressor: undefined }], booked: true });
    const [{ price, size } = { price: NaN, size: NaN }] = change!.executions;
    const first = { last: price, open: price, high: price, low: price, volume: size, trades: 1 };
    expect(instrument.figures()).toMatchObject({ ...first, previousClose: yesterday.last });
    expect(instrument.ladders().bids).toHaveLength(10);
    expect(Array.from({ length: 5 * 240 - 1 }, () => here.step()).flat()).toEqual([]);
    const later = Array.from({ length: 40 }, () => here.step()).flatMap(([now]) => now?.executions ?? []);
    expect(later[0]!.time).toBeGreaterThanOrEqual(shanghai(9, 30));
    expect(instrument.figures().open).toBe(price);
  });

  it.each([
    [9, 20, 0],
    [9, 26, 1],
    [10, 0, 1],
    [14, 58, 1],
    [16, 0, 1],
  ])('begins as the hour has it: at %d:%d with %d execution', (hour, minute, trades) => {
    const { instrument } = open('600000.SH', shanghai(hour, minute));
    expect(instrument.figures()).toMatchObject(trades === 0 ? zero : { trades });
  });

  it('collects orders from 14:57 on, and prints them at 15:00, at one price', () => {
    const { here, instrument } = open('600000.SH', shanghai(14, 57) - STEP);
    here.step();
    const before = instrument.figures();
    expect(Array.from({ length: 3 * 240 - 1 }, () => here.step()).flat()).toEqual([]);
    const [change] = here.step();
    expect(change).toMatchObject({ executions: [{ time: shanghai(15), aggressor: undefined }], quoted: true });
    const [{ price, size } = { price: NaN, size: NaN }] = change!.executions;
    expect(instrument.figures()).toMatchObject({ last: price, volume: before.volume + size, phase: 'closed' });
    expect(here.step()).toEqual([]);
  });

  it('is not opened while it is halted, and opens when that ends', () => {
    const { here, instrument } = open('600000.SH', shanghai(9, 20));
    here.halt(instrument, true);
    for (let step = 0; step < 20 * 240; step += 1) here.step();
    expect(instrument.figures()).toMatchObject({ ...zero, halted: true });
    here.halt(instrument, false);
    expect(here.step()).toMatchObject([{ executions: [{ aggressor: undefined }] }]);
    expect(instrument.figures().last).toBeGreaterThan(0);
  });

  it('is closed at weekends, but not where the market never closes', () => {
    const saturday = Date.UTC(2026, 3, 25, 3);
    expect(open('600000.SH', saturday).instrument.figures().phase).toBe('closed');
    expect(open('EURUSD.GB', saturday).instrument.figures().phase).toBe('closed');
    expect(open('BTCUSDT.BA', saturday).instrument.figures().phase).toBe('regular');
  });
});
