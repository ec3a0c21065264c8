import type { FileStats } from '../record/index.js';
import { isMarketEvent, type FeedEvent } from '../index.js';
import { amount, bytes, counted, elapsed } from './format.js';
import { linkAfter, newLink, type Link } from './link.js';
import type { Heard } from './openSource.js';
import type { Source } from './Plan.js';

/** What a recording has come to. */
export interface Meter {
  readonly hear: (heard: Heard) => void;
  /** How far it is: `00:12  1,234 events  56 kB  2 of 2 live  no gaps`. */
  readonly line: (duration: number, written: Pick<FileStats, 'bytes' | 'lost'>) => string;
  /** What there was in all: `1,234 events in 00:12, 56 kB, no gaps`. */
  readonly sum: (duration: number, written: Pick<FileStats, 'bytes' | 'lost'>) => string;
}

export const meter = (sources: readonly Pick<Source, 'name'>[], now: number): Meter => {
  const links = new Map<string, Link>(sources.map(({ name }) => [name, newLink(now)]));
  let events = 0;
  let gaps = 0;

  const total = (of: (link: Link) => number): number => [...links.values()].reduce((sum, link) => sum + of(link), 0);
  const troubles = (lost: number): readonly string[] => [
    counted(gaps, 'gap'),
    ...[
      { count: total(({ refused }) => refused), what: 'refused' },
      { count: total(({ undecodable }) => undecodable), what: 'undecodable' },
      { count: lost, what: lost === 1 ? 'frame lost' : 'frames lost' },
    ]
      .filter(({ count }) => count > 0)
      .map(({ count, what }) => `${amount(count)} ${what}`),
  ];
  return {
    hear: ({ source, event }) => {
      const link = links.get(source);
      if (!link) return;
      if (isMarketEvent(event)) events += 1;
      if (opensGap(event, link)) gaps += 1;
      links.set(source, linkAfter(link, event));
    },
    line: (duration, { bytes: size, lost }) =>
      [
        elapsed(duration),
        counted(events, 'event'),
        bytes(size),
        `${total(({ state }) => (state === 'live' ? 1 : 0))} of ${links.size} live`,
        ...troubles(lost),
      ].join('  '),
    sum: (duration, { bytes: size, lost }) =>
      [`${counted(events, 'event')} in ${elapsed(duration)}`, bytes(size), ...troubles(lost)].join(', '),
  };
};

/** A link that was never live has nothing to lose. */
const opensGap = (event: FeedEvent, { state }: Link): boolean => event.kind === 'disconnected' && state === 'live';
