import { Observable, Subject, take } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { bbos, depths, klines, quotes, trades, type Topic } from '../../lib/model/topic.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { topicTable } from '../../lib/share/topicTable.js';
import { aBbo, aDepth, aKline, aQuote, aTrade } from '../../lib/testing/builders.js';
import { connected, disconnected, latency, refused, resumed, undecodable } from './linkEvents.js';

/** A desk over a feed that says what it is told to, and what its watchers have heard. */
const aDesk = () => {
  const feed$ = new Subject<FeedEvent>();
  const { watch } = shareFeed(() => feed$);
  const listen = (topics: readonly Topic[]) => {
    const heard: FeedEvent[] = [];
    watch(topics).subscribe((event) => heard.push(event));
    return heard;
  };
  return { say: (...events: FeedEvent[]) => events.forEach((event) => feed$.next(event)), feed$, watch, listen };
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the table of topics', () => {
  it('keeps nothing of a watcher that has left', () => {
    const { assign, watchers, topics, forget } = topicTable();
    const visit = new Observable<FeedEvent>((watcher) => {
      assign(watcher, trades('AAPL.US'));
      return () => forget(assign(watcher, []).departures);
    }).subscribe();
    expect([watchers(), topics()]).toEqual([[expect.anything()], trades('AAPL.US')]);
    visit.unsubscribe();
    expect([watchers(), topics()]).toEqual([[], []]);
  });
});

describe('a shared feed routes', () => {
  it('market events to those who watch their topic, by channel, symbol and interval', () => {
    const { say, listen } = aDesk();
    const topics = {
      trade: trades('AAPL.US'),
      quote: quotes('AAPL.US'),
      depth: depths('AAPL.US'),
      bbo: bbos('AAPL.US'),
      minute: klines('1m', 'AAPL.US'),
      month: klines('1M', 'AAPL.US'),
      other: trades('MSFT.US'),
      both: trades('AAPL.US', 'MSFT.US'),
    };
    const heard = Object.entries(topics).map(([name, wanted]) => [name, listen(wanted)] as const);
    const minute = aKline({ interval: '1m' });
    const month = aKline({ interval: '1M' });
    const other = aTrade({ symbol: 'MSFT.US' });
    say(aTrade(), aQuote(), aDepth(), aBbo(), minute, month, other, aTrade({ symbol: 'TSLA.US' }));
    expect(Object.fromEntries(heard)).toEqual({
      trade: [aTrade()],
      quote: [aQuote()],
      depth: [aDepth()],
      bbo: [aBbo()],
      minute: [minute],
      month: [month],
      other: [other],
      both: [aTrade(), other],
    });
  });

  it('news of the link to all', () => {
    const { say, listen } = aDesk();
    const heard = [listen(trades('AAPL.US')), listen(quotes('700.HK'))];
    const news = [connected, undecodable, latency, disconnected, resumed, refused()];
    say(...news);
    expect(heard).toEqual([news, news]);
  });

  it('a refusal once to each watcher of a topic it names', () => {
    const { say, listen } = aDesk();
    const [apple, microsoft, both, none] = [['AAPL.US'], ['MSFT.US'], ['AAPL.US', 'MSFT.US'], ['TSLA.US']].map(
      (symbols) => listen(trades(...symbols)),
    );
    const first = refused(...trades('AAPL.US', 'MSFT.US', 'NVDA.US'));
    const second = refused(...trades('MSFT.US'));
    say(first, second);
    expect({ apple, microsoft, both, none }).toEqual({
      apple: [first],
      microsoft: [first, second],
      both: [first, second],
      none: [],
    });
  });

  it('each event in the spelling of who watches, and the very event where it is the same', () => {
    const { say, listen } = aDesk();
    const [wire, own, both] = [['00700.HK'], ['700.HK'], ['0700.HK', '700.HK']].map((symbols) =>
      listen(trades(...symbols)),
    );
    const event = aTrade({ symbol: '00700.HK' });
    say(event);
    expect(wire![0]).toBe(event);
    expect(own).toEqual([aTrade({ symbol: '700.HK' })]);
    expect(both).toEqual([aTrade({ symbol: '0700.HK' })]);
  });

  it('events in a spelling nobody used', () => {
    const { say, listen } = aDesk();
    const heard = listen(trades('00700.HK'));
    say(aTrade({ symbol: '0700.HK' }), aTrade({ symbol: '700.HK' }));
    expect(heard).toEqual([aTrade({ symbol: '00700.HK' }), aTrade({ symbol: '00700.HK' })]);
  });
});

