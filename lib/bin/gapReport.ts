import { calendars, type Calendar, type Capabilities, type FeedEvent, type Health } from '../index.js';
import { calendarOf } from '../model/calendar/calendars.js';
import type { HealthHole, HealthOptions, VolumeByUnit } from '../operators/health/Health.js';
import { healthFold } from '../operators/health/healthFold.js';
import { binanceCapabilities } from '../providers/binance/capabilities.js';
import { itickCapabilities } from '../providers/itick/capabilities.js';
import { tickflowCapabilities } from '../providers/tickflow/capabilities.js';
import { age, amount, counted, seconds, share } from './format.js';
import type { SourceEvent } from './sources.js';

/** What can be detected with the vendors known here. */
export const capabilities: readonly Capabilities[] = [itickCapabilities, tickflowCapabilities, binanceCapabilities];

/** How health is judged here: a simulated market never closes. */
export const healthOptions = (simulated: boolean): HealthOptions => ({
  capabilities,
  calendar: (symbol, feed): Calendar => (simulated ? calendars.always : calendarOf(symbol, feed)),
});

/** An event as one of its source: two sources of one name are two feeds. */
export const ofSource = ({ source, event }: SourceEvent): FeedEvent =>
  event.feed === source ? event : { ...event, feed: source };

/** What is missing in a recording, what is known to be there, and what nothing could have told. */
export interface GapReport {
  readonly health: Health;
  readonly holes: readonly HealthHole[];
  /** What could not have been detected, a sentence each. */
  readonly limits: readonly string[];
}

/** Counts the events of sources, each by the name of its source. The report is as of the last event. */
export const newGapReport = (
  simulated: boolean,
): { readonly accept: (source: string, event: FeedEvent) => void; readonly report: () => GapReport } => {
  const fold = healthFold(healthOptions(simulated));
  const channels = new Map<string, Set<string>>();
  let at = 0;
  return {
    accept: (source, event) => {
      at = Math.max(at, event.receivedAt);
      const seen = channels.get(event.provider) ?? new Set();
      channels.set(event.provider, seen.add(event.kind));
      fold.accept(ofSource({ source, event }));
    },
    report: () => ({
      health: fold.report(at),
      holes: fold.holes(),
      limits: capabilities.flatMap((of) => limitsOf(of, channels.get(of.provider) ?? new Set())),
    }),
  };
};

const words = { trade: 'trades', quote: 'quotes', depth: 'depth', bbo: 'best prices', kline: 'bars' } as const;

/** Of the channels that were heard. */
const limitsOf = ({ provider, channels }: Capabilities, heard: ReadonlySet<string>): readonly string[] =>
  (Object.keys(words) as (keyof typeof words)[]).flatMap((channel) => {
    if (!heard.has(channel)) return [];
    switch (channels[channel]) {
      case 'ids':
      case 'sequence':
        return [];
      case 'figures':
        return [`${provider} ${words[channel]}: a single lost message; of a hole the volume is known`];
      default:
        return [`${provider} ${words[channel]}: whatever is lost while the link is live`];
    }
  });

/** So many holes are shown; JSON has them all. */
const MOST = 50;

/** The report as lines for people. */
export const gapReportLines = ({ health, holes, limits }: GapReport): readonly string[] => {
  const { verified, clean, watched } = health;
  const part = (of: number | undefined): string => (of === undefined ? '-' : share(of));
  const rest = holes.length - MOST;
  return [
    `verified      ${part(verified)} of ${age(watched)} of trading time of all topics`,
    `clean         ${part(clean)}`,
    `holes         ${holes.length === 0 ? 'none' : counted(holes.length, 'hole')}`,
    ...holes.slice(0, MOST).map((hole) => `  ${holeLine(hole)}`),
    ...(rest > 0 ? [`  and ${amount(rest)} more`] : []),
    ...limits.map((limit, at) => `${at === 0 ? 'undetectable' : ''.padEnd(12)}  ${limit}`),
  ];
};

const holeLine = ({ feed, symbol, from, to, cause, outcome, size }: HealthHole): string => {
  const length = to === undefined ? 'to the end' : `for ${to - from < 60_000 ? seconds(to - from) : age(to - from)}`;
  const when = new Date(from).toISOString().replace('T', ' ');
  const who = symbol === undefined ? feed : `${feed} ${symbol}`;
  return `${who}  ${when}  ${length}  ${cause}  ${sizeText(size)}${outcome === 'none' || outcome === 'open' ? '' : `  repaired: ${outcome}`}`;
};

const sizeText = ({ known, events, volume }: HealthHole['size']): string => {
  if (known === 'unknown') return 'unknown size';
  const parts = [...(events > 0 || known === 'exact' ? [counted(events, 'event')] : []), ...volumeParts(volume)];
  return `${known === 'exact' ? 'exactly' : 'at least'} ${parts.join(', ')}`;
};

const volumeParts = (volume: VolumeByUnit): readonly string[] =>
  (['shares', 'lots', 'units'] as const).flatMap((unit) =>
    volume[unit] > 0 ? [`${amount(volume[unit])} ${unit}`] : [],
  );
