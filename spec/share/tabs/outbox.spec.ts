import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { outbox } from '../../../lib/share/tabs/channel.js';
import { aTrade } from '../../../lib/testing/builders.js';

const posting = () => {
  const posted: number[] = [];
  return { posted, ...outbox((events: readonly FeedEvent[]) => posted.push(events.length)) };
};

describe('outbox', () => {
  it('posts what comes in one turn together, and nothing when nothing came', async () => {
    const { posted, add, flush } = posting();
    add(aTrade());
    add(aTrade());
    expect(posted).toEqual([]);
    await Promise.resolve();
    flush();
    expect(posted).toEqual([2]);
    add(aTrade());
    await Promise.resolve();
    expect(posted).toEqual([2, 1]);
  });

  it('posts at once what is flushed, and not again', async () => {
    const { posted, add, flush } = posting();
    add(aTrade());
    flush();
    await Promise.resolve();
    expect(posted).toEqual([1]);
  });

  it('keeps no more than 1,000', () => {
    const { posted, add } = posting();
    for (let i = 0; i < 2_500; i++) add(aTrade());
    expect(posted).toEqual([1_000, 1_000]);
  });

  it('posts nothing that was dropped', async () => {
    const { posted, add, drop } = posting();
    add(aTrade());
    expect(drop().length).toBe(1);
    await Promise.resolve();
    expect(posted).toEqual([]);
  });
});