describe('a late joiner of a shared feed', () => {
  const both = trades('AAPL.US', '00700.HK');
  const apple = aTrade({ receivedAt: 1 });
  const tencent = aTrade({ symbol: '00700.HK', receivedAt: 2 });

  it('hears nothing when nothing has been said', () => {
    const { listen } = aDesk();
    listen(both);
    expect(listen(both)).toEqual([]);
  });

  it('hears on a live link that it is connected, and then the last event of each of its topics', () => {
    const { say, listen } = aDesk();
    listen(both);
    say(connected, aTrade({ price: 1 }), tencent, apple);
    expect(listen(trades('700.HK', 'AAPL.US', 'MSFT.US'))).toEqual([
      connected,
      { ...tencent, symbol: '700.HK' },
      apple,
    ]);
    expect(listen(quotes('AAPL.US'))).toEqual([connected]);
  });

  it('hears on a dead link the last events, and then of the loss that makes them suspect', () => {
    const { say, listen } = aDesk();
    listen(both);
    say(connected, apple, disconnected, { ...disconnected, attempt: 2 });
    expect(listen(both)).toEqual([apple, { ...disconnected, attempt: 2 }]);
  });

  it('hears of the failure when the first connection has not come about', () => {
    const { say, listen } = aDesk();
    listen(both);
    say(disconnected);
    expect(listen(both)).toEqual([disconnected]);
  });

  it('hears the last of several connections, and events from before the loss with their old time', () => {
    const { say, listen } = aDesk();
    listen(both);
    say(connected, apple, disconnected, resumed);
    expect(listen(both)).toEqual([resumed, apple]);
  });

  it('hears the last refusal of its topics, once, while it stands', () => {
    const { say, listen } = aDesk();
    listen(both);
    const all = refused(...both);
    say(connected, refused(...both), all);
    expect(listen(both)).toEqual([connected, all]);
    expect(listen(quotes('AAPL.US'))).toEqual([connected]);
    say(apple);
    expect(listen(both)).toEqual([connected, apple, all]);
    expect(listen(trades('AAPL.US'))).toEqual([connected, apple]);
  });

  it('hears nothing of news that concerns nobody in particular', () => {
    const { say, listen } = aDesk();
    listen(both);
    say(connected, latency, undecodable, refused());
    expect(listen(both)).toEqual([connected]);
  });

  it.each(['00700.HK', '700.HK'])('hears nothing of %s from before its withdrawal', (symbol) => {
    const { say, watch, listen } = aDesk();
    listen(trades('AAPL.US'));
    const leave = watch(trades('00700.HK')).subscribe();
    say(connected, tencent, refused(...both));
    leave.unsubscribe();
    jest.advanceTimersByTime(5);
    const heard = listen(trades(symbol));
    const fresh = aTrade({ symbol, receivedAt: 3 });
    say(fresh);
    expect(heard).toEqual([connected, fresh]);
    expect(heard[1]).toBe(fresh);
  });

  it('hears what was said while a topic lingered', () => {
    const feed$ = new Subject<FeedEvent>();
    const { watch } = shareFeed(() => feed$, { linger: 100 });
    watch(trades('AAPL.US')).subscribe().unsubscribe();
    jest.advanceTimersByTime(50);
    feed$.next(apple);
    const heard: FeedEvent[] = [];
    watch(trades('AAPL.US')).subscribe((event) => heard.push(event));
    expect(heard).toEqual([apple]);
  });
});

describe('a consumer of a shared feed, inside its own `next`,', () => {
  const apple = trades('AAPL.US');
  const [one, two, three] = [1, 2, 3].map((price) => aTrade({ price })) as [FeedEvent, FeedEvent, FeedEvent];

  it('can leave, also in the middle of a replay', () => {
    const { say, watch, listen } = aDesk();
    const others = listen(apple);
    const heard: FeedEvent[] = [];
    say(connected, one);
    watch(apple)
      .pipe(take(1))
      .subscribe((event) => heard.push(event));
    say(two);
    expect(heard).toEqual([connected]);
    expect(others).toEqual([connected, one, two]);
  });

  it('can make another leave, who then hears no more, and nobody else misses anything', () => {
    const { say, watch, listen } = aDesk();
    watch(apple).subscribe(() => victim.unsubscribe());
    const heard: FeedEvent[] = [];
    const victim = watch(apple).subscribe((event) => heard.push(event));
    const others = listen(apple);
    say(one, connected, two);
    expect(heard).toEqual([]);
    expect(others).toEqual([one, connected, two]);
  });

  it('can make another join, who hears the event of the moment once', () => {
    const { say, watch, listen } = aDesk();
    const joined: FeedEvent[][] = [];
    watch(apple).subscribe(() => joined.push(listen(apple)));
    say(connected, one, refused(...apple));
    expect(joined).toEqual([
      [connected, one, refused(...apple)],
      [connected, one, refused(...apple)],
      [connected, one, refused(...apple)],
    ]);
  });

  it('can make the feed speak, and all hear all things in one order', () => {
    const { say, watch, listen } = aDesk();
    const echo: Record<number, FeedEvent> = { 1: two, 2: three };
    watch(apple).subscribe((event) => {
      const answer = event.kind === 'trade' && echo[event.price];
      if (answer) say(answer);
    });
    const others = listen(apple);
    say(one);
    expect(others).toEqual([one, two, three]);
  });

  it('can make the feed speak during its replay, and hears that after it', () => {
    const { say, watch, listen } = aDesk();
    const others = listen(apple);
    say(connected, one);
    const heard: FeedEvent[] = [];
    watch(apple).subscribe((event) => {
      heard.push(event);
      if (event === connected) say(two);
    });
    expect(heard).toEqual([connected, one, two]);
    expect(others).toEqual([connected, one, two]);
  });

  it('can make the feed end, and all hear the end after what came before', () => {
    const { feed$, say, watch } = aDesk();
    const heard: unknown[] = [];
    watch(apple).subscribe(() => feed$.complete());
    watch(apple).subscribe({ next: (event) => heard.push(event), complete: () => heard.push('end') });
    say(one);
    expect(heard).toEqual([one, 'end']);
  });
});
