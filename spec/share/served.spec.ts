import { merge, Subject } from 'rxjs';
import { gaps, quotes, shareFeed, type FeedEvent, type Topic } from '../../lib/index.js';
import { aQuote } from '../../lib/testing/index.js';
import { bridged, type Handover } from '../../lib/share/tabs/handover.js';
import { gate } from '../../lib/share/tabs/member.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import { connected, disconnected, refused, resumed } from './linkEvents.js';

const [apple, microsoft, tencent] = quotes('AAPL.US', 'MSFT.US', '00700.HK') as [Topic, Topic, Topic];
const base = { provider: 'test' };
const subscribed = (receivedAt: number, ...topics: readonly Topic[]): FeedEvent => ({
  ...base,
  kind: 'subscribed',
  receivedAt,
  topics,
});
const unsubscribed = (receivedAt: number, ...topics: readonly Topic[]): FeedEvent => ({
  ...base,
  kind: 'unsubscribed',
  receivedAt,
  topics,
});

const shared = () => {
  const feed$ = new Subject<FeedEvent>();
  const { watch } = shareFeed(() => feed$);
  const watching = (...topics: readonly Topic[]) => {
    const log: FeedEvent[] = [];
    const subscription = watch(topics).subscribe((event) => log.push(event));
    return { log, leave: () => subscription.unsubscribe() };
  };
  return { feed$, watch, watching };
};

describe('what is served, in a shared feed', () => {
  it('is said to each watcher of its own topics only, in its own spelling', () => {
    const { feed$, watching } = shared();
    const [a, b, c] = [watching(apple, tencent), watching(microsoft), watching(...quotes('700.HK'))];
    feed$.next(connected);
    feed$.next(subscribed(5, apple, tencent));
    feed$.next(unsubscribed(6, apple));
    expect(a.log).toEqual([connected, subscribed(5, apple, tencent), unsubscribed(6, apple)]);
    expect(b.log).toEqual([connected]);
    expect(c.log).toEqual([connected, subscribed(5, ...quotes('700.HK'))]);
  });

  it('is said to a late joiner once, with its old time, after connected and before the last data', () => {
    const { feed$, watching } = shared();
    watching(apple, microsoft);
    feed$.next(connected);
    feed$.next(subscribed(5, apple));
    feed$.next(subscribed(7, microsoft));
    feed$.next(aQuote());
    const late = watching(microsoft, apple, tencent);
    expect(late.log).toEqual([connected, subscribed(7, microsoft), subscribed(5, apple), aQuote()]);
    feed$.next(subscribed(9, tencent));
    expect(late.log.slice(4)).toEqual([subscribed(9, tencent)]);
  });

  it('is not said to who joins after it was lost, withdrawn or refused', () => {
    const { feed$, watching } = shared();
    watching(apple, microsoft, tencent);
    feed$.next(connected);
    feed$.next(subscribed(5, apple, microsoft, tencent));
    feed$.next(unsubscribed(6, microsoft));
    feed$.next(refused(tencent));
    expect(watching(apple, microsoft, tencent).log).toEqual([connected, subscribed(5, apple), refused(tencent)]);
    feed$.next(disconnected);
    feed$.next(resumed);
    expect(watching(apple).log).toEqual([resumed]);
  });

  it('ends a refusal that data have contradicted', () => {
    const { feed$, watching } = shared();
    watching(apple);
    feed$.next(connected);
    feed$.next(refused(apple));
    feed$.next(subscribed(5, apple));
    expect(watching(apple).log).toEqual([connected, subscribed(5, apple)]);
  });

  it('is kept for each of several feeds', () => {
    const { feed$, watching } = shared();
    watching(apple, microsoft);
    const [a, b] = ['a', 'b'].map((feed) => ({ feed }));
    feed$.next({ ...connected, ...a });
    feed$.next({ ...connected, ...b });
    feed$.next({ ...subscribed(5, apple), ...a });
    feed$.next({ ...subscribed(6, microsoft), ...b });
    feed$.next({ ...disconnected, ...b });
    expect(watching(apple, microsoft).log).toEqual([
      { ...connected, ...a },
      { ...subscribed(5, apple), ...a },
      { ...disconnected, ...b },
    ]);
  });

  it('counts a hole once, though two watchers of the feed are merged', () => {
    const { feed$, watch } = shared();
    const holes: unknown[] = [];
    merge(watch([apple]), watch([microsoft]))
      .pipe(gaps())
      .subscribe((gap) => holes.push(gap));
    for (const event of [connected, subscribed(0, apple, microsoft), disconnected, resumed]) feed$.next(event);
    feed$.next(subscribed(8, apple, microsoft));
    expect(holes).toEqual([{ feed: 'test', from: 0, to: 8, attempts: 1, cause: disconnected.cause }]);
  });
});

describe('what is served, across tabs', () => {
  it('passes the gate as far as it is of topics that the tab was given', () => {
    const { keep, admit, pass } = gate();
    keep([apple, microsoft]);
    expect(pass(subscribed(5, apple))).toBeUndefined();
    expect(admit([apple], [connected, subscribed(5, apple, microsoft)])).toEqual([connected, subscribed(5, apple)]);
    expect(pass(subscribed(6, apple, microsoft, tencent))).toEqual(subscribed(6, apple));
    expect(pass(unsubscribed(6, tencent))).toBeUndefined();
    expect(pass(refused())).toEqual(refused());
  });

  it('says the loss of every feed when another tab takes over', () => {
    const source$ = new Subject<FeedEvent | Handover>();
    const log: FeedEvent[] = [];
    source$.pipe(bridged()).subscribe((event) => log.push(event));
    source$.next({ ...connected, feed: 'a' });
    source$.next({ ...connected, feed: 'b' });
    source$.next({ kind: 'handover', cause: new ConnectionLost(1001) });
    source$.next({ ...connected, feed: 'b' });
    expect(log.slice(2)).toMatchObject([
      { kind: 'disconnected', feed: 'a' },
      { kind: 'disconnected', feed: 'b' },
      { kind: 'connected', feed: 'b', resumed: { from: 0 } },
    ]);
  });
});
