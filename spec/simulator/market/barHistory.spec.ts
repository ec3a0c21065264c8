import fc from 'fast-check';
import { barLengths, openingsBy, type Span } from '../../../lib/simulator/market/bars.js';
import { zoneOffset } from '../../../lib/simulator/market/hours.js';
import { barHistory } from '../../../lib/simulator/market/barHistory.js';
import { createInstrument, type Instrument } from '../../../lib/simulator/market/instrument.js';
import { defaultSymbols } from '../../../lib/simulator/market/listing.js';
import { createMarket, type MarketOptions, type SimulatedMarket } from '../../../lib/simulator/market/market.js';
import { createPast, dayPlan } from '../../../lib/simulator/market/past.js';
import { seeded } from '../../../lib/simulator/market/random.js';
import type { Execution, SimulatedBar } from '../../../lib/simulator/market/snapshot.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A Tuesday, 10:00 in Shanghai. */
const START = Date.UTC(2026, 3, 21, 2);
const shanghai = (hour: number, minute = 0, day = 21): number => Date.UTC(2026, 3, day, hour - 8, minute);

const market = (options: Partial<MarketOptions> = {}): SimulatedMarket =>
  createMarket({ seed: 1, symbols: defaultSymbols, unknown: [], start: START, sessions: false, ...options });

const alone = (symbol: string, options: Partial<MarketOptions> = {}) => {
  const here = market({ symbols: [symbol], ...options });
  return { here, instrument: here.find(symbol)! };
};

/** The executions of so many steps, with the one that an instrument began with. */
const traded = (here: SimulatedMarket, instrument: Instrument, steps: number): readonly Execution[] => {
  const executions = [instrument.latest()];
  for (let step = 0; step < steps; step += 1) executions.push(...here.step().flatMap((change) => change.executions));
  return executions;
};

/** Bars made of executions, independently, in whole units so that sums are exact. */
const barsOf = (
  executions: readonly Execution[],
  length: Span,
  { listing: { rules } }: Instrument,
): readonly SimulatedBar[] => {
  const [prices, sizes] = [10 ** rules.priceDecimals, 10 ** rules.sizeDecimals];
  const openingOf = openingsBy(zoneOffset(rules.zone));
  const groups = new Map<number, Execution[]>();
  for (const execution of executions) {
    const openTime = openingOf(length, execution.time);
    const group = groups.get(openTime);
    if (group === undefined) groups.set(openTime, [execution]);
    else group.push(execution);
  }
  return [...groups].map(([openTime, group]) => {
    const units = group.map(({ price, size }) => ({
      price: Math.round(price * prices),
      size: Math.round(size * sizes),
    }));
    return {
      openTime,
      open: group[0]!.price,
      high: Math.max(...group.map(({ price }) => price)),
      low: Math.min(...group.map(({ price }) => price)),
      close: group.at(-1)!.price,
      volume: units.reduce((sum, { size }) => sum + size, 0) / sizes,
      turnover: units.reduce((sum, { price, size }) => sum + price * size, 0) / (prices * sizes),
    };
  });
};

const all = { most: Infinity };
const lengths: readonly Span[] = [...barLengths, '10m', '1Q', '1Y'];
const opens = (bars: readonly SimulatedBar[]): readonly number[] => bars.map(({ openTime }) => openTime);
const clockOf = (openTime: number): string => new Date(openTime + 8 * HOUR).toISOString().slice(11, 16);

