import { asyncScheduler, type Observable } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { trades } from '../../../lib/model/topic.js';
import { backfill } from '../../../lib/operators/backfill/backfill.js';
import { onceClosed } from '../../../lib/operators/klines/onceClosed.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { switched } from '../../standby/across.js';
import { barsOf, executions, historyOf, MINUTE, names, played, said, SECOND, SYMBOL } from './market.js';

const truth = executions(7, 40);
const bars = barsOf(truth);
const other = { provider: 'tickflow', feed: 'tickflow' } as const;
const second = { provider: 'itick', feed: 'itick:2' } as const;
interface Names {
  readonly provider: string;
  readonly feed?: string;
}

/** What a line says of the truth in some time. */
const line = (of: Names, from: number, to: number): readonly FeedEvent[] =>
  said(truth, 'figures')
    .filter(({ time }) => time >= from && time < to)
    .map((event) => ({ ...event, ...of }));
const connected = (of: Names, at = 0): readonly FeedEvent[] => [
  { ...of, kind: 'connected', receivedAt: at, attempt: 1, resumed: undefined },
  served(of, at),
];
const served = (of: Names, at: number): FeedEvent => ({
  ...of,
  kind: 'subscribed',
  receivedAt: at,
  topics: trades(SYMBOL),
});
const hole = { from: 5 * MINUTE + 20 * SECOND, to: 8 * MINUTE + 10 * SECOND };

/** What comes of it: the bars that were repaired, how each repair ended, what was asked for, and the bars behind it. */
const repaired = (flush: () => void, events: readonly FeedEvent[], minutes = 30) => {
  const { history, asked } = historyOf(bars);
  const heard: FeedEvent[] = [];
  const closed: Kline[] = [];
  const feed$: Observable<FeedEvent> = played(events).pipe(backfill(history, { interval: '1m' }));
  const hearing = feed$.subscribe((event) => heard.push(event));
  const making = played(events)
    .pipe(backfill(historyOf(bars).history, { interval: '1m' }), toKlines('1m', { forming: false }), onceClosed())
    .subscribe((bar) => closed.push(bar));
  asyncScheduler.schedule(() => [hearing, making].forEach((life) => life.unsubscribe()), minutes * MINUTE);
  flush();
  return {
    asked,
    klines: heard.flatMap((event) => (event.kind === 'kline' ? [[event.feed, event.openTime / MINUTE]] : [])),
    ends: heard.flatMap((event) => (event.kind === 'backfilled' ? [event] : [])),
    closed: closed.sort((one, two) => one.openTime - two.openTime),
  };
};

describe('backfill across a switch', () => {
  it(
    'closes the hole that two lines of its vendor had, in the name of the one that serves',
    marbles(({ flush }) => {
      const { asked, klines, ends, closed } = repaired(flush, [
        ...connected(names),
        ...line(names, 0, hole.from),
        switched(second, names, hole.to, { hole }),
        served(second, 0),
        ...line(second, hole.to, 20 * MINUTE),
      ]);
      expect(asked).toHaveLength(1);
      expect(klines).toEqual([5, 6, 7, 8].map((minute) => ['itick:2', minute]));
      expect(ends).toMatchObject([{ feed: 'itick:2', outcome: 'whole', bars: 4, proof: { volume: 'whole' } }]);
      expect(closed.filter(({ openTime }) => openTime < 15 * MINUTE).map(({ volume }) => volume)).toEqual(
        bars.filter(({ openTime }) => openTime < 15 * MINUTE).map(({ volume }) => volume),
      );
    }),
  );

  it(
    'closes what neither vendor had with the history of the one that takes over',
    marbles(({ flush }) => {
      const { asked, klines, ends } = repaired(flush, [
        ...connected(other),
        ...line(other, 0, hole.from),
        switched(names, other, hole.to, { hole }),
        served(names, 0),
        ...line(names, hole.to, 20 * MINUTE),
      ]);
      expect(asked).toHaveLength(1);
      expect(ends).toMatchObject([{ feed: names.feed, outcome: 'whole', bars: 4 }]);
      expect(klines).toEqual([5, 6, 7, 8].map((minute) => [names.feed, minute]));
    }),
  );

  it(
    'asks for nothing that another vendor served, and trusts the history as before when its own is back',
    marbles(({ flush }) => {
      const back = 12 * MINUTE + 30 * SECOND;
      const cut = { from: 16 * MINUTE + 20 * SECOND, to: 18 * MINUTE + 10 * SECOND };
      const { asked, klines, ends } = repaired(flush, [
        ...connected(names),
        ...line(names, 0, hole.from),
        switched(other, names, hole.from),
        served(other, 0),
        ...line(other, hole.from, back),
        switched(names, other, back),
        served(names, 0),
        ...line(names, back, cut.from),
        { ...names, kind: 'connected', receivedAt: cut.to, attempt: 1, resumed: cut },
        ...line(names, cut.to, 25 * MINUTE),
      ]);
      // The bars behind its return are compared, and none that the other vendor served.
      expect(asked.map(({ from, to }) => [from / MINUTE, to / MINUTE])).toEqual([[12, 19]]);
      expect(klines).toEqual([16, 17, 18].map((minute) => [names.feed, minute]));
      expect(ends).toMatchObject([{ outcome: 'whole', bars: 3, proof: { overlap: { compared: 1, agreed: 1 } } }]);
    }),
  );

  it(
    'gives up what it repairs when another vendor serves, and says why',
    marbles(({ flush }) => {
      const { asked, klines, ends } = repaired(flush, [
        ...connected(names),
        ...line(names, 0, hole.from),
        { ...names, kind: 'connected', receivedAt: hole.to, attempt: 1, resumed: hole },
        ...line(names, hole.to, 9 * MINUTE),
        switched(other, names, 9 * MINUTE + 10 * SECOND),
        served(other, 0),
        ...line(other, 9 * MINUTE + 10 * SECOND, 20 * MINUTE),
      ]);
      expect([asked, klines]).toEqual([[], []]);
      expect(ends).toMatchObject([{ outcome: 'none', reason: 'a line of another vendor serves it now' }]);
    }),
  );

  it(
    'leaves alone what a person subscribes to long after a switch, and a switch that names no line',
    marbles(({ flush }) => {
      const { asked, ends } = repaired(flush, [
        ...connected(other),
        ...line(other, 0, hole.from),
        switched(names, {}, hole.from),
        switched(names, other, hole.to, { hole }),
        served(names, hole.to + 60 * SECOND),
        ...line(names, hole.to + 60 * SECOND, 20 * MINUTE),
      ]);
      expect([asked, ends]).toEqual([[], []]);
    }),
  );
});
