import { feedNameOf, isMarketEvent, type FeedEvent } from '../index.js';
import { milliseconds, printable, seconds } from './format.js';
import { span, type Line, type Tone } from './line.js';

/** How the connection of one source is doing. */
export interface LinkStatus {
  readonly state: 'connecting' | 'live' | 'down';
  /** Why it is down, for people. */
  readonly cause?: string;
  readonly attempt: number;
  /** When the next attempt begins, epoch milliseconds; of use while it is down. */
  readonly retryAt: number;
  readonly reconnects: number;
  readonly refused: number;
  readonly undecodable: number;
  /** The feed that serves in its place. */
  readonly serving?: string | undefined;
  readonly switches: number;
  /** How often what stands by was lost. */
  readonly standbyLosses: number;
  /** Milliseconds of the last ping. */
  readonly roundTrip?: number;
  /** Market events so far. */
  readonly events: number;
  /** Market events per second, as of the last count. */
  readonly rate: number;
  readonly counted: { readonly events: number; readonly at: number };
}

/** A link that was asked for just now. */
export const newLink = (now: number): LinkStatus => ({
  state: 'connecting',
  attempt: 0,
  retryAt: now,
  reconnects: 0,
  refused: 0,
  undecodable: 0,
  switches: 0,
  standbyLosses: 0,
  events: 0,
  rate: 0,
  counted: { events: 0, at: now },
});

/** The link after an event of its feed. */
export const linkAfter = (link: LinkStatus, event: FeedEvent): LinkStatus => {
  if (isMarketEvent(event)) return { ...link, events: link.events + 1 };
  switch (event.kind) {
    case 'connected':
      return { ...link, state: 'live', attempt: 0, reconnects: link.reconnects + (event.resumed ? 1 : 0) };
    case 'disconnected': {
      const { cause, attempt, retryAt } = event;
      return { ...link, state: 'down', cause: cause.message, attempt, retryAt };
    }
    case 'refused':
      return { ...link, refused: link.refused + Math.max(1, event.topics.length) };
    case 'undecodable':
      return { ...link, undecodable: link.undecodable + 1 };
    case 'switched':
      return {
        ...link,
        switches: link.switches + 1,
        ...(event.symbols === 'all' && {
          state: 'live' as const,
          serving: event.to === 'secondary' ? feedNameOf(event) : undefined,
        }),
      };
    case 'standbyLost':
      return { ...link, standbyLosses: link.standbyLosses + 1 };
    case 'latency':
      return { ...link, roundTrip: event.roundTrip };
    default:
      return link;
  }
};

/** The link with its rate since it was last counted. */
export const linkCounted = (link: LinkStatus, now: number): LinkStatus => {
  const { events, at } = link.counted;
  if (now <= at) return link;
  return { ...link, rate: ((link.events - events) * 1000) / (now - at), counted: { events: link.events, at: now } };
};

/** How the link of a source is, in one line. */
export const linkLine = (name: string, link: LinkStatus, now: number): Line => {
  const facts = [
    `${Math.round(link.rate).toLocaleString('en-US')} events/s`,
    counted(link.reconnects, 'reconnect'),
    ...(link.roundTrip === undefined ? [] : [`round trip ${milliseconds(link.roundTrip)}`]),
    ...(link.refused > 0 ? [`${link.refused} refused`] : []),
    ...(link.undecodable > 0 ? [`${link.undecodable} undecodable`] : []),
    ...(link.standbyLosses > 0 ? [`standby lost ${counted(link.standbyLosses, 'time')}`] : []),
    ...(link.switches > 0 ? [counted(link.switches, 'switch', 'es')] : []),
  ];
  const [state, tone] = stateOf(link, now);
  return [
    span(name, 'strong'),
    span('  '),
    span(state, tone),
    // Before what a narrow terminal cuts off.
    span(link.state === 'down' ? `  ${printable(link.cause ?? '')}` : '', 'warn'),
    span(`  ${facts.join(', ')}`, 'dim'),
  ];
};

const stateOf = ({ state, attempt, retryAt, serving }: LinkStatus, now: number): readonly [string, Tone] => {
  if (state === 'live') return serving === undefined ? ['live', 'strong'] : [`${serving} serves`, 'warn'];
  if (state === 'connecting') return ['connecting', 'warn'];
  return [
    `down, ${now < retryAt ? `retry ${attempt} in ${seconds(retryAt - now)}` : `retry ${attempt} under way`}`,
    'warn',
  ];
};

const counted = (count: number, what: string, plural = 's'): string => `${count} ${what}${count === 1 ? '' : plural}`;
