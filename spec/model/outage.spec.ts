import * as fc from 'fast-check';
import { flattenError } from '../../lib/model/errorData.js';
import {
  ConnectionLost,
  ConnectTimeout,
  HandshakeRefused,
  HeartbeatMissed,
  InvalidOption,
  KickedRepeatedly,
  type FeedError,
} from '../../lib/model/errors.js';
import {
  defaultKickRules as rules,
  ended,
  instantOf,
  lost,
  newOutage,
  opened,
  pageBack,
  proven,
  type Instant,
  type LostSession,
  type Outage,
  type Retry,
  type RetryPolicy,
} from '../../lib/model/outage.js';

const names = { provider: 'test', feed: 'f' };
const HOUR = 3_600_000;
const policy: RetryPolicy = { backoff: (attempt) => attempt * 100, maxRetryAfter: HOUR };

const cut = new ConnectionLost(1006);
const closed = (code: number) => new ConnectionLost(code);
const outage = (facts: Partial<Outage> = {}): Outage => ({ ...newOutage, ...facts });
const at = (wall: number, steady = wall): Instant => ({ wall, steady });
const loss = (facts: Partial<LostSession> = {}): LostSession => ({
  now: at(50),
  cause: cut,
  lastReceivedAt: at(40),
  isAway: false,
  ...facts,
});
const retried = (before: Outage, facts: Partial<LostSession> = {}, rest: Partial<RetryPolicy> = {}): Retry => {
  const after = lost(before, loss(facts), { ...policy, ...rest }, names);
  if (after instanceof Error) throw after;
  return after;
};

describe('a session that opens', () => {
  it.each<[string, Partial<Outage>, Instant, { readonly from: number; readonly to: number } | undefined]>([
    ['no hole at first', {}, at(7), undefined],
    ['the hole since the last frame', { lastReceivedAt: at(3) }, at(9), { from: 3, to: 9 }],
    [
      'the hole by the wall where the clocks differ a little',
      { lastReceivedAt: at(3, 2.6) },
      at(9),
      { from: 3, to: 9 },
    ],
    ['the hole by the wall where they differ by 49 ms', { lastReceivedAt: at(99, 50) }, at(200), { from: 99, to: 200 }],
    [
      'the hole by the time that passed where it is 50 ms',
      { lastReceivedAt: at(100, 50) },
      at(200),
      { from: 50, to: 200 },
    ],
    ['the hole by the wall up to now', { lastReceivedAt: at(100, 60) }, at(100), { from: 100, to: 100 }],
    [
      'as long a hole though the clock was set back',
      { lastReceivedAt: at(900, 0) },
      at(100, 90),
      { from: 10, to: 100 },
    ],
    ['as long a hole though it was set forward', { lastReceivedAt: at(0) }, at(900, 90), { from: 810, to: 900 }],
    ['no hole of less than nothing', { lastReceivedAt: at(9) }, at(8), { from: 8, to: 8 }],
  ])('tells %s', (_, facts, now, resumed) => {
    const [next, event] = opened(outage({ attempt: 3, failures: 2, ...facts }), now, names);
    expect(event).toEqual({ kind: 'connected', ...names, receivedAt: now.wall, attempt: 3, resumed });
    expect(next).toMatchObject({ openedAt: now.steady, attempt: 3, failures: 2 });
  });

  it('ends the outage for the remedies, but for nothing else', () => {
    const before = outage({ attempt: 3, failures: 2, step: 1, kicks: 2, remedies: ['check the host'] });
    expect(opened(before, at(7), names)[0]).toEqual({ ...before, openedAt: 7, remedies: [] });
  });
});

describe('a session that is proven', () => {
  it('forgets the failures and keeps the kicks', () => {
    const before = outage({ attempt: 3, failures: 2, step: 2, kicks: 2, openedAt: 7 });
    expect(proven(before)).toEqual({ ...before, attempt: 0, failures: 0, step: 0 });
  });
});

