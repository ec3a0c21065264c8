import { quotes } from '../../lib/model/topic.js';
import { numbers } from '../../lib/nats/numbers.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { connected, disconnected } from './events.js';

const subscribed: FeedEvent = {
  kind: 'subscribed',
  provider: 'itick',
  feed: 'itick:stock',
  receivedAt: 1,
  topics: quotes('AAPL.US'),
};
const link = (seq: number, ...events: readonly FeedEvent[]) =>
  ({ kind: 'link', epoch: 1, seq, batch: { events, size: events.length, problems: [] } }) as const;

describe('the numbers of the link', () => {
  it('leave out what a state has said', () => {
    const known = numbers();
    known.begin(2, 0);
    expect(known.link(link(3, connected(1), subscribed, disconnected(2)))).toEqual([disconnected(2)]);
  });

  it('leave out nothing of links where only the topics of a state were told, as when a topic is added', () => {
    const known = numbers();
    known.begin(1, 1);
    known.resume(3, undefined);
    expect(known.link(link(2, disconnected(2)))).toEqual([disconnected(2)]);
    expect(known.link(link(3, subscribed))).toEqual([]);
    expect(known.link(link(4, connected(3)))).toEqual([connected(3)]);
  });

  it('count what a state shows to be lost, and leave that out', () => {
    const known = numbers();
    known.begin(1, 1);
    expect(known.resume(4, 3)).toBe(2);
    expect(known.link(link(4, disconnected(2)))).toEqual([]);
  });
});
