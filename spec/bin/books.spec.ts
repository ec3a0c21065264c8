import { interval, map, take } from 'rxjs';
import { bookLine, jsonBooks, liveLadder, plainBooks, withBooks } from '../../lib/bin/views/book.js';
import type { SourceEvent } from '../../lib/bin/sources.js';
import { ConnectionLost, depths, type ConsolidatedBook, type Level } from '../../lib/index.js';
import { aDepth, marbles } from '../../lib/testing/index.js';
import { fakeIo, FakeOutput } from './fakeIo.js';

const symbol = '600000.SH';
const level = (price: number, size: number): Level => ({ price, size });
const itick: SourceEvent = {
  source: 'itick:stock',
  event: aDepth({ provider: 'itick', symbol, bids: [level(9.7, 300)], asks: [level(9.8, 100)], sizeUnit: 'shares' }),
};
const tickflow: SourceEvent = {
  source: 'tickflow',
  event: aDepth({ provider: 'tickflow', symbol, bids: [level(9.7, 5)], asks: [level(9.9, 1)], sizeUnit: 'lots' }),
};
const lost: SourceEvent = {
  source: 'itick:stock',
  event: {
    kind: 'disconnected',
    provider: 'itick',
    receivedAt: 0,
    cause: new ConnectionLost(1006),
    attempt: 1,
    retryAt: 500,
  },
};
const events = { i: itick, t: tickflow, d: lost };

/** The end of the turn uncorks a fake stream. */
const written = async (out: FakeOutput): Promise<string[]> => {
  await Promise.resolve();
  return out.lines();
};

describe('jsonBooks', () => {
  it('writes one book of all sources, lots as shares', async () => {
    const out = new FakeOutput();
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('i 199ms t 199ms |', events).pipe(withBooks(5), jsonBooks(out))).toBe('- 199ms - 199ms |');
    })();
    const books = (await written(out)).map((line) => JSON.parse(line) as ConsolidatedBook);
    expect(books.map(({ sources }) => sources)).toEqual([['itick'], ['itick', 'tickflow']]);
    expect(books[1]).toMatchObject({
      bids: [
        {
          size: 800,
          sources: [
            { provider: 'itick', size: 300 },
            { provider: 'tickflow', size: 500 },
          ],
        },
      ],
      asks: [{ price: 9.8 }, { price: 9.9, size: 100 }],
    });
  });

  it('writes at most ten books a second, the last one among them', async () => {
    const out = new FakeOutput();
    marbles(({ expectObservable }) => {
      const busy$ = interval(1).pipe(
        take(950),
        map((i): SourceEvent => ({ ...itick, event: aDepth({ symbol, bids: [level(9, i + 1)] }) })),
      );
      expectObservable(busy$.pipe(withBooks(5), jsonBooks(out)), '2s !').toBe('1001ms |');
    })();
    const books = (await written(out)).map((line) => JSON.parse(line) as ConsolidatedBook);
    expect(books).toHaveLength(11);
    expect(books.at(-1)?.bids[0]?.size).toBe(950);
  });

  it('shows the levels that are asked for', async () => {
    const out = new FakeOutput();
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(it) 199ms |', events).pipe(withBooks(1), jsonBooks(out))).toBe('---- 199ms |');
    })();
    const books = (await written(out)).map((line) => JSON.parse(line) as ConsolidatedBook);
    expect(books.at(-1)?.asks).toHaveLength(1);
  });
});

describe('plainBooks', () => {
  it('writes the top of each book, and what happens to a link', async () => {
    const out = new FakeOutput();
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('i 199ms t 199ms d |', events).pipe(withBooks(5), plainBooks(out))).toBe(
        '- 199ms - 199ms - |',
      );
    })();
    expect((await written(out)).map((line) => line.slice('12:00:00.000 '.length))).toEqual([
      '600000.SH book 9.7 x 300 (itick 300) / 9.8 x 100 (itick 100) spread 0.1 imbalance 50%',
      '600000.SH book 9.7 x 800 (itick 300 + tickflow 500) / 9.8 x 100 (itick 100) spread 0.1 imbalance 60%',
      'itick:stock disconnected: the connection was lost (close code 1006); retry 1 in 0.5 s',
      '600000.SH book 9.7 x 500 (tickflow 500) / 9.9 x 100 (tickflow 100) spread 0.2 imbalance 67%',
    ]);
  });
});

describe('bookLine', () => {
  const empty: ConsolidatedBook = {
    symbol,
    bids: [],
    asks: [],
    sources: [],
    locked: false,
    crossed: false,
    time: 0,
    receivedAt: 0,
  };

  it('says when there is no source, and when sources lock or cross', () => {
    expect(bookLine(empty)).toMatch(/ 600000\.SH book - \/ - no source$/);
    const sources = ['itick'];
    expect(bookLine({ ...empty, sources, locked: true })).toMatch(/ locked$/);
    expect(bookLine({ ...empty, sources, crossed: true })).toMatch(/ crossed$/);
  });
});

describe('liveLadder', () => {
  it(
    'keeps the ladder on a terminal, with the link of each source',
    marbles(({ cold, expectObservable, flush }) => {
      const io = fakeIo({ terminal: true });
      const common = { topics: depths(symbol), credential: 'demo', url: undefined };
      const plan = {
        sources: [
          { ...common, name: 'itick:stock', vendor: 'itick', variant: 'stock' },
          { ...common, name: 'tickflow', vendor: 'tickflow', variant: 'stream' },
        ],
        title: symbol,
        colors: 'none',
        blocks: false,
      } as const;
      expectObservable(cold('(it) 199ms d', events).pipe(withBooks(5), liveLadder(plan, 5, io)), '2s !').toBe('');
      flush();
      const [drawn = '', left] = io.stdout.text.split('\u001b[?1049l');
      expect(drawn).toContain('itick:stock  connecting  0 events/s, 0 reconnects');
      expect(drawn).toMatch(/9\.70? +800 +300 +500/);
      expect(left).toMatch(/^rxtape 600000\.SH\s+itick:stock {2}down[^]*9\.70? +500 +- +500 +#+\n/);
    }),
  );
});
