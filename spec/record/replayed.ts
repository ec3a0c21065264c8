import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { replay, type Cassette, type RecordableFeed, type ReplayOptions } from '../../lib/record/index.js';

/** All that a feed emits when it is replayed in virtual time, to its end. */
export const replayed = (
  flush: () => void,
  cassette: Cassette,
  feed: RecordableFeed<FeedEvent>,
  options: ReplayOptions,
): readonly FeedEvent[] => {
  const heard: FeedEvent[] = [];
  const ended: unknown[] = [];
  replay(cassette, feed, options).subscribe({
    next: (event) => heard.push(event),
    error: (error: unknown) => ended.push(error),
    complete: () => ended.push('complete'),
  });
  flush();
  expect(ended).toEqual(['complete']);
  return heard;
};
