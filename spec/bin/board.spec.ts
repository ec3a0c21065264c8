import { newBoard } from '../../lib/bin/views/watch.js';
import { quotes, type FeedEvent } from '../../lib/index.js';
import { aQuote } from '../../lib/testing/index.js';

const boardOf = () =>
  newBoard(
    [
      { name: 'itick:stock', topics: quotes('AAPL.US', '00700.HK') },
      { name: 'tickflow', topics: quotes('AAPL.US') },
    ],
    0,
  );
const refused = (...symbols: string[]): FeedEvent => ({
  kind: 'refused',
  provider: 'itick',
  receivedAt: 0,
  topics: quotes(...symbols),
  reason: 'unknown',
});

describe('board', () => {
  it('has a row for all that is asked for, in order', () => {
    const rows = boardOf()
      .parts()
      .map(({ name, rows }) => [name, [...rows.keys()]]);
    expect(rows).toEqual([
      ['itick:stock', ['AAPL.US', '00700.HK']],
      ['tickflow', ['AAPL.US']],
    ]);
  });

  it('keeps one symbol of two sources apart', () => {
    const board = boardOf();
    board.accept('tickflow', aQuote({ last: 5 }));
    expect(board.parts().map(({ rows }) => rows.get('AAPL.US')?.last)).toEqual([undefined, 5]);
    expect(board.parts().map(({ link }) => link.events)).toEqual([0, 1]);
  });

  it('adds a row for what was not wanted, and ignores a source it does not have', () => {
    const board = boardOf();
    board.accept('tickflow', aQuote({ symbol: 'TSLA.US' }));
    board.accept('elsewhere', aQuote());
    expect([...board.parts()[1]!.rows.keys()]).toEqual(['AAPL.US', 'TSLA.US']);
  });

  it('notes a refusal at its symbol, however that is spelled', () => {
    const board = boardOf();
    board.accept('itick:stock', refused('700.HK'));
    expect([...board.parts()[0]!.rows.values()].map(({ refusal }) => refusal)).toEqual([undefined, 'unknown']);
  });

  it('counts all rates anew', () => {
    const board = boardOf();
    board.accept('tickflow', aQuote());
    board.count(500);
    expect(board.parts().map(({ link }) => link.rate)).toEqual([0, 2]);
  });
});
