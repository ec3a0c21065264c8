import { asyncScheduler, Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Kline } from '../../lib/model/marketEvent.js';
import { calendars } from '../../lib/model/calendar/calendars.js';
import { trades } from '../../lib/model/topic.js';
import { consolidateDepth } from '../../lib/operators/depth/consolidateDepth.js';
import { orderBook } from '../../lib/operators/depth/orderBook.js';
import { gaps } from '../../lib/operators/gaps.js';
import { linkState } from '../../lib/operators/linkState.js';
import { onceClosed } from '../../lib/operators/klines/onceClosed.js';
import { toKlines } from '../../lib/operators/klines/toKlines.js';
import { staleness } from '../../lib/operators/staleness/staleness.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { aTrade } from '../../lib/testing/builders.js';
import { again, book, link, made, one, served, switched, SYMBOL, trade, two } from './across.js';

const closed = (events: readonly FeedEvent[]): readonly Partial<Kline>[] =>
  made(events, (feed$) => feed$.pipe(toKlines('1s', { calendar: calendars.always }), onceClosed())).map(
    ({ feed, openTime, open, high, low, close, volume, coverage, missedVolume }) => ({
      feed,
      openTime,
      prices: [open, high, low, close],
      volume,
      coverage,
      missedVolume,
    }),
  );

describe('bars across a switch', () => {
  it('have prices of both vendors and the volume of one, and count the time of either line', () => {
    expect(
      closed([
        ...link(one, 0),
        trade(one, 100, 10, 1, 101),
        trade(one, 400, 12, 2, 103),
        switched(two, one, 500),
        served(two, 0),
        trade(two, 600, 9, 70, 50_000),
        trade(two, 900, 11, 30, 50_030),
        trade(two, 1_200, 13, 5, 50_035),
        trade(two, 2_100, 14, 1, 50_040),
        trade(two, 3_000, 14, 1, 50_041),
      ]),
    ).toMatchObject([
      { feed: 'tickflow', openTime: 0, prices: [10, 12, 9, 11], volume: 3, coverage: 1, missedVolume: 0 },
      { feed: 'tickflow', openTime: 1_000, prices: [13, 13, 13, 13], volume: 5, coverage: 1, missedVolume: 0 },
      // Its figures prove what is missing in them.
      { feed: 'tickflow', openTime: 2_000, volume: 1, coverage: 1, missedVolume: 4 },
    ]);
  });

  it('go on where both lines are of one vendor, whose figures prove what neither had', () => {
    expect(
      closed([
        ...link(one, 0),
        trade(one, 100, 10, 1, 101),
        trade(one, 400, 12, 2, 103),
        switched(again, one, 700, { hole: { from: 400, to: 650 } }),
        served(again, 650),
        trade(again, 800, 9, 3, 110),
        trade(again, 1_200, 13, 5, 115),
        trade(again, 2_100, 13, 5, 120),
      ]).slice(0, 2),
    ).toMatchObject([
      { feed: 'itick:2', openTime: 0, prices: [10, 12, 9, 9], volume: 6, coverage: 0.75, missedVolume: 4 },
      { feed: 'itick:2', openTime: 1_000, volume: 5, coverage: 1, missedVolume: 0 },
    ]);
  });

  it('of one symbol leave the others where they are', () => {
    const other = (at: number): FeedEvent =>
      aTrade({ ...one, symbol: '5.HK', time: at, receivedAt: at, price: 5, size: 1 });
    expect(
      closed([
        ...link(one, 0),
        trade(one, 100, 10, 1),
        other(200),
        switched(two, one, 500, { symbols: [SYMBOL] }),
        served(two, 0),
        trade(two, 600, 9, 70),
        other(700),
        trade(two, 1_200, 13, 5),
        other(1_300),
        trade(two, 2_100, 14, 1),
        other(2_200),
      ]).map(({ feed, openTime, volume }) => [feed, openTime, volume]),
    ).toEqual(
      expect.arrayContaining([
        ['tickflow', 0, 1],
        ['itick', 0, 2],
        ['tickflow', 1_000, 5],
        ['itick', 1_000, 1],
      ]),
    );
  });
});