describe('an attempt that ends', () => {
  it.each<[string, Partial<Outage>, Partial<Outage>]>([
    ['is a failure', {}, { attempt: 2, failures: 1 }],
    ['is one more', { attempt: 3, failures: 2, step: 2 }, { attempt: 4, failures: 3, step: 2 }],
    ['is the first again after data', { attempt: 0 }, { attempt: 1, failures: 1 }],
    ['ends its session', { openedAt: 30 }, { attempt: 2, failures: 1, lastReceivedAt: at(40) }],
    [
      'keeps what was received before without a session',
      { lastReceivedAt: at(9) },
      { attempt: 2, failures: 1, lastReceivedAt: at(9) },
    ],
  ])('%s', (_, before, after) => {
    expect(ended(outage(before), { now: at(50), lastReceivedAt: at(40) })).toEqual(outage(after));
  });

  it('is the first again after 30 s of life, and not a millisecond before', () => {
    const before = outage({ attempt: 3, failures: 2, step: 2, kicks: 1, openedAt: 7 });
    const after = (life: number): Outage => ended(before, { now: instantOf(7 + life), lastReceivedAt: at(40) });
    expect(after(29_999)).toMatchObject({ attempt: 4, failures: 3, step: 2, kicks: 1 });
    expect(after(30_000)).toMatchObject({ attempt: 1, failures: 1, step: 0, kicks: 1 });
  });
});

describe('a loss', () => {
  it('says its cause, its number and when the next attempt is', () => {
    const {
      outage: next,
      event,
      wait,
      notBefore,
    } = retried(outage({ attempt: 3, failures: 2, step: 2, openedAt: 30 }));
    expect(event).toEqual({
      kind: 'disconnected',
      ...names,
      receivedAt: 50,
      cause: flattenError(cut),
      attempt: 3,
      retryAt: 350,
    });
    expect([wait, notBefore]).toEqual([300, 50]);
    expect(next).toEqual(outage({ attempt: 4, failures: 3, step: 3, lastReceivedAt: at(40) }));
  });

  it.each<
    [string, Partial<Outage>, Partial<LostSession>, Partial<RetryPolicy>, readonly [wait: number, notBefore: number]]
  >([
    ['what the backoff says', { step: 4 }, {}, {}, [500, 50]],
    ['what it says of the cause', {}, {}, { backoff: (_, cause) => cause.message.length }, [cut.message.length, 50]],
    ['whole milliseconds', {}, {}, { backoff: () => 0.1 }, [1, 50]],
    ['nothing', {}, {}, { backoff: () => 0 }, [0, 50]],
    ['longer than a timer can', {}, {}, { backoff: () => 1e12 }, [1e12, 50]],
    ['as long as the vendor asks for', {}, { cause: new HandshakeRefused(429, 700) }, {}, [700, 750]],
    ['longer, as the backoff says', {}, { cause: new HandshakeRefused(429, 7) }, {}, [100, 57]],
    ['no longer than the vendor may ask for', {}, { cause: new HandshakeRefused(503, 1e12) }, {}, [HOUR, 50 + HOUR]],
    [
      'what the backoff says of a refusal that asks for nothing',
      {},
      { cause: new HandshakeRefused(503) },
      {},
      [100, 50],
    ],
    ['30 s for a page', {}, { isAway: true }, {}, [30_000, 50]],
    ['longer for a page, as the backoff says', {}, { isAway: true }, { backoff: () => 40_000 }, [40_000, 50]],
    ['the first time again after 30 s of life', { step: 4, openedAt: 0 }, { now: at(30_000) }, {}, [100, 30_000]],
  ])('waits for %s', (_, before, facts, rest, [wait, notBefore]) => {
    expect(retried(outage(before), facts, rest)).toMatchObject({ wait, notBefore });
  });

  it.each([NaN, -1, Infinity, undefined, 'soon'])('is final when the backoff returns %p', (wait) => {
    const after = lost(newOutage, loss(), { ...policy, backoff: () => wait as number }, names);
    expect(after).toEqual(new InvalidOption('backoff', wait, 'it returns a number of milliseconds, 0 or more'));
  });

  it('is final when the backoff throws', () => {
    const backoff = (): number => {
      throw cut;
    };
    expect(() => lost(newOutage, loss(), { ...policy, backoff }, names)).toThrow(cut);
  });

  it('does not lengthen the wait where the page is away, and the page that is back begins anew', () => {
    expect(retried(outage({ step: 2 }), { isAway: true }).outage).toMatchObject({ failures: 1, step: 2 });
    const before = outage({ attempt: 3, failures: 2, step: 2, kicks: 1 });
    expect(pageBack(before)).toEqual({ ...before, step: 0 });
  });

  it('gives a remedy once', () => {
    const remedied = new ConnectionLost(1006, 'no host at all', 'check the host');
    const first = retried(newOutage, { cause: remedied });
    expect(first.event.cause).toEqual(flattenError(remedied));
    expect(first.outage.remedies).toEqual(['check the host']);
    const second = retried(first.outage, { cause: remedied });
    expect(second.event.cause).toEqual(flattenError(new ConnectionLost(1006, 'no host at all')));
    expect(second.outage.remedies).toEqual(['check the host']);
  });
});

