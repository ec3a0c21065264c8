import { quotes, topicKey } from '../../lib/model/topic.js';
import type { SymbolData } from '../../lib/model/feedEvent.js';
import { newLane } from '../../lib/session/lane.js';
import { isAligned, newOverlap } from '../../lib/session/overlap.js';
import type { Ready } from '../../lib/session/messages.js';
import type { Track, Tracks } from '../../lib/session/tracks.js';
import { nothingWanted, wanting, type WantedTopics } from '../../lib/session/wanted.js';

/** A successor of a session that serves so many topics, and how many times one of them was looked at. */
const overlapOf = (count: number) => {
  const topics = quotes(Array.from({ length: count }, (_, i) => `S${i}.US`));
  const wanted = { state: wanting(nothingWanted, topics) } as WantedTopics;
  const [serving, successor] = [newLane(wanted), newLane(wanted)];
  for (const topic of topics) {
    serving.served.set(topicKey(topic), topic);
    successor.served.set(topicKey(topic), topic);
  }
  successor.ready = {} as Ready;
  const ready = new Set<string>();
  const looks = { count: 0 };
  const find = (key: string): Track<SymbolData> => {
    looks.count += 1;
    return { place: { isReady: () => ready.has(key), isHeard: () => true } } as unknown as Track<SymbolData>;
  };
  const overlap = newOverlap<SymbolData>(successor);
  const look = (): boolean => isAligned(overlap, serving, { find } as Tracks<SymbolData>);
  return { keys: topics.map(topicKey), ready, looks, look };
};

describe('a successor', () => {
  it('looks at each topic a few times, however many there are, as one after the other is level', () => {
    const looksOf = (count: number): number => {
      const { keys, ready, looks, look } = overlapOf(count);
      for (const key of keys) {
        expect(look()).toBe(false);
        ready.add(key);
      }
      expect(look()).toBe(true);
      return looks.count / count;
    };
    expect(looksOf(2_000)).toBeLessThan(looksOf(200) * 1.5);
  });

  it('waits for a topic that was level and is not any more', () => {
    const { keys, ready, look } = overlapOf(3);
    const [first = '', second = '', last = ''] = keys;
    ready.add(first).add(second);
    expect(look()).toBe(false);
    ready.delete(first);
    ready.add(last);
    expect(look()).toBe(false);
    ready.add(first);
    expect(look()).toBe(true);
  });
});
