import { expectTypeOf } from 'expect-type';
import { NEVER, of, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, type Topic } from '../../lib/model/topic.js';
import { shareFeed, type SharedFeed } from '../../lib/share/shareFeed.js';

const makeFeed = (): Observable<FeedEvent> => NEVER;

describe('the type of shareFeed', () => {
  it('makes a desk to watch at', () => {
    expectTypeOf(shareFeed(makeFeed)).toEqualTypeOf<SharedFeed>();
    expectTypeOf(shareFeed(makeFeed, { linger: 5_000 }).watch(quotes('AAPL.US'))).toEqualTypeOf<
      Observable<FeedEvent>
    >();
  });

  it('hands the feed an Observable of topics that cannot be changed', () => {
    expectTypeOf(shareFeed).parameter(0).parameter(0).toEqualTypeOf<Observable<readonly Topic[]>>();
  });

  it('takes only feeds of feed events, and options that exist', () => {
    // @ts-expect-error numbers are no events
    shareFeed(() => of(1));
    // @ts-expect-error there is no such option
    shareFeed(makeFeed, { delay: 5 });
    // @ts-expect-error topics are made with quotes(…) and the like
    expect(() => shareFeed(makeFeed).watch(['AAPL.US'])).toThrow();
  });
});