describe('a cause without a remedy', () => {
  it.each([cut, closed(1000), new HeartbeatMissed(5_000), new HandshakeRefused(503)])(
    'is said as it is, and is no remedy that was given: %p',
    (cause) => {
      const before = outage({ remedies: ['check the host'] });
      const { event, outage: after } = retried(before, { cause });
      expect(event.cause).toEqual(flattenError(cause));
      expect(after.remedies).toStrictEqual(['check the host']);
    },
  );
});

describe('a kick', () => {
  const kicksAfter = (cause: FeedError, life: number, within = rules.within): number =>
    retried(outage({ kicks: 2, openedAt: 0 }), { cause, now: at(life) }, { kicks: { within, limit: 9 } }).outage.kicks;

  it.each([1000, 1008, 4000, 4999])('is a close with %p soon after login', (code) => {
    expect([0, 1, 9_999].map((life) => kicksAfter(closed(code), life))).toEqual([3, 3, 3]);
  });

  it.each([1001, 1006, 1009, 1011, 3999, 5000])('is no close with %p, nor does that forget the others', (code) => {
    expect(kicksAfter(closed(code), 0)).toBe(2);
  });

  it('is not silence', () => {
    expect(kicksAfter(new HeartbeatMissed(5_000), 0)).toBe(2);
  });

  it('is no close after the first 10 s', () => {
    expect(kicksAfter(closed(1000), 10_000)).toBe(2);
  });

  it('counts anew after a session of 30 s', () => {
    expect([29_999, 30_000].map((life) => kicksAfter(closed(1000), life))).toEqual([2, 0]);
    expect(kicksAfter(closed(1000), 30_000, 60_000)).toBe(1);
  });

  it('is none without a session, and the fourth in a row is final', () => {
    const kicked = (openedAt: number | undefined) =>
      lost(outage({ kicks: 3, openedAt }), loss({ cause: closed(1000) }), { ...policy, kicks: rules }, names);
    expect(kicked(undefined)).toMatchObject({ outage: { kicks: 3 } });
    expect(kicked(0)).toEqual(new KickedRepeatedly(4));
  });

  it('is none without a session, however few of them are final', () => {
    expect(retried(newOutage, { cause: closed(1000) }, { kicks: { within: 10_000, limit: 0 } }).wait).toBe(100);
  });

  it('is none where closes mean none', () => {
    expect(retried(outage({ openedAt: 0 }), { cause: closed(1000) }).outage.kicks).toBe(0);
  });
});

/** What happens to a feed, in the order in which it can. Times are of the steady clock; the wall may be set meanwhile. */
type Step =
  | { readonly kind: 'opens' }
  | { readonly kind: 'data' }
  | { readonly kind: 'lost'; readonly cause: FeedError; readonly isAway: boolean; readonly silence: number }
  | { readonly kind: 'back' }
  | { readonly kind: 'passes'; readonly by: number }
  | { readonly kind: 'set'; readonly by: number };

const causeOf = fc.oneof(
  fc.constantFrom(1000, 1006, 1008, 4001).map((code) => closed(code)),
  fc.constantFrom('check the host', 'check the port').map((remedy) => new ConnectionLost(1006, 'no way', remedy)),
  fc.constantFrom(undefined, 5, 700, 1e9).map((retryAfter) => new HandshakeRefused(503, retryAfter)),
  fc.constantFrom(new HeartbeatMissed(5), new ConnectTimeout(9)),
);
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'opens' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'data' }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('lost' as const),
      cause: causeOf,
      isAway: fc.constantFrom(false, false, true),
      silence: fc.nat(40_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'back' }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('passes' as const), by: fc.constantFrom(0, 1, 9_999, 29_999, 30_000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set' as const), by: fc.constantFrom(-HOUR, -40, 40, HOUR) }) },
);

