import fc from 'fast-check';
import {
  ladderAfter,
  ladderShowing,
  newLadder,
  renderLadder,
  type BookLadder,
  type LadderFrame,
} from '../../lib/bin/views/book.js';
import {
  ConnectionLost,
  quotes,
  type ConsolidatedBook,
  type ConsolidatedLevel,
  type FeedEvent,
} from '../../lib/index.js';
import { aDepth } from '../../lib/testing/index.js';

const sources = [
  { name: 'itick:stock', vendor: 'itick' },
  { name: 'tickflow', vendor: 'tickflow' },
] as const;
const at = (price: number, itick: number, tickflow?: number): ConsolidatedLevel => ({
  price,
  size: itick + (tickflow ?? 0),
  sources: [
    { provider: 'itick', size: itick },
    ...(tickflow === undefined ? [] : [{ provider: 'tickflow', size: tickflow }]),
  ],
});
const book: ConsolidatedBook = {
  symbol: '600000.SH',
  bids: [at(9.79, 300, 500), at(9.78, 100)],
  asks: [at(9.81, 1_000, 200), at(9.82, 400)],
  sources: ['itick', 'tickflow'],
  locked: false,
  crossed: false,
  time: 0,
  receivedAt: 0,
};
const connected = (provider: string): FeedEvent => ({
  kind: 'connected',
  provider,
  receivedAt: 0,
  attempt: 1,
  resumed: undefined,
});
const live: BookLadder = sources.reduce(
  (ladder, { name, vendor }) => ladderAfter(ladder, { source: name, event: connected(vendor) }),
  newLadder(sources, 0),
);
const showing = (overrides: Partial<ConsolidatedBook> = {}, from: BookLadder = live): BookLadder =>
  ladderShowing(from, { ...book, ...overrides });
const render = (ladder: BookLadder, frame: Partial<LadderFrame> = {}): readonly string[] =>
  renderLadder(ladder, {
    title: '600000.SH of itick:stock, tickflow',
    hint: '',
    colors: 'none',
    blocks: true,
    levels: 10,
    width: 60,
    height: 30,
    now: 0,
    ...frame,
  });

describe('renderLadder', () => {
  it('draws asks above bids, each level with its sources, and the measures in between', () => {
    expect(render(showing())).toEqual([
      'rxtape 600000.SH of itick:stock, tickflow',
      '',
      'itick:stock  live  0 events/s, 0 reconnects',
      'tickflow     live  0 events/s, 0 reconnects',
      '',
      '      PRICE       SIZE      ITICK   TICKFLOW',
      '       9.82        400        400          -  █████',
      '       9.81      1,200      1,000        200  ██████████████',
      '  mid 9.800  spread 0.02  imbalance -28%',
      '       9.79        800        300        500  █████████',
      '       9.78        100        100          -  █',
    ]);
  });

  it('draws bars with what the terminal has, and none where there is no room', () => {
    expect(render(showing(), { blocks: false })[7]).toMatch(/ 200 {2}#{14}$/);
    expect(render(showing(), { width: 46 })[7]).toMatch(/ 200$/);
  });

  it('stays where it is when levels go', () => {
    const ladder = showing({ bids: [], asks: [at(9.81, 1)] }, showing());
    expect(render(ladder).slice(6)).toEqual([
      '',
      '       9.81          1          1          -  ██████████████',
      '  one side is empty',
      '',
      '',
    ]);
  });

  it('says when sources lock or cross, and marks the levels that do', () => {
    const locked = showing({ locked: true, bids: [at(9.81, 5)] });
    expect(render(locked)[8]).toBe('  mid 9.810  spread 0.00  imbalance -99%  LOCKED');
    const crossed = render(showing({ crossed: true, bids: [at(9.82, 4_000), at(9.7, 1)] }), { colors: 'us' });
    expect(crossed[8]).toContain('spread -0.01');
    expect(crossed[8]).toMatch(/imbalance \+\d+%.*CROSSED/);
    expect(crossed.slice(6).map((line) => line.includes('\u001b[33m'))).toEqual([true, true, true, true, false]);
  });

  it('says when nothing is known, or nothing can be believed', () => {
    expect(render(live)).toContain('  no depth yet');
    expect(render(showing({ bids: [], asks: [], sources: [] }))).toContain('  no source can be believed now');
  });

  it('says how the link of each source is, and why it has nothing', () => {
    const cause = new ConnectionLost(1006);
    const lost: FeedEvent = { kind: 'disconnected', provider: 'itick', receivedAt: 0, cause, attempt: 1, retryAt: 500 };
    const topics = quotes('600000.SH');
    const refused: FeedEvent = {
      kind: 'refused',
      provider: 'tickflow',
      receivedAt: 0,
      topics,
      reason: 'un\u001bknown',
    };
    const down = ladderAfter(live, { source: 'itick:stock', event: lost });
    const lines = render(ladderAfter(down, { source: 'tickflow', event: refused }), { width: 120 });
    expect(lines[2]).toMatch(/^itick:stock {2}down, retry 1 in 0\.5 s .* connection was lost/);
    expect(lines[3]).toBe('tickflow     live  0 events/s, 0 reconnects, 1 refused  refused: un known');
  });

  it('says which unit its sizes are in when a source counts in lots', () => {
    const inLots = ladderAfter(live, { source: 'tickflow', event: aDepth({ sizeUnit: 'lots' }) });
    expect(render(showing({}, inLots)).at(-1)).toBe('  sizes in shares; those of tickflow came in lots of 100');
    expect(render(showing({ symbol: 'IF2612.CFX' }, inLots)).at(-1)).toBe('  sizes in lots');
  });

  it('shows no more levels than are asked for', () => {
    expect(render(showing(), { levels: 1 })).toHaveLength(9);
  });

  it('shows fewer levels in a low terminal, the best ones', () => {
    expect(render(showing(), { height: 9 }).slice(6)).toEqual([
      expect.stringContaining('9.81'),
      expect.stringContaining('mid'),
      expect.stringContaining('9.79'),
    ]);
  });

  it('never draws a line wider than the terminal, or more lines than it has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 14 }), (width, height) => {
        const lines = render(showing(), { width, height });
        expect(lines.length).toBeLessThanOrEqual(height);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
