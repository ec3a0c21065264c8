import fc from 'fast-check';
import { DAY, HOUR, MINUTE, SECOND } from './stage.js';

/** A place where something is traded, and when, in UTC; the week has no holiday and no change of clocks. */
export interface Venue {
  readonly symbols: readonly [string, string];
  readonly feed: string;
  /** Milliseconds from UTC to its own days. */
  readonly zone: number;
  /** Trading spans of a day, from its midnight in UTC. */
  readonly spans: readonly (readonly [number, number])[];
  /** Traded around the clock: no calendar knows a trading day of it. */
  readonly isSilent?: boolean;
}

const at = (hours: number, minutes = 0): number => hours * HOUR + minutes * MINUTE;
const morning = [at(1, 30), at(3, 30)] as const;

export const venues: readonly Venue[] = [
  { symbols: ['600000.SH', '600000.SH'], feed: 'itick:stock', zone: 8 * HOUR, spans: [morning, [at(5), at(7)]] },
  {
    symbols: ['00700.HK', '700.HK'],
    feed: 'itick:stock',
    zone: 8 * HOUR,
    spans: [
      [at(1, 30), at(4)],
      [at(5), at(8)],
    ],
  },
  { symbols: ['AAPL.US', 'AAPL.US'], feed: 'itick:stock', zone: -5 * HOUR, spans: [[at(14, 30), at(21)]] },
  {
    symbols: ['BTCUSDT.BA', 'BTCUSDT.BA'],
    feed: 'itick:crypto',
    zone: 0,
    spans: [[at(0, 1), at(23, 59)]],
    isSilent: true,
  },
  { symbols: ['IF2603.CFX', 'IF2603.CFX'], feed: 'tickflow', zone: 8 * HOUR, spans: [morning, [at(5), at(7)]] },
];

/** The first day, a Tuesday. */
export const FIRST = Date.parse('2026-01-13T00:00Z');

/** How a symbol is told: trades with size, figures, both; quotes; quotes and trades, either first. */
export const styles = ['size', 'figure', 'both', 'quote', 'quote, trade', 'trade, quote'] as const;
export type Style = (typeof styles)[number];

/** What becomes of an execution on its way, and what else is said around it. */
export const fates = ['heard', 'lost', 'late', 'twice'] as const;
export const noises = ['none', 'zero', 'stray', 'correction', 'size 0', 'volumeOnly', 'cached'] as const;

const mostly = <T>(usual: T, others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) });

const step = fc.record({
  gap: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 100 * SECOND })),
  price: fc.integer({ min: -9, max: 9 }),
  size: fc.integer({ min: 1, max: 60 }),
  fate: mostly<(typeof fates)[number]>('heard', fates),
  noise: mostly<(typeof noises)[number]>('none', noises),
  stray: fc.nat({ max: 11 }),
});
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const day = fc.array(step, { minLength: 1, maxLength: 9 });

const instrument = fc.record({
  venue: fc.nat({ max: venues.length - 1 }),
  style: fc.constantFrom(...styles),
  /** One unit of size as a decimal, and what was traded in a day before the first execution, in units. */
  unit: fc.constantFrom([0, 0], [0, 5e10], [1, 0], [5, 3e9], [8, 0]),
  days: fc.array(day, { minLength: 1, maxLength: 3 }),
  before: fc.constantFrom('nothing', 'zero', 'previous close', 'yesterday'),
  inTwoSpellings: fc.boolean(),
  /** Not wanted after so many thousandths of the executions, for so many milliseconds. */
  out: fc.option(fc.record({ after: fc.nat({ max: 999 }), away: fc.integer({ min: 1, max: 15 * MINUTE }) }), {
    freq: 3,
    nil: undefined,
  }),
});
export type InstrumentGenes = typeof instrument extends fc.Arbitrary<infer I> ? I : never;

const outage = fc.record({
  after: fc.nat({ max: 999 }),
  offset: fc.integer({ min: 1, max: 5 * SECOND }),
  noticed: fc.integer({ min: 0, max: 10 * SECOND }),
  down: fc.oneof(fc.integer({ min: 1, max: 90 * SECOND }), fc.constant(20 * HOUR)),
  served: fc.integer({ min: 0, max: 3 * SECOND }),
});
export type Outage = typeof outage extends fc.Arbitrary<infer O> ? O : never;

/** All that decides about a tape; of it, the tape is made without chance. */
export const genes = fc.record({
  instruments: fc.uniqueArray(instrument, { minLength: 1, maxLength: 3, selector: ({ venue }) => venue }),
  outages: fc.array(outage, { maxLength: 3 }),
  /** Joined in the night before the first day, or amid its executions. */
  joined: fc.constantFrom('before', 'amid'),
  saysSubscribed: fc.boolean(),
  watchers: fc.constantFrom(1, 2),
  joinsLate: fc.boolean(),
  delay: fc.constantFrom(0, 0, 0, 3 * SECOND, 15 * MINUTE, 20 * MINUTE),
});
export type Genes = typeof genes extends fc.Arbitrary<infer G> ? G : never;

/** One execution, exact: sizes and what was traded so far in whole units. */
export interface Execution {
  readonly at: number;
  readonly price: number;
  readonly units: number;
  readonly sofar: number;
  readonly step: Step;
}

export interface TrueDay {
  /** Which day of its venue. */
  readonly day: number;
  readonly executions: readonly Execution[];
}

export interface Instrument extends Omit<InstrumentGenes, 'days' | 'venue'> {
  readonly venue: Venue;
  readonly days: readonly TrueDay[];
  /** Units as the decimal a vendor sends. */
  readonly decimal: (units: number) => number;
}

export const dayOf = (time: number, { zone }: Venue): number => Math.floor((time + zone - FIRST) / DAY);

/** What truly happened to an instrument. */
export const happened = ({ days, venue: index, ...more }: InstrumentGenes): Instrument => {
  const venue = venues[index]!;
  const [digits, start] = more.unit;
  let ticks = 1_000;
  // Where no calendar says when a day ends, there is one.
  const trueDays = (venue.isSilent ? days.slice(0, 1) : days).map((steps, day): TrueDay => {
    const spans = venue.spans.map(([from, to]) => [FIRST + day * DAY + from, FIRST + day * DAY + to] as const);
    let span = 0;
    let time = spans[0]![0] + SECOND;
    let sofar = start;
    const executions: Execution[] = [];
    for (const [index, step] of steps.entries()) {
      time += step.gap;
      // The second half of a day is in its last span.
      if (index >= steps.length / 2 && span < spans.length - 1) time = spans[(span = spans.length - 1)]![0] + step.gap;
      ticks = Math.max(500, ticks + step.price);
      sofar += step.size;
      executions.push({ at: time, price: ticks / 100, units: step.size, sofar, step });
    }
    return { day, executions };
  });
  return { ...more, venue, days: trueDays, decimal: (units) => Number((units / 10 ** digits).toFixed(digits)) };
};