/** What the reducer makes of it, until it ends. */
const byReducer = (steps: readonly Step[], rest: RetryPolicy): readonly unknown[] => {
  let state = newOutage;
  return told(steps, (step, now) => {
    switch (step.kind) {
      case 'opens': {
        const [next, event] = opened(state, now, names);
        state = next;
        return event;
      }
      case 'data':
        state = proven(state);
        return undefined;
      case 'back':
        state = pageBack(state);
        return undefined;
      case 'lost': {
        const after = lost(state, { ...step, now, lastReceivedAt: lastReceived(step.silence, now) }, rest, names);
        if (after instanceof Error) return after;
        state = after.outage;
        return [after.event, after.wait, after.notBefore];
      }
    }
  });
};

/** The same with a variable for each fact, as it was before there was a reducer. */
const byHand = (
  steps: readonly Step[],
  { backoff, maxRetryAfter = HOUR, kicks: war }: RetryPolicy,
): readonly unknown[] => {
  let attempt = 1;
  let failures = 0;
  let counted = 0;
  let kicks = 0;
  let since: number | undefined;
  let lastHeard: Instant | undefined;
  const given = new Set<string>();
  const settle = (): void => {
    attempt = failures = counted = 0;
  };
  return told(steps, (step, now) => {
    if (step.kind === 'data') settle();
    if (step.kind === 'back') counted = 0;
    if (step.kind === 'opens') {
      since = now.steady;
      given.clear();
      let resumed: { from: number; to: number } | undefined;
      if (lastHeard) {
        const from = now.wall - (now.steady - lastHeard.steady);
        const isSame = Math.abs(from - lastHeard.wall) < 50 && lastHeard.wall <= now.wall;
        resumed = { from: isSame ? lastHeard.wall : Math.min(now.wall, Math.round(from)), to: now.wall };
      }
      return { kind: 'connected', ...names, receivedAt: now.wall, attempt, resumed };
    }
    if (step.kind !== 'lost') return undefined;
    let { cause } = step;
    if (since !== undefined) {
      const life = now.steady - since;
      if (life >= 30_000) settle();
      if (war) {
        if (life >= 30_000) kicks = 0;
        const isDeliberate =
          cause instanceof ConnectionLost && (cause.code % 1000 === 0 || [1008, 4001].includes(cause.code));
        if (life < war.within && isDeliberate) kicks += 1;
        if (kicks >= war.limit) return new KickedRepeatedly(kicks);
      }
      lastHeard = lastReceived(step.silence, now);
      since = undefined;
    }
    failures += 1;
    if (!step.isAway) counted += 1;
    const floor = cause instanceof HandshakeRefused ? Math.min(maxRetryAfter, cause.retryAfter ?? 0) : 0;
    let wait = Math.ceil(Math.max(backoff(Math.max(1, counted), cause), floor));
    if (step.isAway) wait = Math.max(wait, 30_000);
    if (cause instanceof ConnectionLost && cause.remedy !== undefined) {
      const { code, reason, remedy } = cause;
      if (given.has(remedy)) cause = new ConnectionLost(code, reason);
      given.add(remedy);
    }
    const facts = { receivedAt: now.wall, cause: flattenError(cause), attempt: failures, retryAt: now.wall + wait };
    attempt += 1;
    return [{ kind: 'disconnected', ...names, ...facts }, wait, now.steady + floor];
  });
};

const lastReceived = (silence: number, { wall, steady }: Instant): Instant => at(wall - silence, steady - silence);

/** All that is said on the way, up to an error. */
const told = (
  steps: readonly Step[],
  take: (step: Exclude<Step, { readonly kind: 'passes' | 'set' }>, now: Instant) => unknown,
): readonly unknown[] => {
  const said: unknown[] = [];
  let now = at(1_700_000_000_000, 1_000_000);
  for (const step of steps) {
    if (step.kind === 'passes') now = at(now.wall + step.by, now.steady + step.by);
    else if (step.kind === 'set') now = at(now.wall + step.by, now.steady);
    else said.push(take(step, now));
    if (said.at(-1) instanceof Error) return said;
  }
  return said;
};

describe('the outages of a feed', () => {
  it('are those that a variable for each fact would tell', () => {
    const backoffs: readonly RetryPolicy['backoff'][] = [(attempt) => attempt * 400, (attempt) => 60_000 / attempt];
    fc.assert(
      fc.property(
        fc.array(stepOf, { maxLength: 60 }),
        fc.constantFrom(...backoffs),
        fc.constantFrom(undefined, rules, { within: 60_000, limit: 2 }),
        (steps, backoff, kicks) => {
          const rest = { backoff, maxRetryAfter: HOUR, kicks };
          expect(byReducer(steps, rest)).toEqual(byHand(steps, rest));
        },
      ),
    );
  });
});