describe('the bars of a market', () => {
  it('are the executions of its stream, to the last digit, at every length', () => {
    const seeds = fc.integer();
    const symbols = fc.constantFrom(...defaultSymbols);
    const starts = fc.integer({ min: START, max: START + 30 * HOUR });
    fc.assert(
      fc.property(seeds, symbols, starts, (seed, symbol, start) => {
        const here = market({ seed, symbols: [symbol], start });
        const instrument = here.find(symbol.symbol)!;
        const executions = traded(here, instrument, 2_500);
        for (const length of lengths) {
          const expected = barsOf(executions, length, instrument);
          const bars = here.bars(instrument, { length, from: expected[0]!.openTime, ...all });
          expect(bars).toEqual(expected);
        }
        for (const length of barLengths)
          expect(here.bars(instrument, { length, most: 1 })).toEqual([instrument.bar(length)]);
      }),
      { numRuns: 6 },
    );
  });

  it('do not begin anew when the clocks of their zone change', () => {
    // The night to 8 March 2026, when New York goes from 02:00 to 03:00.
    const { here, instrument } = alone('AAPL.US', { start: Date.UTC(2026, 2, 8, 6, 58) });
    traded(here, instrument, 1_000);
    expect(new Date(instrument.bar('1m').openTime).toISOString()).toBe('2026-03-08T07:02:00.000Z');
    for (const length of ['1d', '1w', '1M'] as const) {
      const { volume, trades } = instrument.figures();
      expect([instrument.bar(length).volume, trades > 100]).toEqual([volume, true]);
      expect(here.bars(instrument, { length, most: 1 })).toEqual([instrument.bar(length)]);
    }
    expect(new Date(instrument.bar('1M').openTime).toISOString()).toBe('2026-03-01T05:00:00.000Z');
  });

  it('are those of a whole mainland day, with its auctions and without its lunch', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { here, instrument } = alone('600000.SH', { seed, sessions: true, start: shanghai(9) });
        const [, ...executions] = traded(here, instrument, (6 * HOUR + 2 * MINUTE) / 250);
        const bars = here.bars(instrument, { length: '1m', from: shanghai(9), ...all });
        expect(bars).toEqual(barsOf(executions, '1m', instrument));
        expect(clockOf(bars[0]!.openTime)).toBe('09:25');
        expect(clockOf(bars.at(-1)!.openTime)).toBe('15:00');
        expect(bars.filter(({ openTime }) => /^(11:[345]|12|14:5[789])/.test(clockOf(openTime)))).toEqual([]);
        const { volume, turnover, open, high, low, last } = instrument.figures();
        const [day, ...more] = here.bars(instrument, { length: '1d', from: shanghai(0), ...all });
        expect(more).toEqual([]);
        expect(day).toEqual({ openTime: shanghai(0), open, high, low, close: last, volume, turnover });
      }),
      { numRuns: 2 },
    );
  });

  it('count an auction into the minute next to it where that is wanted, and lose nothing', () => {
    const { here, instrument } = alone('600000.SH', { sessions: true, start: shanghai(9) });
    traded(here, instrument, (6 * HOUR + 2 * MINUTE) / 250);
    const query = { length: '1m', from: shanghai(9), ...all } as const;
    const apart = here.bars(instrument, query);
    const folded = here.bars(instrument, { ...query, fold: { opening: true, closing: true } });
    const [auction, first] = apart;
    expect(folded[0]).toMatchObject({ openTime: shanghai(9, 30), open: auction!.open, close: first!.close });
    expect(folded[0]!.volume).toBe(auction!.volume + first!.volume);
    expect(folded.at(-1)).toMatchObject({ openTime: shanghai(14, 59), volume: apart.at(-1)!.volume });
    const sum = (bars: readonly SimulatedBar[]): number => bars.reduce((total, { volume }) => total + volume, 0);
    expect(sum(folded)).toBe(sum(apart));
    const opening = here.bars(instrument, { ...query, fold: { opening: true, closing: false } });
    expect([opening[0]!.openTime, opening.at(-1)!.openTime]).toEqual([shanghai(9, 30), shanghai(15)]);
  });
});

