import { Subject } from 'rxjs';
import type { Diverged, FeedEvent, Switched } from '../../lib/model/feedEvent.js';
import { depths, quotes, trades, type Topic } from '../../lib/model/topic.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { read, write } from '../../lib/share/tabs/channel.js';
import { isOfLink } from '../../lib/share/tabs/topicFilter.js';

const facts = { provider: 'tickflow', feed: 'tickflow', receivedAt: 1 };
const cause = { _tag: 'Stale', message: 'silent for 3000 ms' } as const;
const switched: Switched = { ...facts, kind: 'switched', symbols: 'all', from: 'primary', to: 'secondary', cause };
const diverged: Diverged = {
  ...facts,
  kind: 'diverged',
  symbol: '00700.HK',
  prices: { primary: 2, secondary: 1 },
  for: 5_000,
};

const heardBy = (topics: readonly Topic[], ...events: readonly FeedEvent[]): readonly FeedEvent[] => {
  const feed$ = new Subject<FeedEvent>();
  const heard: FeedEvent[] = [];
  const watching = shareFeed(() => feed$)
    .watch(topics)
    .subscribe((event) => heard.push(event));
  events.forEach((event) => feed$.next(event));
  watching.unsubscribe();
  return heard;
};

describe('a switch to the other line', () => {
  it('of all symbols is heard by all who watch', () => {
    expect(heardBy(trades('AAPL.US'), switched)).toEqual([switched]);
  });

  it('of some symbols is heard by those who watch them, once and in their spelling', () => {
    const some = { ...switched, symbols: ['00700.HK', 'AAPL.US'] };
    expect(heardBy([...trades('700.HK', 'MSFT.US'), ...depths('700.HK')], some)).toEqual([
      { ...some, symbols: ['700.HK'] },
    ]);
    expect(heardBy(quotes('MSFT.US'), some)).toEqual([]);
  });

  it('passes to other tabs with its cause, and not without its symbols', () => {
    const sent = (...events: readonly object[]) => {
      const message = read(structuredClone(write({ kind: 'events', from: 'a', events: events as FeedEvent[] })));
      return message?.kind === 'events' ? message.events : undefined;
    };
    expect(sent(switched)).toEqual([switched]);
    expect(sent({ ...switched, symbols: [1] }, { ...switched, to: 'third' }, { ...switched, hole: {} })).toEqual([]);
    expect(sent({ ...switched, cause: 5 })).toEqual([{ ...switched, cause: { name: 'Error', message: '' } }]);
    expect(sent(diverged, { ...diverged, prices: undefined })).toEqual([diverged]);
    expect([switched, diverged].map(isOfLink)).toEqual([true, true]);
  });
});

describe('two lines that disagree', () => {
  it('are said to those who watch the symbol, in their spelling', () => {
    expect(heardBy(trades('700.HK'), diverged)).toEqual([{ ...diverged, symbol: '700.HK' }]);
    expect(heardBy(trades('AAPL.US'), diverged)).toEqual([]);
  });
});
