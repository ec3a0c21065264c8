import { Subject } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, type Topic } from '../../lib/model/topic.js';
import { chunks } from '../../lib/session/chunks.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { inOrder } from '../../lib/share/inOrder.js';

const names = { provider: 'acme', feed: 'acme', receivedAt: 1 };
const symbolsOf = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `S${i}.US`);

/** Topics, and how many times each was looked at. */
const watched = (count: number) => {
  const looks = { count: 0 };
  const topics = quotes(symbolsOf(count)).map((topic) => ({
    ...topic,
    get symbol() {
      looks.count += 1;
      return topic.symbol;
    },
  })) as readonly Topic[];
  return { topics, looks };
};

const served = (count: number, together: number): readonly FeedEvent[] => [
  { kind: 'connected', ...names, attempt: 1, resumed: undefined },
  ...chunks(quotes(symbolsOf(count)), together).map((topics): FeedEvent => ({ kind: 'subscribed', ...names, topics })),
];

/** A shared feed that is told what to say. */
const aDesk = () => {
  const feed$ = new Subject<FeedEvent>();
  return {
    desk: shareFeed(() => feed$),
    say: (events: readonly FeedEvent[]) => events.forEach((one) => feed$.next(one)),
  };
};

/** How many times each of so many topics is looked at. */
type Looks = (count: number) => number;

const oneWatcher: Looks = (count) => {
  const { topics, looks } = watched(count);
  const { desk, say } = aDesk();
  const watching = desk.watch(topics).subscribe();
  say(served(count, 1));
  watching.unsubscribe();
  return looks.count / count;
};
const aWatcherEach: Looks = (count) => {
  const { topics, looks } = watched(count);
  const { desk, say } = aDesk();
  const watching = topics.map((topic) => desk.watch([topic]).subscribe());
  say(served(count, 100));
  for (const one of watching) one.unsubscribe();
  return looks.count / count;
};
const divergedEach: Looks = (count) => {
  const { topics, looks } = watched(count);
  const { desk, say } = aDesk();
  const watching = desk.watch(topics).subscribe();
  say(symbolsOf(count).map((symbol) => ({ kind: 'diverged', ...names, symbol }) as unknown as FeedEvent));
  watching.unsubscribe();
  return looks.count / count;
};

describe('many topics of a shared feed', () => {
  it.each([
    ['one watcher has them all, and they are served one by one', oneWatcher],
    ['each has a watcher of its own', aWatcherEach],
    ['news come of one symbol at a time', divergedEach],
  ])('are each looked at as often as few are, where %s', (_, looks) => {
    const few = looks(200);
    expect(few).toBeGreaterThan(0);
    expect(looks(2_000)).toBeLessThan(few * 1.5);
  });

  it('are told to a late joiner, and are left, in no time that grows with the square of their number', () => {
    const count = 50_000;
    const topics = quotes(symbolsOf(count));
    const { desk, say } = aDesk();
    desk.watch(topics).subscribe();
    say(served(count, count));
    const began = performance.now();
    const lists$ = new Subject<readonly Topic[]>();
    const heard: FeedEvent[] = [];
    desk.watch(lists$).subscribe((event) => heard.push(event));
    lists$.next(topics);
    lists$.next(topics.slice(0, 1));
    expect(heard.map((event) => [event.kind, 'topics' in event ? event.topics.length : 0])).toEqual([
      ['connected', 0],
      ['subscribed', count],
      ['unsubscribed', count - 1],
    ]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('have as many watchers as there may be, who come and go in no time that grows with the square of their number', () => {
    const count = 50_000;
    const [topic] = quotes('A.US') as [Topic];
    const { desk, say } = aDesk();
    const began = performance.now();
    let heard = 0;
    const watching = Array.from({ length: count }, () => desk.watch([topic]).subscribe(() => (heard += 1)));
    say([{ kind: 'quote', ...names, symbol: 'A.US', time: 1, last: 1 } as unknown as FeedEvent]);
    for (const one of watching) one.unsubscribe();
    expect(heard).toBe(count);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('may say all they have while they are subscribed to: what waits is done in order', () => {
    const { enter, interject } = inOrder();
    const done: number[] = [];
    const count = 300_000;
    interject(() => {
      for (let i = 0; i < count; i++) enter((n) => done.push(n), i);
      expect(done).toEqual([]);
    }, undefined);
    expect([done.length, done.every((n, i) => n === i)]).toEqual([count, true]);
  });
});
