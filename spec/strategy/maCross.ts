import { connect, lastValueFrom, map, merge, scan, type Observable } from 'rxjs';
import { isMarketEvent, type FeedEvent } from '../../lib/model/feedEvent.js';
import type { Kline } from '../../lib/model/marketEvent.js';
import { gapsIn } from '../../lib/testing/matchers/checks.js';
import { programsOf } from '../sources/pages.js';
import { runBlock } from '../sources/runBlock.js';

/** What the strategy of docs/testing.md emits. */
export interface Signal {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly at: number;
  readonly price: number;
}

interface Page {
  readonly minutes: (feed$: Observable<FeedEvent>) => Observable<Kline>;
  readonly maCross: (fast: number, slow: number) => (feed$: Observable<FeedEvent>) => Observable<Signal>;
}

const source = programsOf('docs/testing.md').find((code) => /^export const maCross/m.test(code)) ?? '';

/** The strategy as it stands on its page, and the bars it looks at. */
export const { minutes, maCross } = runBlock(source) as unknown as Page;

/** How many bars make the averages in the specs. */
export const FAST = 2;
export const SLOW = 4;
const MINUTE = 60_000;

/** What was seen of one feed: its events, the bars of them, and what the strategy made of those. */
export interface Observation {
  readonly events: readonly FeedEvent[];
  readonly bars: readonly Kline[];
  readonly signals: readonly Signal[];
}

type Seen = { readonly events: FeedEvent } | { readonly bars: Kline } | { readonly signals: Signal };

/** Everything that is to be seen of a feed, growing. */
export const observation = (feed$: Observable<FeedEvent>): Observable<Observation> =>
  feed$.pipe(
    connect((shared$) =>
      merge<Seen[]>(
        shared$.pipe(map((events) => ({ events }))),
        shared$.pipe(
          minutes,
          map((bars) => ({ bars })),
        ),
        shared$.pipe(
          maCross(FAST, SLOW),
          map((signals) => ({ signals })),
        ),
      ),
    ),
    scan(
      (so, seen) => {
        for (const [what, value] of Object.entries(seen)) (so[what as keyof Observation] as unknown[]).push(value);
        return so;
      },
      { events: [], bars: [], signals: [] } as Observation,
    ),
  );

/** All there was to be seen of a feed that ends. */
export const observed = (feed$: Observable<FeedEvent>): Promise<Observation> => lastValueFrom(observation(feed$));

/** What the strategy promises for any data, wherever they come from. */
export const keepsItsPromises = ({ events, bars, signals }: Observation): void => {
  for (const symbol of new Set(events.filter(isMarketEvent).map((event) => event.symbol))) {
    const own = signals.filter((signal) => signal.symbol === symbol);
    expect(own).toEqual(reference(bars.filter((bar) => bar.symbol === symbol)));
    expect(own.filter(({ side }, index) => side === own[index - 1]?.side)).toEqual([]);
  }
  for (const { from, until } of quietTimes(events)) {
    expect(signals.filter(({ at }) => at > from && at < until)).toEqual([]);
  }
};

/** That there was something to keep promises about. */
export const isEventful = ({ events, bars, signals }: Observation): void => {
  expect(bars.length).toBeGreaterThan(200);
  expect(signals.length).toBeGreaterThan(10);
  expect(gapsIn(events).length).toBeGreaterThan(2);
};

/** From when the link was lost until there can be enough whole bars again. */
const quietTimes = (events: readonly FeedEvent[]): readonly { readonly from: number; readonly until: number }[] =>
  events.flatMap((event, index) => {
    if (event.kind !== 'disconnected') return [];
    const back = events.slice(index).find(({ kind }) => kind === 'connected')?.receivedAt ?? Infinity;
    return [{ from: event.receivedAt, until: back + SLOW * MINUTE }];
  });

/** The signals in the bars of a symbol, each found anew from all that went before. */
const reference = (bars: readonly Kline[]): readonly Signal[] => {
  const isAbove = (end: number): boolean | undefined => {
    const window = bars.slice(Math.max(0, end - SLOW), end);
    if (window.length < SLOW || window.some(({ coverage }) => coverage < 1)) return undefined;
    return average(window.slice(SLOW - FAST)) > average(window);
  };
  const crossings = bars.flatMap(({ symbol, closeTime, close }, index): Signal[] => {
    const [before, now] = [isAbove(index), isAbove(index + 1)];
    if (before === undefined || now === undefined || before === now) return [];
    return [{ symbol, side: now ? 'buy' : 'sell', at: closeTime, price: close }];
  });
  const kept: Signal[] = [];
  for (const crossing of crossings) if (crossing.side !== kept.at(-1)?.side) kept.push(crossing);
  return kept;
};

const average = (bars: readonly Kline[]): number => bars.reduce((sum, { close }) => sum + close, 0) / bars.length;
