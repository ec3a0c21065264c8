import { expectTypeOf } from 'expect-type';
import { NEVER, type Observable } from 'rxjs';
import { shareAcrossTabs, type FeedEvent, type SharedFeed, type TabChannel, type TabLocks } from '../../lib/index.js';

const makeFeed = (): Observable<FeedEvent> => NEVER;

describe('the type of shareAcrossTabs', () => {
  it('makes a desk like that of shareFeed, by a name', () => {
    expectTypeOf(shareAcrossTabs(makeFeed, { name: 'a', linger: 5 })).toEqualTypeOf<SharedFeed>();
    // @ts-expect-error the tabs could not find each other
    expect(() => shareAcrossTabs(makeFeed, {})).toThrow('name');
  });

  it('takes what browsers have', () => {
    expectTypeOf<LockManager>().toExtend<TabLocks>();
    expectTypeOf<BroadcastChannel>().toExtend<TabChannel>();
  });
});
