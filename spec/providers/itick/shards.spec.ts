import type { Subscription } from 'rxjs';
import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { quotes } from '../../../lib/model/topic.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';

/** What a feed of so many symbols says in two minutes of virtual time. */
const heardOf = (count: number, shards: number): readonly FeedEvent[] => {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(() => {
    const { openSocket } = scriptedVendor('itick', { token: 'k', maxSymbols: 500, every: 60_000 });
    const topics = quotes(...Array.from({ length: count }, (_, i) => `${i + 1}.HK`));
    const heard: FeedEvent[] = [];
    const feed: Subscription = itick({
      token: 'k',
      market: 'stock',
      topics,
      openSocket,
      connections: 2,
      shards,
    }).subscribe((event) => heard.push(event));
    asyncScheduler.schedule(() => feed.unsubscribe(), 120_000);
    scheduler.flush();
    return heard;
  });
};

const servedBy = (heard: readonly FeedEvent[]) => {
  const symbols = new Map<string | undefined, Set<string>>();
  for (const event of heard) {
    if (event.kind === 'quote') symbols.set(event.feed, (symbols.get(event.feed) ?? new Set()).add(event.symbol));
  }
  return [...symbols].map(([feed, { size }]) => [feed, size]);
};
const refusedIn = (heard: readonly FeedEvent[]) =>
  heard.flatMap((event) => (event.kind === 'refused' ? [[event.feed, event.topics.length]] : []));

describe('itick over several connections', () => {
  it('serves more products than one connection takes, each under the name of its link', () => {
    const heard = heardOf(501, 2);
    expect(refusedIn(heard)).toEqual([]);
    expect(servedBy(heard)).toEqual([
      ['itick:stock', 500],
      ['itick:stock#2', 1],
    ]);
  });

  it('has the vendor refuse what finds no room on any', () => {
    const heard = heardOf(1_001, 2);
    expect(refusedIn(heard)).toEqual([['itick:stock#2', 1]]);
    expect(servedBy(heard)).toEqual([
      ['itick:stock', 500],
      ['itick:stock#2', 500],
    ]);
  });
});
