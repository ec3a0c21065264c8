import { Subject } from 'rxjs';
import { flattenError } from '../../../lib/model/errorData.js';
import { ConnectionLost } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { bridged, type Handover } from '../../../lib/share/tabs/handover.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected, disconnected } from '../linkEvents.js';

const cause = new ConnectionLost(1001, 'the leading tab closed');
const values: Record<string, FeedEvent | Handover> = {
  c: connected,
  a: aTrade({ receivedAt: 3 }),
  b: aTrade({ receivedAt: 9 }),
  x: { ...disconnected, receivedAt: 5 },
  h: { kind: 'handover', cause },
};
const gap = (at: number) => ({ ...disconnected, cause: flattenError(cause), receivedAt: at, retryAt: at });
const back = (from: number, to: number) => ({ ...connected, receivedAt: to, resumed: { from, to } });

describe('bridged', () => {
  it(
    'makes a handover on a live link a gap from what was last heard',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-c-a--h-c-b-|', values);
      const expected = '   -c-a--g-C-b-|';
      expectObservable(source.pipe(bridged())).toBe(expected, { ...values, g: gap(6), C: back(3, 8) });
    }),
  );

  it(
    'begins the hole where the leader received the last event, however late that reached this tab',
    marbles(({ cold, expectObservable }) => {
      const old = { ...values, a: aTrade({ receivedAt: 3 }) };
      const source = cold('-c 499ms a--h-c-', old);
      const expected = '   -c 499ms a--g-C-';
      expectObservable(source.pipe(bridged())).toBe(expected, { ...old, g: gap(504), C: back(3, 506) });
    }),
  );

  it(
    'says nothing of a handover before there was a link',
    marbles(({ cold, expectObservable }) => {
      const source = cold('h-c-a-', values);
      const expected = '   --c-a-';
      expectObservable(source.pipe(bridged())).toBe(expected, values);
    }),
  );

  it(
    'makes an outage and the handovers in it one hole',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-c-a-x-h-x-h-c', values);
      const expected = '   -c-a-x---x---C';
      expectObservable(source.pipe(bridged())).toBe(expected, { ...values, C: back(3, 13) });
    }),
  );

  it(
    'leaves an outage alone that is the leader’s own, also after a handover',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-c-a-h-c-b-x-c-', values);
      const expected = '   -c-a-g-C-b-x-c-';
      expectObservable(source.pipe(bridged())).toBe(expected, { ...values, g: gap(5), C: back(3, 7) });
    }),
  );

  it(
    'remembers nothing from one subscription to the next, and passes on errors',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('c-a-#', values, cause);
      const first = '      ^--!     ';
      const expected = '   c-a      ';
      const second = '     -----^---';
      const again = '      -----c-a-#';
      const feed$ = source.pipe(bridged());
      expectObservable(feed$, first).toBe(expected, values);
      expectObservable(feed$, second).toBe(again, values, cause);
      expectSubscriptions(source.subscriptions).toBe(['^--!', '-----^---!']);
    }),
  );

  it.each([
    ['in the pause', 0, -3_600_000],
    ['30 days in the pause', 0, -30 * 86_400_000],
    ['before the last event', -3_600_000, 0],
    ['back and forward again', -3_600_000, 3_600_000],
  ])('says a hole as long as it was, though the clock is set back: %s', (_, first, second) => {
    jest.useFakeTimers({ now: 1_767_364_200_000 });
    try {
      const events$ = new Subject<FeedEvent | Handover>();
      const heard: FeedEvent[] = [];
      const subscription = events$.pipe(bridged()).subscribe((event) => heard.push(event));
      const say = (event: FeedEvent): void => events$.next({ ...event, receivedAt: Date.now() });
      say(connected);
      jest.advanceTimersByTime(10_000);
      say(aTrade());
      jest.advanceTimersByTime(10_000);
      jest.setSystemTime(Date.now() + first);
      say(aTrade());
      jest.advanceTimersByTime(1_000);
      jest.setSystemTime(Date.now() + second);
      jest.advanceTimersByTime(1_000);
      events$.next({ kind: 'handover', cause });
      jest.advanceTimersByTime(3_000);
      say(connected);
      const now = Date.now();
      expect(heard.at(-1)).toMatchObject({ kind: 'connected', resumed: { from: now - 5_000, to: now } });
      subscription.unsubscribe();
    } finally {
      jest.useRealTimers();
    }
  });
});
