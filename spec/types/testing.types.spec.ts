import '../testing/marketMatchers.js';
import { expectTypeOf } from 'expect-type';
import { NEVER, type Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import {
  aTrade,
  assertEmitsEvents,
  fakeNetwork,
  marbles,
  type DrawFeed,
  type MarbleVendor,
  type MarketHelpers,
} from '../../lib/testing/index.js';
import { itick } from '../../lib/providers/itick/index.js';
import { quotes } from '../../lib/model/topic.js';

interface Signal {
  readonly side: 'buy' | 'sell';
}

const signals$: Observable<Signal> = NEVER;

describe('the types of rxtape/testing', () => {
  it(
    'flow from the helpers of a test',
    marbles(({ feed, hotFeed, server }) => {
      expectTypeOf(feed).toEqualTypeOf<DrawFeed>();
      expectTypeOf(feed('-t', { t: aTrade() })).toExtend<Observable<FeedEvent>>();
      expectTypeOf(hotFeed('-k', { k: { kind: 'kline', close: 3 } })).toExtend<Observable<FeedEvent>>();
      const vendor = server('itick', { token: 'demo', echoToken: true });
      expectTypeOf(vendor).toEqualTypeOf<MarbleVendor>();
      vendor.says('tj', { t: aTrade(), j: '{"junk', m: ({ mute }) => mute() });
      itick({ token: 'demo', market: 'stock', topics: quotes('AAPL.US'), openSocket: vendor.openSocket });
      // @ts-expect-error TickFlow's key is called apiKey
      server('tickflow', { token: 'demo' });
      // @ts-expect-error there is no such kind of event
      expectTypeOf(() => feed('-z', { z: { kind: 'tick' } })).toBeFunction();
    }),
  );

  it('take a body written for the helpers of RxJS', () => {
    expectTypeOf<MarketHelpers>().toExtend<RunHelpers>();
    expectTypeOf(fakeNetwork).returns.toHaveProperty('openSocket');
  });

  it('tell the matchers what is emitted', () => {
    const some: readonly Signal[] = [{ side: 'buy' }];
    expect(some).toEmitEvents([{ side: 'buy' }]);
    assertEmitsEvents(some, [{ side: 'buy' }]);
    assertEmitsEvents(signals$, '', { b: { side: 'buy' } });
    // @ts-expect-error a signal has no such side
    expectTypeOf(() => assertEmitsEvents(some, [{ side: 'hold' }])).toBeFunction();
    // @ts-expect-error a signal has no such side
    expectTypeOf(() => expect(signals$).toEmitEvents('-s', { s: { side: 'hold' } })).toBeFunction();
    // @ts-expect-error a bar has no such field
    expectTypeOf(() => expect([]).toEqualKlines([{ last: 3 }])).toBeFunction();
    // @ts-expect-error no error has such a tag
    expectTypeOf(() => expect([]).toHaveGap({ cause: { _tag: 'Bored' } })).toBeFunction();
  });
});
