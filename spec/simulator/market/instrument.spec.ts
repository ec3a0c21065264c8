import fc from 'fast-check';
import type { Execution } from '../../../lib/simulator/market/snapshot.js';
import type { Instrument } from '../../../lib/simulator/market/instrument.js';
import { defaultSymbols } from '../../../lib/simulator/market/listing.js';
import { createMarket, STEP, type MarketOptions } from '../../../lib/simulator/market/market.js';

const START = Date.UTC(2026, 3, 21, 2);

const market = (options: Partial<MarketOptions> = {}) =>
  createMarket({ seed: 1, symbols: defaultSymbols, unknown: [], start: START, sessions: false, ...options });

const anInstrument = (symbol: string, options: Partial<MarketOptions> = {}) => {
  const here = market({ symbols: [symbol], ...options });
  return { here, instrument: here.find(symbol)! };
};

const symbols = fc.constantFrom(...defaultSymbols);
const seeds = fc.integer();

/** Sums that are exact, in whole units of the instrument. */
const exactly = ({ listing: { rules } }: Instrument) => ({
  price: (price: number) => Math.round(price * 10 ** rules.priceDecimals),
  size: (size: number) => Math.round(size * 10 ** rules.sizeDecimals),
  turnover: (turnover: number) => Math.round(turnover * 10 ** (rules.priceDecimals + rules.sizeDecimals)),
});