describe('bars that are forgotten', () => {
  it('have no row, nor has a longer bar that began among them; those before the market began are still there', () => {
    const { listing } = alone('BTCUSDT.BA').instrument;
    const offsetAt = (): number => 0;
    const instrument = createInstrument(listing, seeded(1), offsetAt, START, 'regular', undefined, () => 6);
    for (let time = START + 250; time < START + 40 * MINUTE; time += 250) instrument.step(time, 'regular');
    const plan = dayPlan(undefined);
    const past = createPast(instrument, 1, plan, offsetAt);
    const times = (length: Span): readonly number[] =>
      barHistory(instrument, past, plan, offsetAt, { length, from: START - 5 * MINUTE, ...all }).map(
        ({ openTime }) => (openTime - START) / MINUTE,
      );
    const kept = [...instrument.minutes.newestFirst()].length;
    expect(kept).toBeLessThanOrEqual(13);
    const before = [-5, -4, -3, -2, -1];
    expect(times('1m')).toEqual([...before, ...Array.from({ length: kept }, (_, at) => 40 - kept + at)]);
    const [first, ...more] = times('5m');
    expect([first, more.every((time) => time >= 40 - kept && time % 5 === 0), more.at(-1)]).toEqual([-5, true, 35]);
  });
});

describe('the past of a market', () => {
  it('is the same for the same seed, whatever was asked and made up before, and another for another', () => {
    const past = (seed: number, before: readonly string[] = []) => {
      const here = market({ seed });
      before.forEach((symbol) => here.find(symbol));
      return here.bars(here.find('AAPL.US')!, { length: '1m', to: START, most: 500 });
    };
    expect(past(7)).toEqual(past(7, ['MSFT.US', 'IBM.US']));
    expect(past(7)).not.toEqual(past(8));
    expect(past(7)).toHaveLength(500);
  });

  it('is the same by pages as in one piece, of sound bars on the grid of the venue', () => {
    const symbols = fc.constantFrom(...defaultSymbols);
    fc.assert(
      fc.property(fc.integer(), symbols, fc.boolean(), (seed, symbol, sessions) => {
        const here = market({ seed, symbols: [symbol], sessions });
        const instrument = here.find(symbol.symbol)!;
        const { rules } = instrument.listing;
        const whole = here.bars(instrument, { length: '1m', to: START, most: 1_500 });
        const pages: SimulatedBar[] = [];
        for (let to = START; pages.length < 1_500; to = pages[0]!.openTime)
          pages.unshift(...here.bars(instrument, { length: '1m', to, most: 300 }));
        expect(pages).toEqual(whole);
        const units = (price: number): number => Math.round(price * 10 ** rules.priceDecimals);
        const unsound = whole.filter(
          ({ open, high, low, close, volume, turnover }) =>
            low > Math.min(open, close) ||
            high < Math.max(open, close) ||
            [open, high, low, close].some((price) => units(price) % rules.tickAt(units(price)) !== 0) ||
            volume <= 0 ||
            turnover / volume < low * 0.999_999 ||
            turnover / volume > high * 1.000_001,
        );
        expect(unsound).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it('is continuous: it ends at the price with which the market began, and the day before at its previous close', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { here, instrument } = alone('600000.SH', { seed, sessions: true });
        const minutes = here.bars(instrument, { length: '1m', to: START, most: 30 });
        expect(opens(minutes)).toEqual(Array.from({ length: 30 }, (_, at) => START - (30 - at) * MINUTE));
        expect(minutes.at(-1)!.close).toBe(instrument.figures().open);
        for (const [at, { open }] of minutes.slice(1).entries()) expect(open).toBe(minutes[at]!.close);
        const [yesterday] = here.bars(instrument, { length: '1d', to: shanghai(0), most: 1 });
        expect(yesterday).toMatchObject({ openTime: shanghai(0, 0, 20), close: instrument.figures().previousClose });
      }),
      { numRuns: 5 },
    );
  });

  it('keeps the hours of its venue: no lunch, no night, no weekend', () => {
    const { here, instrument } = alone('600000.SH', { sessions: true });
    const week = here.bars(instrument, { length: '1m', from: shanghai(0, 0, 13), to: shanghai(0, 0, 20), ...all });
    expect(week).toHaveLength(5 * (1 + 120 + 117 + 1));
    expect(new Set(week.map(({ openTime }) => new Date(openTime + 8 * HOUR).getUTCDay()))).toEqual(
      new Set([1, 2, 3, 4, 5]),
    );
    expect(week.filter(({ openTime }) => /^(09:[012][0-46-9]|11:[345]|12|14:5[789])/.test(clockOf(openTime)))).toEqual(
      [],
    );
    const saturday = here.bars(instrument, { length: '1m', from: shanghai(0, 0, 18), to: shanghai(0, 0, 20), ...all });
    expect(saturday).toEqual([]);
  });

  it('is the day of New York across a change of its clocks', () => {
    const { here, instrument } = alone('AAPL.US', { sessions: true, start: Date.UTC(2026, 2, 17, 15) });
    const days = here.bars(instrument, { length: '1d', to: Date.UTC(2026, 2, 17), most: 10 });
    const hours = days.map(({ openTime }) => new Date(openTime).getUTCHours());
    expect(hours).toEqual([5, 5, 5, 5, 4, 4, 4, 4, 4, 4].slice(0, days.length));
    const [friday] = here.bars(instrument, { length: '1m', from: Date.UTC(2026, 2, 6, 5), most: 999_999 });
    expect(new Date(friday!.openTime).toISOString()).toBe('2026-03-06T09:00:00.000Z');
    const [monday] = here.bars(instrument, { length: '1m', from: Date.UTC(2026, 2, 7, 5), most: 999_999 });
    expect(new Date(monday!.openTime).toISOString()).toBe('2026-03-09T08:00:00.000Z');
  });

  it('adds up: larger bars are the sums of their minutes', () => {
    const { here, instrument } = alone('ETHUSDT.BA', { start: START + HOUR });
    const minutes = here.bars(instrument, { length: '1m', from: START - 240 * HOUR, to: START, ...all });
    for (const length of ['5m', '1h', '4h', '1d'] as const) {
      const bars = here.bars(instrument, { length, from: START - 200 * HOUR, to: START - 24 * HOUR, ...all });
      for (const bar of bars.slice(1)) {
        const next = bars.find(({ openTime }) => openTime > bar.openTime)?.openTime ?? NaN;
        if (Number.isNaN(next)) continue;
        const mine = minutes.filter(({ openTime }) => openTime >= bar.openTime && openTime < next);
        expect(bar).toMatchObject({ open: mine[0]!.open, close: mine.at(-1)!.close });
        expect([bar.high, bar.low]).toEqual([
          Math.max(...mine.map(({ high }) => high)),
          Math.min(...mine.map(({ low }) => low)),
        ]);
        expect(bar.volume).toBeCloseTo(
          mine.reduce((sum, { volume }) => sum + volume, 0),
          3,
        );
      }
    }
  });

  it('reaches back a year, by months and years too, and no further', () => {
    const { here, instrument } = alone('BTCUSDT.BA');
    expect(opens(here.bars(instrument, { length: '1Y', ...all }))).toEqual([Date.UTC(2025, 0), Date.UTC(2026, 0)]);
    expect(opens(here.bars(instrument, { length: '1Q', most: 2 }))).toEqual([Date.UTC(2026, 0), Date.UTC(2026, 3)]);
    expect(here.bars(instrument, { length: '1M', ...all })).toHaveLength(13);
    expect(here.bars(instrument, { length: '1d', ...all })).toHaveLength(366);
    expect(here.bars(instrument, { length: '1m', to: START - 366 * 24 * HOUR, ...all })).toEqual([]);
  });

  it('begins anew where the venue was closed: its last price is the price the market began with', () => {
    const { here, instrument } = alone('600000.SH', { sessions: true, start: shanghai(20) });
    const [today] = here.bars(instrument, { length: '1d', most: 1 });
    expect(today).toMatchObject({ openTime: shanghai(0), close: instrument.figures().last });
    expect(here.bars(instrument, { length: '1m', from: shanghai(15, 1), ...all })).toEqual([]);
  });
});