describe('books after a switch', () => {
  const events = [...link(one, 0), book(one, 100, 10), switched(two, one, 200), book(two, 300, 11)];

  it('are invalid until a snapshot of the other line', () => {
    expect(made(events, orderBook()).map(({ feed, valid, bids }) => [feed, valid, bids[0]?.price])).toEqual([
      ['itick', true, 10],
      ['itick', false, 10],
      ['tickflow', true, 11],
    ]);
  });

  it('are invalid also where both lines have one name', () => {
    const same = [...link(one, 0), book(one, 100, 10), switched(one, one, 200), book(one, 300, 11)];
    expect(made(same, orderBook()).map(({ valid }) => valid)).toEqual([true, false, true]);
  });

  it('leave the ladder of all vendors', () => {
    expect(made(events, consolidateDepth()).map(({ bids }) => bids.map(({ price }) => price))).toEqual([
      [10],
      [],
      [11],
    ]);
  });
});

describe('the link across a switch', () => {
  const lost: FeedEvent = {
    ...two,
    kind: 'disconnected',
    receivedAt: 900,
    cause: flattenError(new ConnectionLost(1006)),
    attempt: 1,
    retryAt: 0,
  };

  it('goes on under the other name, with a gap only where neither line was there', () => {
    expect(made([...link(one, 0), switched(two, one, 500), served(two, 0)], gaps())).toEqual([]);
    const holed = [...link(one, 0), switched(two, one, 500, { hole: { from: 100, to: 450 } }), served(two, 450)];
    expect(made(holed, gaps())).toMatchObject([{ feed: 'tickflow', from: 100, to: 450 }]);
  });

  it('is lost and comes back as one', () => {
    const back: FeedEvent = {
      ...one,
      kind: 'connected',
      receivedAt: 1_500,
      attempt: 2,
      resumed: { from: 900, to: 1_500 },
    };
    const events = [
      ...link(one, 0),
      switched(two, one, 500),
      served(two, 0),
      lost,
      switched(one, two, 1_500, { from: 'secondary', to: 'primary', hole: { from: 900, to: 1_500 } }),
      back,
      served(one, 1_500),
    ];
    expect(made(events, gaps())).toMatchObject([{ feed: 'itick', from: 900, to: 1_500 }]);
    expect(made(events, linkState()).map(({ feed, state }) => `${feed} ${state}`)).toEqual([
      'itick live',
      'tickflow live',
      'tickflow down',
      'itick down',
      'itick live',
      'itick live',
    ]);
  });

  it('is that of the other line for who joins a shared feed later', () => {
    const events = [
      ...link(one, 0),
      trade(one, 100, 10, 1),
      switched(two, one, 500),
      served(two, 0),
      trade(two, 600, 11, 1),
    ];
    const heard: string[] = [];
    new TestScheduler(() => undefined).run(({ flush }) => {
      const { watch } = shareFeed(
        () =>
          new Observable((subscriber) => {
            for (const event of events) subscriber.next(event);
          }),
      );
      const first = watch(trades(SYMBOL)).subscribe();
      watch(trades(SYMBOL)).subscribe(({ kind, feed }) => heard.push(`${feed} ${kind}`));
      first.unsubscribe();
      asyncScheduler.schedule(() => undefined, 1);
      flush();
    });
    expect(heard).toEqual(['tickflow connected', 'tickflow subscribed', 'tickflow trade']);
  });
});

describe('staleness', () => {
  it('is not said of the line that was left', () => {
    const busy = Array.from({ length: 20 }, (_, n) => trade(two, 600 + n * 100, 11, 1));
    const events = [...link(one, 0), trade(one, 100, 10, 1), switched(two, one, 500), ...busy];
    const said = made(events, staleness({ after: 400, calendar: calendars.always }), 2_500);
    expect(said.map(({ feed, state }) => `${feed} ${state}`)).toEqual(['itick fresh', 'tickflow fresh']);
  });
});