describe('an instrument', () => {
  it('adds up: volume and turnover are the sums of its executions', () => {
    fc.assert(
      fc.property(seeds, symbols, (seed, symbol) => {
        const here = market({ seed, symbols: [symbol] });
        const instrument = here.find(symbol.symbol)!;
        const units = exactly(instrument);
        const opening = instrument.figures();
        let volume = units.size(opening.volume);
        let turnover = units.turnover(opening.turnover);
        expect(turnover).toBe(units.price(opening.last) * volume);
        let trades = 1;
        for (let step = 0; step < 200; step += 1) {
          for (const { price, size, volume: cumulative } of here.step().flatMap(({ executions }) => executions)) {
            volume += units.size(size);
            turnover += units.price(price) * units.size(size);
            trades += 1;
            if (units.size(cumulative) !== volume) expect(units.size(cumulative)).toBe(volume);
          }
        }
        const figures = instrument.figures();
        expect([units.size(figures.volume), units.turnover(figures.turnover), figures.trades]).toEqual([
          volume,
          turnover,
          trades,
        ]);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps its last price between low and high, and its high and low are of executions', () => {
    fc.assert(
      fc.property(seeds, symbols, (seed, symbol) => {
        const here = market({ seed, symbols: [symbol] });
        const instrument = here.find(symbol.symbol)!;
        const prices = [instrument.figures().open];
        for (let step = 0; step < 200; step += 1) {
          prices.push(...here.step().flatMap(({ executions }) => executions.map(({ price }) => price)));
          const { last, open, high, low } = instrument.figures();
          expect([last, open, high, low]).toEqual([prices.at(-1), prices[0], Math.max(...prices), Math.min(...prices)]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('keeps its book sorted, uncrossed, on the price grid, and in whole lots', () => {
    fc.assert(
      fc.property(seeds, symbols, (seed, symbol) => {
        const here = market({ seed, symbols: [symbol] });
        const instrument = here.find(symbol.symbol)!;
        const { rules } = instrument.listing;
        const units = exactly(instrument);
        for (let step = 0; step < 200; step += 1) {
          here.step();
          const { bids, asks } = instrument.ladders();
          const ascending = [...bids].reverse().concat(asks);
          const faults = ascending.filter(
            ({ price, size, orders }, at) =>
              (at > 0 && price <= ascending[at - 1]!.price) ||
              units.price(price) % rules.tickAt(units.price(price)) !== 0 ||
              units.size(size) % rules.lot !== 0 ||
              size <= 0 ||
              orders <= 0,
          );
          expect([bids.length, asks.length, faults]).toEqual([10, 10, []]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('takes executions from the touch of the book: buyers from the asks, sellers from the bids', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { here, instrument } = anInstrument('AAPL.US', { seed });
        for (let step = 0; step < 200; step += 1) {
          const { bids, asks } = instrument.ladders();
          const [first] = here.step().flatMap(({ executions }) => executions);
          if (first === undefined) continue;
          const [touch] = first.aggressor === 'buyer' ? asks : bids;
          expect([first.price, first.size <= touch!.size]).toEqual([touch!.price, true]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('trades in about two steps of five, and stays within a tenth of its previous close for hours', () => {
    const { here, instrument } = anInstrument('AAPL.US');
    let traded = 0;
    for (let step = 0; step < 8_000; step += 1)
      if (here.step().some(({ executions }) => executions.length > 0)) traded += 1;
    const { last, previousClose } = instrument.figures();
    expect(traded / 8_000).toBeCloseTo(0.4, 1);
    expect(Math.abs(last / previousClose - 1)).toBeLessThan(0.1);
  });

  it('goes to limit-up in a sweep of buyers, where nobody sells, and comes back', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const here = market({ seed, symbols: [{ symbol: '600000.SH', price: 10 }] });
        const instrument = here.find('600000.SH')!;
        const before = instrument.figures();
        const { executions } = here.sweep(instrument, 'buyer');
        expect(instrument.figures()).toMatchObject({ last: 11, high: 11 });
        expect(instrument.figures().volume).toBe(executions.reduce((sum, { size }) => sum + size, before.volume));
        expect(instrument.ladders().asks).toEqual([]);
        expect(instrument.ladders().bids[0]!.price).toBe(11);
        expect(here.sweep(instrument, 'buyer')).toMatchObject({ executions: [], quoted: false, booked: false });
        let steps = 0;
        while (instrument.ladders().asks.length === 0 && steps < 20_000) {
          here.step();
          steps += 1;
        }
        expect([steps < 20_000, instrument.figures().high]).toEqual([true, 11]);
      }),
      { numRuns: 20 },
    );
  });

  it('goes to limit-down in a sweep of sellers', () => {
    const here = market({ symbols: [{ symbol: '300750.SZ', price: 10 }] });
    const instrument = here.find('300750.SZ')!;
    here.sweep(instrument, 'seller');
    expect(instrument.figures()).toMatchObject({ last: 8, low: 8 });
    expect(instrument.ladders().bids).toEqual([]);
    expect(instrument.ladders().asks[0]!.price).toBe(8);
  });

  it('loses ten levels in a sweep where there is no price limit', () => {
    const { here, instrument } = anInstrument('700.HK');
    const { asks } = instrument.ladders();
    const { executions } = here.sweep(instrument, 'buyer');
    expect(executions.map(({ price, size }) => [price, size])).toEqual(asks.map(({ price, size }) => [price, size]));
    expect(instrument.ladders().asks[0]!.price).toBeGreaterThan(asks.at(-1)!.price);
  });

  it('does nothing while halted, and goes on afterwards', () => {
    const { here, instrument } = anInstrument('AAPL.US');
    expect(here.halt(instrument, true)).toMatchObject({ quoted: true, booked: false, executions: [] });
    const before = [instrument.figures(), instrument.ladders()];
    for (let step = 0; step < 50; step += 1) expect(here.step()).toEqual([]);
    expect(here.sweep(instrument, 'buyer').executions).toEqual([]);
    expect([instrument.figures(), instrument.ladders()]).toEqual(before);
    here.halt(instrument, false);
    const later: Execution[] = [];
    while (later.length === 0) later.push(...here.step().flatMap(({ executions }) => executions));
    expect(instrument.figures().halted).toBe(false);
  });

  it('starts a new day at local midnight with an auction that resets the figures', () => {
    const midnight = Date.UTC(2026, 3, 21, 16);
    const { here, instrument } = anInstrument('600000.SH', { start: midnight - 2 * STEP });
    here.step();
    const { last } = instrument.figures();
    const [change] = here.step();
    const [auction] = change!.executions;
    expect(change!.executions).toHaveLength(1);
    expect(auction).toMatchObject({ time: midnight, aggressor: undefined, volume: auction!.size });
    const { open, high, low, previousClose, volume, trades } = instrument.figures();
    expect({ previousClose, high, low, volume, trades }).toEqual({
      previousClose: last,
      high: open,
      low: open,
      volume: auction!.size,
      trades: 1,
    });
  });

  it('keeps bars that hold exactly the executions since they began', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { here, instrument } = anInstrument('ETHUSDT.BA', { seed, start: START - 30_000 });
        const units = exactly(instrument);
        const executions: Execution[] = [];
        for (let step = 0; step < 300; step += 1)
          executions.push(...here.step().flatMap((change) => change.executions));
        const bar = instrument.bar('1m');
        const mine = executions.filter(({ time }) => time >= bar.openTime);
        const prices = mine.map(({ price }) => price);
        expect(bar.openTime % 60_000).toBe(0);
        expect([bar.open, bar.high, bar.low, bar.close]).toEqual([
          prices[0],
          Math.max(...prices),
          Math.min(...prices),
          prices.at(-1),
        ]);
        expect(units.size(bar.volume)).toBe(mine.reduce((sum, { size }) => sum + units.size(size), 0));
        expect(units.turnover(bar.turnover)).toBe(
          mine.reduce((sum, { price, size }) => sum + units.price(price) * units.size(size), 0),
        );
      }),
      { numRuns: 20 },
    );
  });
});
