import * as fc from 'fast-check';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost, HeartbeatMissed } from '../../lib/model/errors.js';
import type {
  Connected,
  Disconnected,
  FeedEvent,
  Refused,
  Subscribed,
  Unsubscribed,
} from '../../lib/model/feedEvent.js';
import { linkTable, newLink, nextLink, type Link } from '../../lib/model/link.js';
import { quotes, topicKey, trades, type Topic } from '../../lib/model/topic.js';
import { aTrade } from '../../lib/testing/builders.js';

const provider = 'test';
const lost = flattenError(new ConnectionLost(1006));
const silent = flattenError(new HeartbeatMissed(40_000));

const up = (receivedAt: number, from?: number, attempt = 1): Connected => {
  const resumed = from === undefined ? undefined : { from, to: receivedAt };
  return { kind: 'connected', provider, receivedAt, attempt, resumed };
};
const down = (receivedAt: number, attempt = 1, cause = lost): Disconnected => {
  return { kind: 'disconnected', provider, receivedAt, cause, attempt, retryAt: receivedAt + 500 };
};
const served = (receivedAt: number, ...topics: readonly Topic[]): Subscribed => {
  return { kind: 'subscribed', provider, receivedAt, topics };
};
const dropped = (receivedAt: number, ...topics: readonly Topic[]): Unsubscribed => {
  return { kind: 'unsubscribed', provider, receivedAt, topics };
};
const refused = (receivedAt: number, ...topics: readonly Topic[]): Refused => {
  return { kind: 'refused', provider, receivedAt, topics, reason: 'not in your plan' };
};
const after = (...events: readonly FeedEvent[]): Link => events.reduce(nextLink, newLink(provider));

const [a, b] = trades('AAPL.US', 'MSFT.US') as [Topic, Topic];

describe('the link of a feed', () => {
  it('is connecting until it says something', () => {
    expect(newLink(provider)).toMatchObject({ state: 'connecting', last: undefined, lastGap: undefined });
    expect(after(aTrade(), down(1)).state).toBe('down');
    expect(after(up(5))).toMatchObject({ state: 'live', since: 5, last: up(5) });
  });

  it('is the same object after an event that says nothing of it', () => {
    const link = after(up(0), served(1, a));
    expect(nextLink(link, aTrade())).toBe(link);
    expect(nextLink(link, served(9, a))).toBe(link);
    expect(nextLink(link, dropped(9, b))).toBe(link);
    expect(nextLink(link, refused(9, b))).toBe(link);
  });

  it('is the same object after a link event that it has heard before', () => {
    const link = after(up(0), down(10), down(20, 2), up(30, 9, 3));
    for (const event of [up(0), down(10), down(20, 2), up(30, 9, 3)]) expect(nextLink(link, { ...event })).toBe(link);
  });

  it('has no hole for attempts that fail before the first connection', () => {
    expect(after(down(1), down(2, 2), up(3, undefined, 3)).lastGap).toBeUndefined();
  });

  it('has a hole from what was last heard to the return, with the attempts that failed and the first cause', () => {
    const link = after(up(0), down(10, 1, silent), down(20, 2), up(30, 9, 3));
    expect(link.lastGap).toEqual({ feed: provider, from: 9, to: 30, attempts: 2, cause: silent });
    expect(link.hole).toBeUndefined();
  });

  it('has a hole of which only the end is heard', () => {
    expect(after(up(30, 9)).lastGap).toEqual({ feed: provider, from: 9, to: 30, attempts: 0, cause: undefined });
  });

  it('has a hole from the loss where the return does not say since when', () => {
    expect(after(up(0), down(10), up(30)).lastGap).toMatchObject({ from: 10, to: 30 });
  });

  it('keeps a hole open until each topic that was served is served again', () => {
    const back = after(up(0), served(1, a, b), down(10), up(30, 9), served(31, a));
    expect(back).toMatchObject({ state: 'live', lastGap: undefined, hole: { from: 9 } });
    expect(nextLink(back, served(44, b)).lastGap).toMatchObject({ from: 9, to: 44, attempts: 1 });
    expect(nextLink(back, dropped(45, b)).lastGap).toMatchObject({ to: 45 });
    expect(nextLink(back, refused(46, b)).lastGap).toMatchObject({ to: 46 });
  });

  it('serves no topic that is refused after it was served', () => {
    const link = after(up(0), served(5_000, a, b), refused(6_000, b));
    expect(link.served.keys()).toEqual([topicKey(a)]);
    expect(nextLink(link, refused(6_000, b))).toBe(link);
    expect(nextLink(link, served(7_000, b)).served.keys()).toEqual([topicKey(a), topicKey(b)]);
  });

  it('awaits no topic after a loss that was refused after it was served', () => {
    const link = after(
      up(0),
      served(5_000, a, b),
      refused(6_000, b),
      down(10_000),
      up(11_000, 9_000),
      served(11_050, a),
    );
    expect(link.lastGap).toMatchObject({ from: 9_000, to: 11_050 });
  });

  it('has one hole for a loss before the topics were served again', () => {
    const link = after(up(0), served(1, a), down(10), up(30, 9), down(40), up(50, 35), served(52, a));
    expect(link.lastGap).toEqual({ feed: provider, from: 9, to: 52, attempts: 2, cause: lost });
  });

  it('awaits no topic that ceased to be wanted while the link was down', () => {
    const link = after(up(0), served(1, a, b), down(10), dropped(12, b), up(30, 9), served(31, a));
    expect(link.lastGap).toMatchObject({ from: 9, to: 31 });
  });

  it('never has a hole that ends before it begins', () => {
    expect(after(up(0), down(100), { ...up(50), resumed: { from: 90, to: 50 } }).lastGap).toMatchObject({
      from: 90,
      to: 90,
    });
  });

  it('is bounded in what it remembers', () => {
    const events = Array.from({ length: 500 }, (_, i) => (i % 2 ? down(i) : up(i, i - 1)));
    expect(after(...events).heard.length).toBeLessThanOrEqual(32);
  });

  it('is equal for each event once and for each event any number of times', () => {
    const some = fc.array(
      fc.oneof(
        fc.nat({ max: 3 }).map((attempt) => (at: number) => down(at, attempt)),
        fc.nat({ max: 9 }).map((before) => (at: number) => up(at, at - before)),
        fc.subarray([a, b, ...quotes('AAPL.US')]).map((topics) => (at: number) => served(at, ...topics)),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.integer({ min: 1, max: 3 })), (makers, times) => {
        const events = makers.map((make, i) => make(i * 10));
        const repeated = events.flatMap((event) => Array.from({ length: times.next().value }, () => event));
        const plain = (link: Link) => ({ ...link, served: link.served.keys(), awaited: link.awaited.keys() });
        expect(plain(after(...repeated))).toEqual(plain(after(...events)));
      }),
    );
  });
});

describe('a table of links', () => {
  it('keeps the feeds of one provider apart, and knows a feed without a name by its provider', () => {
    const links = linkTable();
    expect(links.next({ ...up(0), feed: 'test:crypto' })).toMatchObject({ feed: 'test:crypto', state: 'live' });
    links.next({ ...up(0), feed: 'test:forex' });
    links.next({ ...down(5), feed: 'test:forex' });
    links.next(down(6));
    expect(links.of('test:crypto')?.state).toBe('live');
    expect(links.of('test:forex')?.state).toBe('down');
    expect(links.of('test')?.state).toBe('down');
    expect(links.of('other')).toBeUndefined();
    expect(links.next(aTrade())).toBeUndefined();
  });
});
