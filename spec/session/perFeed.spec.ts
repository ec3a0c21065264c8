import { EMPTY } from 'rxjs';
import { quotes } from '../../lib/model/topic.js';
import { perFeed } from '../../lib/session/perFeed.js';
import { whileWanted, type WantedTopics } from '../../lib/session/wanted.js';

/** What one subscription of a feed wants. */
const aFeed = (): WantedTopics => {
  const wanted: WantedTopics[] = [];
  whileWanted(quotes('AAPL.US'), (some) => (wanted.push(some), EMPTY)).subscribe();
  if (!wanted[0]) throw new Error('nothing is wanted');
  return wanted[0];
};

describe('perFeed', () => {
  it('makes a memory for each feed, of what the feed wants, and keeps it across sessions', () => {
    const made: WantedTopics[] = [];
    const memoryOf = perFeed((wanted) => ({ number: made.push(wanted) }));
    const [one, other] = [aFeed(), aFeed()];
    const [first, second] = [memoryOf(one), memoryOf(other)];
    expect([first, second]).toEqual([{ number: 1 }, { number: 2 }]);
    expect([memoryOf(one), memoryOf(other)]).toEqual([first, second]);
    expect(made).toEqual([one, other]);
  });
});
