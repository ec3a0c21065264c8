import { meter } from '../../lib/bin/commands/record.js';
import { ConnectionLost, quotes, type FeedEvent } from '../../lib/index.js';
import { aQuote } from '../../lib/testing/index.js';

const link = { provider: 'itick', receivedAt: 0 } as const;
const connected: FeedEvent = { ...link, kind: 'connected', attempt: 1, resumed: undefined };
const lost: FeedEvent = { ...link, kind: 'disconnected', cause: new ConnectionLost(1006), attempt: 1, retryAt: 500 };
const refused: FeedEvent = { ...link, kind: 'refused', topics: quotes('A.US', 'B.US'), reason: 'no' };
const undecodable: FeedEvent = { ...link, kind: 'undecodable', frame: '?', problems: [] };

const heard = (...events: readonly FeedEvent[]) => {
  const one = meter([{ name: 'itick:stock' }, { name: 'tickflow' }], 0);
  events.forEach((event) => one.accept({ source: 'itick:stock', event }));
  return one;
};

describe('meter', () => {
  it('says how far it is and what there was in all', () => {
    const { line, sum } = heard(connected, aQuote(), aQuote());
    expect(line(12_345, { bytes: 12_345, lost: 0 })).toBe('00:12  2 events  12 kB  1 of 2 live  no gaps');
    expect(sum(3_723_000, { bytes: 999, lost: 0 })).toBe('2 events in 1:02:03, 999 B, no gaps');
  });

  it('counts a gap once for each link that was live and is lost', () => {
    const { sum } = heard(lost, connected, lost, lost, connected, aQuote());
    expect(sum(0, { bytes: 0, lost: 0 })).toBe('1 event in 00:00, 0 B, 1 gap');
  });

  it('names what went wrong', () => {
    const { sum } = heard(connected, refused, undecodable);
    expect(sum(0, { bytes: 0, lost: 1 })).toBe(
      'no events in 00:00, 0 B, no gaps, 2 refused, 1 undecodable, 1 frame lost',
    );
    expect(sum(0, { bytes: 0, lost: 2 })).toMatch(/2 frames lost$/);
  });

  it('does not know strangers', () => {
    const { accept, sum } = heard();
    accept({ source: 'other', event: aQuote() });
    expect(sum(0, { bytes: 0, lost: 0 })).toMatch(/^no events /);
  });
});
