import type { Attributes, BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import type { Delay, Health, HealthFigures, OneFeedHealth } from '../operators/health/Health.js';

/** A number, and what it is of. */
type Reading = readonly [value: number | undefined, attributes?: Attributes | undefined];

/** Something that is read of the figures of a feed when metrics are collected. */
interface Gauged {
  readonly instrument: Observable;
  readonly read: (figures: HealthFigures, at: number) => readonly Reading[];
}

/** The instruments of a feed, and how all of them are read at once. */
export interface Instruments {
  readonly all: Observable[];
  /** Reads all; `feed` names all feeds of the stream together, else each is read by its own name. */
  readonly read: (to: BatchObservableResult, health: Health, feed: string | undefined, series: Series) => void;
  /** The feeds have ended: they are down until they are read again. */
  readonly end: (health: Health, feed: string | undefined) => void;
}

/** How many events there were of each series of the caller. */
export type Series = ReadonlyMap<string, number>;

const seconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : milliseconds / 1_000;

const flag = (is: boolean): number => (is ? 1 : 0);

/**
 * Only observable instruments, which cost nothing until they are read. OpenTelemetry has no observable histogram: the buckets of ours are a
 * counter with an attribute `le`, beside one of the sum and one of the count.
 */
export const instrumentsOf = (meter: Meter): Instruments => {
  const gauge = (name: string, unit: string, description: string): Observable =>
    meter.createObservableGauge(name, { unit, description });
  const counter = (name: string, unit: string, description: string): Observable =>
    meter.createObservableCounter(name, { unit, description });
  const upDown = (name: string, unit: string, description: string): Observable =>
    meter.createObservableUpDownCounter(name, { unit, description });
  const one =
    (of: (figures: HealthFigures, at: number) => number | undefined): Gauged['read'] =>
    (figures, at) => [[of(figures, at)]];

  const histogram = (
    name: string,
    what: string,
    unit: string,
    of: (figures: HealthFigures) => readonly (readonly [Delay, Attributes?])[],
  ): readonly Gauged[] => [
    {
      instrument: counter(`${name}.bucket`, unit, `${what}: how many were at most so many seconds`),
      read: (figures) => of(figures).flatMap(([delay, by]) => buckets(delay, by)),
    },
    {
      instrument: counter(`${name}.sum`, 's', `${what}: all together`),
      read: (figures) => of(figures).map(([{ sum }, by]) => [seconds(sum), by]),
    },
    {
      instrument: counter(`${name}.count`, unit, `${what}: how many`),
      read: (figures) => of(figures).map(([{ count }, by]) => [count, by]),
    },
  ];

  const gauged: readonly Gauged[] = [
    {
      instrument: counter('rxtape.feed.events', '{event}', 'Events by kind'),
      read: ({ events }) => Object.entries(events).map(([kind, count]) => [count, { kind }]),
    },
    ...histogram('rxtape.feed.lag', 'From the time of the vendor to ours', '{event}', ({ byKind }) =>
      Object.entries(byKind).map(([kind, { lag }]) => [lag, { kind }]),
    ),
    ...histogram('rxtape.feed.round_trip', 'From a ping to its pong', '{ping}', ({ roundTrip }) => [[roundTrip]]),
    ...histogram('rxtape.feed.hole.duration', 'Holes that have ended', '{hole}', ({ holeLengths }) => [[holeLengths]]),
    {
      instrument: gauge('rxtape.feed.last_event.age', 's', 'Since the last event of the market'),
      read: ({ byKind }, at) =>
        Object.entries(byKind).map(([kind, { heardAt }]) => [seconds(Math.max(0, at - heardAt)), { kind }]),
    },
    {
      instrument: gauge(
        'rxtape.feed.clock.offset',
        's',
        'How far the clock of the vendor is ahead, where a pong tells it',
      ),
      read: one(({ clockOffset }) => seconds(clockOffset)),
    },
    { instrument: counter('rxtape.feed.connects', '{connection}', 'Sessions'), read: one(({ connects }) => connects) },
    {
      instrument: counter('rxtape.feed.disconnects', '{connection}', 'Links lost and attempts failed, by cause'),
      read: ({ disconnects }) =>
        disconnects.map(({ count, cause, code }) => [count, { cause, ...(code !== undefined && { code }) }]),
    },
    {
      instrument: upDown('rxtape.feed.holes', '{hole}', 'Holes by outcome; open ones last'),
      read: ({ holes }) => Object.entries(holes).map(([outcome, count]) => [count, { outcome }]),
    },
    {
      instrument: upDown(
        'rxtape.feed.missed_volume',
        '{unit}',
        'What was traded in holes, by unit, and whether it is repaired',
      ),
      read: ({ missedVolume: { missed, repaired } }) =>
        (['shares', 'lots', 'units'] as const).flatMap((unit): Reading[] => [
          [repaired[unit], { unit, repaired: 'true' }],
          [missed[unit] - repaired[unit], { unit, repaired: 'false' }],
        ]),
    },
    {
      instrument: upDown(
        'rxtape.feed.missed_events',
        '{event}',
        'Events that numbers prove missing, and whether they are repaired',
      ),
      read: ({ missedEvents: { missed, repaired } }) => [
        [repaired, { repaired: 'true' }],
        [missed - repaired, { repaired: 'false' }],
      ],
    },
    { instrument: counter('rxtape.feed.refused', '{topic}', 'Topics rejected'), read: one(({ refused }) => refused) },
    {
      instrument: counter('rxtape.feed.undecodable', '{frame}', 'Frames that fit no codec'),
      read: one(({ undecodable }) => undecodable),
    },
    {
      instrument: counter('rxtape.feed.unexpected', '{event}', 'Events that were never asked for'),
      read: one(({ unexpected }) => unexpected),
    },
    {
      instrument: gauge('rxtape.feed.topics', '{topic}', 'Topics by state'),
      read: ({ topics }) => Object.entries(topics).map(([state, count]) => [count, { state }]),
    },
    {
      instrument: counter('rxtape.feed.switches', '{switch}', 'How often the other line of a standby took over'),
      read: ({ switches }) => switches.map(({ count, ...by }) => [count, by]),
    },
    {
      instrument: gauge('rxtape.feed.lagging', '1', 'Whether the data are older than they may be'),
      read: one(({ isLagging }) => flag(isLagging)),
    },
    {
      instrument: gauge('rxtape.feed.session', '1', 'Whether anything that is watched is traded now'),
      read: one(({ inSession }) => flag(inSession)),
    },
    {
      instrument: gauge('rxtape.feed.verified', '1', 'The share of trading time that any evidence covers'),
      read: one(({ verified }) => verified),
    },
    {
      instrument: gauge('rxtape.feed.clean', '1', 'The share of trading time that is covered, and whole'),
      read: one(({ clean }) => clean),
    },
    {
      instrument: counter('rxtape.feed.trading_time', 's', 'Trading time of all topics: watched, verified, clean'),
      read: ({ watched, verified = 0, clean = 0 }) => [
        [watched / 1_000, { state: 'watched' }],
        [(verified * watched) / 1_000, { state: 'verified' }],
        [(clean * watched) / 1_000, { state: 'clean' }],
      ],
    },
  ];
  const up = gauge('rxtape.feed.up', '1', 'Whether the link is live, and serves');
  const series = counter('rxtape.feed.series.events', '{event}', 'Events of the market by the series of the caller');
  const depth = gauge('rxtape.buffer.depth', '{event}', 'How many values waited in a bounded buffer, by its last word');
  const dropped = counter('rxtape.buffer.dropped', '{event}', 'Values that a bounded buffer dropped');

  const ended = endedOf(meter, up);

  return {
    all: [...gauged.map(({ instrument }) => instrument), up, series, depth, dropped],
    read: (to, health, feed, counts) => {
      for (const { name, figures, isUp, of } of feedsIn(health, feed)) {
        for (const { instrument, read } of gauged) {
          for (const [value, attributes] of read(figures, health.at)) {
            if (value !== undefined) to.observe(instrument, value, { ...of, ...attributes });
          }
        }
        to.observe(up, flag(isUp), of);
        ended.delete(name);
      }
      const together: Attributes = feed === undefined ? {} : { feed };
      for (const [name, count] of counts) to.observe(series, count, { ...together, series: name });
      to.observe(depth, health.buffer.waiting, together);
      to.observe(dropped, health.buffer.dropped, together);
    },
    end: (health, feed) => {
      for (const { name, of } of feedsIn(health, feed)) ended.set(name, of);
    },
  };
};

interface Named {
  readonly name: string;
  readonly figures: HealthFigures;
  readonly isUp: boolean;
  readonly of: Attributes;
}

/** Each feed by its own name, or all together by that of the caller. */
const feedsIn = (health: Health, feed: string | undefined): readonly Named[] => {
  const { feeds } = health;
  const isLive = ({ state }: OneFeedHealth): boolean => state === 'live';
  const named = (figures: HealthFigures, isUp: boolean, provider: string, name: string): Named => ({
    name,
    figures,
    isUp,
    of: { provider, feed: name },
  });
  if (feed === undefined) return feeds.map((one) => named(one, isLive(one), one.provider, one.feed));
  if (feeds.length === 0) return [];
  const isUp = feeds.some(isLive) && feeds.every((one) => isLive(one) || one.state === 'left');
  return [named(health, isUp, [...new Set(feeds.map(({ provider }) => provider))].join('+'), feed)];
};

const endedFeeds = new WeakMap<Meter, Map<string, Attributes>>();

/** The feeds of a meter that have ended, by name. A meter shows what it read last: of them, that they are down. */
const endedOf = (meter: Meter, up: Observable): Map<string, Attributes> => {
  const known = endedFeeds.get(meter);
  if (known) return known;
  const ended = new Map<string, Attributes>();
  endedFeeds.set(meter, ended);
  meter.addBatchObservableCallback((to) => ended.forEach((of) => to.observe(up, 0, of)), [up]);
  return ended;
};

/** Cumulative, as Prometheus wants them: `le` is in seconds. */
const buckets = ({ bounds, counts }: Delay, by?: Attributes): readonly Reading[] => {
  let sum = 0;
  return counts.map((count, at) => {
    const bound = bounds[at];
    return [(sum += count), { ...by, le: bound === undefined ? '+Inf' : String(bound / 1_000) }];
  });
};
