import { map, pipe, tap, type OperatorFunction } from 'rxjs';
import { feedHealth, watchLag, type Delay, type Health, type OneFeedHealth } from '../../index.js';
import { sum } from '../../operators/health/delays.js';
import { MARKET_KINDS } from '../../operators/health/tally.js';
import { amount, clock as timeOfDay, counted, milliseconds, seconds, share } from '../format.js';
import { healthOptions, ofSource } from '../gapReport.js';
import { framed, header, span, wrapped, type Frame, type Line } from '../line.js';
import { jsonOf, linesOf } from '../lines.js';
import type { Presentation } from '../Plan.js';
import type { SourceEvent } from '../sources.js';
import { liveScreen, type Clock, type Io, type Output } from '../terminal.js';

/** The health of all sources, each second; a source is a feed by its name. */
export const withHealth = (simulated: boolean): OperatorFunction<SourceEvent, Health> =>
  pipe(map(ofSource), watchLag(), feedHealth(healthOptions(simulated)));

/** Writes the health as JSON, or as a line for each feed. */
export const jsonHealth = (out: Output) => jsonOf(out, (health: Health) => health);
export const plainHealth = (out: Output) =>
  linesOf(out, ({ at, feeds }: Health) =>
    feeds.map((feed) => `${timeOfDay(at)} ${feed.feed} ${stateOf(feed)}, ${factsOf(feed, at).join(', ')}`).join('\n'),
  );

const stateOf = ({ state, isLagging, inSession }: OneFeedHealth): string =>
  `${state}${isLagging ? ', LAGGING' : ''}${inSession ? '' : ', market closed'}`;

const delayText = (name: string, { count, latest, p99 }: Delay): readonly string[] =>
  count === 0 ? [] : [`${name} ${milliseconds(latest ?? 0)}, 99 % within ${milliseconds(p99 ?? 0)}`];

const factsOf = (feed: OneFeedHealth, at: number): readonly string[] => {
  const { perSecond = {}, topics, holes, missedEvents, missedVolume, heardAt } = feed;
  const market = MARKET_KINDS.reduce((sum, kind) => sum + (perSecond[kind] ?? 0), 0);
  const part = (of: number | undefined): string => (of === undefined ? '-' : share(of));
  const many = holes.open + holes.whole + holes.partial + holes.none;
  const { shares, lots, units } = missedVolume.missed;
  const trouble = (count: number, what: string): readonly string[] => (count > 0 ? [`${amount(count)} ${what}`] : []);
  return [
    `verified ${part(feed.verified)}`,
    `clean ${part(feed.clean)}`,
    `${Math.round(market).toLocaleString('en-US')} events/s`,
    ...(heardAt === undefined ? [] : [`heard ${seconds(at - heardAt)} ago`]),
    ...delayText('lag', feed.lag),
    ...delayText('round trip', feed.roundTrip),
    `${counted(many, 'hole')}${holes.open > 0 ? ', one is open' : ''}`,
    ...trouble(missedEvents.missed, 'events missed'),
    ...trouble(shares, 'shares missed'),
    ...trouble(lots, 'lots missed'),
    ...trouble(units, 'units missed'),
    `${topics.served} of ${topics.wanted} topics served`,
    ...trouble(topics.stale, 'stale'),
    ...trouble(feed.refused, 'refused'),
    ...trouble(feed.undecodable, 'undecodable'),
    ...trouble(feed.unexpected, 'unexpected'),
    ...trouble(sum(feed.switches.map(({ count }) => count)), 'switches'),
  ];
};

/** The health as lines for a terminal; a narrow one gets more of them. */
export const renderHealth = (health: Health | undefined, frame: Frame): readonly string[] => {
  const feeds = health?.feeds ?? [];
  const lines = feeds.flatMap((feed): readonly Line[] => {
    const facts = wrapped(factsOf(feed, health?.at ?? 0).join(', '), Math.max(20, frame.width - 4));
    const tone = feed.state === 'live' && !feed.isLagging ? 'strong' : 'warn';
    return [
      [],
      [span(feed.feed, 'strong'), span('  '), span(stateOf(feed), tone)],
      ...facts.map((piece): Line => [span('  '), piece]),
    ];
  });
  return framed([header(frame), ...(lines.length > 0 ? lines : [[], [span('  connecting', 'dim')]])], frame);
};

/** Keeps the health of all sources on a terminal. */
export const liveHealth = (
  { title, colors }: Pick<Presentation, 'title' | 'colors'>,
  io: Pick<Io, 'stdin' | 'stdout'>,
  clock?: Clock,
) =>
  liveScreen<Health>(
    () => {
      let latest: Health | undefined;
      return {
        watch: tap((health) => (latest = health)),
        count: () => undefined,
        lines: (frame) => renderHealth(latest, { title, colors, ...frame }),
      };
    },
    io,
    clock,
  );
