import { Subject } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { depths, type Topic } from '../../lib/model/topic.js';
import { binance } from '../../lib/providers/binance/index.js';
import { shareAcrossTabs } from '../../lib/share/shareAcrossTabs.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { aDepth, marbles, scriptedVendor } from '../../lib/testing/index.js';
import { heard } from '../history/fakeRest.js';
import { aBrowser } from './tabs/aBrowser.js';

const symbol = 'BTCUSDT.BA';
const one = (price: number, size: number) => [{ price, size }];
const first = aDepth({ symbol, bids: [...one(9, 1), ...one(8, 1)], asks: one(11, 1) });
const second = aDepth({ symbol, type: 'update', bids: one(9, 0), asks: one(12, 4) });
const third = aDepth({ symbol, type: 'update', bids: one(7, 3), asks: [] });

const textOf = (event: FeedEvent): string => {
  if (event.kind !== 'depth') return event.kind;
  const sides = [event.bids, event.asks].map((side) => side.map(({ price, size }) => `${price}x${size}`).join(' '));
  return `${event.type} ${sides.join(' | ')} #${event.sequence?.last}`;
};

describe('a book of Binance, shared', () => {
  it(
    'is whole for who joins late, and goes on for all',
    marbles(({ flush, server }) => {
      const vendor = server('binance');
      vendor.says('a 9ms b 19ms c', { a: first, b: second, c: third });
      const join$ = new Subject<void>();
      const desk = shareFeed((topics) => binance({ topics, openSocket: vendor.openSocket, fetch: vendor.fetch }));
      const early = heard(desk.watch(depths(symbol)));
      const late: { values: readonly FeedEvent[] }[] = [];
      join$.subscribe(() => late.push(heard(desk.watch(depths(symbol)))));
      vendor.says('20ms j 20ms e', {
        j: () => join$.next(),
        e: () => desk.close(),
      });
      flush();
      expect(early.values.map(textOf)).toEqual([
        'connected',
        'subscribed',
        'snapshot 9x1 8x1 | 11x1 #1',
        'update 9x0 | 12x4 #2',
        'update 7x3 |  #3',
      ]);
      expect(late[0]?.values.map(textOf)).toEqual([
        'connected',
        'subscribed',
        'snapshot 8x1 | 11x1 12x4 #2',
        'update 7x3 |  #3',
      ]);
    }),
  );
});

describe('a book of Binance, shared across tabs', () => {
  beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => jest.useRealTimers());
  const settled = () => jest.advanceTimersByTimeAsync(50);

  it('is whole in a tab that opens late, and whole again from the next socket when the first tab is gone', async () => {
    const vendor = scriptedVendor('binance');
    const browser = aBrowser();
    const open = () => {
      const tab = browser.openTab();
      const makeFeed = (topics: Parameters<typeof binance>[0]['topics']) =>
        binance({ topics, openSocket: vendor.openSocket, fetch: vendor.fetch, backoff: () => 5 });
      const desk = shareAcrossTabs(makeFeed, { name: 'binance', ...tab.tools });
      const said: string[] = [];
      const topics: readonly Topic[] = depths(symbol);
      const subscription = desk.watch(topics).subscribe((event) => said.push(textOf(event)));
      return { ...tab, said, leave: () => subscription.unsubscribe() };
    };
    const leader = open();
    await settled();
    vendor.act(first);
    vendor.act(second);
    await settled();
    const late = open();
    await settled();
    vendor.act(third);
    await settled();
    expect(late.said.filter((text) => text.includes('#'))).toEqual(['snapshot 8x1 | 11x1 12x4 #2', 'update 7x3 |  #3']);
    expect(vendor.attempts).toBe(1);

    leader.crash();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(vendor.attempts).toBe(2);
    expect(late.said.at(-1)).toBe('snapshot 8x1 7x3 | 11x1 12x4 #3');
    late.leave();
    leader.leave();
    await settled();
  });
});
