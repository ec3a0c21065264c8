import { ladderAfter, ladderCounted, ladderShowing, newLadder, type BookLadder } from '../../lib/bin/views/book.js';
import { quotes, type ConsolidatedBook, type FeedEvent } from '../../lib/index.js';
import { aDepth } from '../../lib/testing/index.js';

const sources = [
  { name: 'itick:stock', vendor: 'itick' },
  { name: 'tickflow', vendor: 'tickflow' },
] as const;
const heard = (...events: readonly FeedEvent[]): BookLadder =>
  events.reduce((ladder, event) => ladderAfter(ladder, { source: 'tickflow', event }), newLadder(sources, 0));
const level = (price: number) => ({ price, size: 1, sources: [] });
const book = (bids: readonly number[], asks: readonly number[]): ConsolidatedBook => ({
  symbol: '600000.SH',
  bids: bids.map(level),
  asks: asks.map(level),
  sources: ['tickflow'],
  locked: false,
  crossed: false,
  time: 0,
  receivedAt: 0,
});

describe('a ladder', () => {
  it('knows the link of each source', () => {
    const { parts } = heard({ kind: 'connected', provider: 'tickflow', receivedAt: 0, attempt: 1, resumed: undefined });
    expect(parts).toMatchObject([
      { name: 'itick:stock', provider: 'itick', link: { state: 'connecting' } },
      { name: 'tickflow', provider: 'tickflow', link: { state: 'live' } },
    ]);
  });

  it('knows why a source has nothing', () => {
    const topics = quotes('600000.SH');
    const { parts } = heard({ kind: 'refused', provider: 'tickflow', receivedAt: 0, topics, reason: 'no such symbol' });
    expect(parts.map(({ refusal }) => refusal)).toEqual([undefined, 'no such symbol']);
  });

  it('knows which source counts in lots, once it has said so', () => {
    expect(heard(aDepth()).parts.map(({ lots }) => lots)).toEqual([false, false]);
    expect(heard(aDepth({ sizeUnit: 'lots' }), aDepth()).parts.map(({ lots }) => lots)).toEqual([false, true]);
  });

  it('counts the rate of each link', () => {
    const { parts } = ladderCounted(heard(aDepth(), aDepth()), 1_000);
    expect(parts.map(({ link }) => link.rate)).toEqual([0, 2]);
  });

  it('remembers how deep a side was and how exact a price', () => {
    const ladder = [book([9.5, 9.25], [10]), book([9], [])].reduce(ladderShowing, newLadder(sources, 0));
    expect(ladder).toMatchObject({ deepest: 2, decimals: 2, book: { bids: [{ price: 9 }] } });
  });
});
