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

  it('opens with an auction when it was started before the opening', () => {
    const { here, instrument } = open('600000.SH', shanghai(9, 30) - 2 * STEP);
    expect(instrument.figures().phase).toBe('closed');
    expect(here.step()).toEqual([]);
    expect(here.step()).toMatchObject([{ executions: [{ time: shanghai(9, 30), aggressor: undefined }] }]);
  });

  it('is closed at weekends, but not where the market never closes', () => {
    const saturday = Date.UTC(2026, 3, 25, 3);
    expect(open('600000.SH', saturday).instrument.figures().phase).toBe('closed');
    expect(open('EURUSD.GB', saturday).instrument.figures().phase).toBe('closed');
    expect(open('BTCUSDT.BA', saturday).instrument.figures().phase).toBe('regular');
  });
});
