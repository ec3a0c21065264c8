import { flattenError } from '../../lib/model/errorData.js';
import { HeartbeatMissed } from '../../lib/model/errors.js';
import type { Connected, FeedEvent } from '../../lib/model/feedEvent.js';
import { twoLinks } from '../../lib/gateway/twoLinks.js';
import { connected } from './stage.js';

const names = { provider: 'gateway', feed: 'gateway' };
const lost = (): FeedEvent & { readonly kind: 'disconnected' } => {
  const now = Date.now();
  const cause = flattenError(new HeartbeatMissed(3_000));
  return { kind: 'disconnected', ...names, receivedAt: now, cause, attempt: 1, retryAt: now };
};
const found = (): Connected => ({
  kind: 'connected',
  ...names,
  receivedAt: Date.now(),
  attempt: 2,
  resumed: undefined,
});

/** The hole of a client whose gateway said these times before and after it. */
const holeOf = (before: number, after: number): Connected['resumed'] => {
  const link = twoLinks();
  link.beat(before);
  link.told(connected(before));
  // Something is heard until now, but it says nothing of what was still on its way.
  link.heard(Date.now());
  link.own(lost());
  link.own(found());
  link.beat(after);
  const [back] = link.told(connected(before));
  return back?.kind === 'connected' ? back.resumed : undefined;
};

describe('the hole of a client of a gateway', () => {
  it('begins when the gateway had said all, not when the client last heard something', () => {
    const now = Date.now();
    expect(holeOf(now - 700, now)).toMatchObject({ from: now - 700 });
  });

  it('ends when the gateway begins again, by its clock, also where that is a little ahead', () => {
    const now = Date.now() + 450;
    const { from, to } = holeOf(now - 100, now) ?? {};
    expect(from).toBeLessThanOrEqual(now - 100);
    expect(to).toBe(now);
  });
});
