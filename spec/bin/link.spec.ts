import { linkAfter, linkCounted, linkLine, newLink } from '../../lib/bin/link.js';
import { ConnectionLost, flattenError, quotes, type FeedEvent } from '../../lib/index.js';
import { aQuote } from '../../lib/testing/index.js';

const base = { provider: 'itick', receivedAt: 0 } as const;
const connected: FeedEvent = { ...base, kind: 'connected', attempt: 1, resumed: undefined };
const again: FeedEvent = { ...connected, attempt: 3, resumed: { from: 0, to: 5 } };
const gone: FeedEvent = { ...base, kind: 'disconnected', cause: new ConnectionLost(1006), attempt: 2, retryAt: 900 };
const after = (...events: FeedEvent[]) => events.reduce(linkAfter, newLink(0));

describe('link', () => {
  it('is connecting, live, down, and live again', () => {
    expect(after().state).toBe('connecting');
    expect(after(connected)).toMatchObject({ state: 'live', reconnects: 0 });
    expect(after(connected, gone)).toMatchObject({
      state: 'down',
      attempt: 2,
      retryAt: 900,
      cause: 'the connection was lost (close code 1006)',
    });
    expect(after(connected, gone, again)).toMatchObject({ state: 'live', reconnects: 1, attempt: 0 });
  });

  it('counts refusals, at least one each, and what could not be decoded', () => {
    const refused: FeedEvent = { ...base, kind: 'refused', topics: quotes('A.US', 'B.US'), reason: 'no' };
    const vague: FeedEvent = { ...refused, topics: [] };
    const junk: FeedEvent = { ...base, kind: 'undecodable', frame: '', problems: [] };
    expect(after(refused, vague, junk)).toMatchObject({ refused: 3, undecodable: 1 });
  });

  it('says which line serves, and counts switches and losses of what stands by', () => {
    const cause = flattenError(new ConnectionLost(1006));
    const away = {
      ...base,
      kind: 'switched',
      feed: 'tickflow',
      symbols: 'all',
      from: 'primary',
      to: 'secondary',
      cause,
    } as const;
    const back: FeedEvent = { ...away, feed: 'itick:stock', from: 'secondary', to: 'primary' };
    const one: FeedEvent = { ...away, symbols: ['A.US'] };
    const lost: FeedEvent = { ...base, kind: 'standbyLost', cause };
    const shown = (...events: FeedEvent[]) =>
      linkLine('itick:stock', after(...events), 0)
        .map(({ text }) => text)
        .join('');
    expect(shown(connected, away)).toBe('itick:stock  tickflow serves  0 events/s, 0 reconnects, 1 switch');
    expect(shown(connected, gone, away)).toContain('tickflow serves');
    expect(shown(connected, one)).toContain('itick:stock  live  ');
    expect(shown(connected, away, back, lost)).toBe(
      'itick:stock  live  0 events/s, 0 reconnects, standby lost 1 time, 2 switches',
    );
  });

  it('keeps the last round trip', () => {
    expect(after({ ...base, kind: 'latency', roundTrip: 3 }).roundTrip).toBe(3);
  });

  it('counts market events only, and their rate between two counts', () => {
    const three = after(connected, aQuote(), aQuote(), aQuote());
    expect(three.events).toBe(3);
    const once = linkCounted(three, 1_500);
    expect(once.rate).toBe(2);
    expect(linkCounted(once, 1_500)).toBe(once);
    expect(linkCounted(once, 2_000).rate).toBe(0);
  });
});
