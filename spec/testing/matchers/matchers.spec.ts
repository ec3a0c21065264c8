import { flattenError } from '../../../lib/model/errorData.js';
import '../marketMatchers.js';
import { concatWith, NEVER, of, throwError } from 'rxjs';
import { ConnectionLost, HeartbeatMissed } from '../../../lib/model/errors.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { assertEmitsEvents, assertEqualKlines, assertHasGap } from '../../../lib/testing/matchers/matchers.js';

const trade = aTrade({ price: 101, size: 2 });

describe('toEmitEvents', () => {
  it('compares only the fields that are named, in order and number', () => {
    expect([trade, aQuote()]).toEmitEvents([{ kind: 'trade', price: 101 }, { kind: 'quote' }]);
    expect([trade, aQuote()]).not.toEmitEvents([{ kind: 'quote' }, { kind: 'trade' }]);
    expect([trade]).not.toEmitEvents([{ price: 101 }, {}]);
  });

  it('shows what differs', () => {
    expect(() => expect([trade]).toEmitEvents([{ price: 102 }])).toThrow('no. 0: received t trade AAPL.US, expected a');
    expect(() => expect([trade]).not.toEmitEvents([{ price: 101 }])).toThrow('what was emitted is [{"price":101}]');
  });

  it('runs an Observable in virtual time of its own', () => {
    expect(of(trade).pipe(concatWith(NEVER))).toEmitEvents('t', { t: { price: 101 } });
    expect(of(trade)).toEmitEvents('(t|)', { t: { price: 101 } });
    expect(of(trade)).toEmitEvents([{ price: 101 }]);
    expect(throwError(() => new ConnectionLost(1006))).toEmitEvents('#');
    expect(of(trade)).not.toEmitEvents('-t', { t: {} });
  });

  it('does not take an error for a completion', () => {
    expect(throwError(() => new ConnectionLost(1006))).not.toEmitEvents([]);
  });

  it(
    'is decided inside of marbles when the test is over',
    marbles(({ feed }) => {
      const feed$ = feed('-c-t-x', { t: trade });
      expect(feed$).toEmitEvents('-c-t-x', {
        t: { price: 101, receivedAt: 3 },
        x: { cause: flattenError(new ConnectionLost(1006)) },
      });
      expect(feed$).toEmitEvents([{ kind: 'connected' }, { price: 101 }, { kind: 'disconnected' }]);
      expect(feed$).not.toEmitEvents('-c-t-c', { t: {} });
    }),
  );

  it('fails a test inside of marbles', () => {
    const wrong = marbles(({ feed }) => expect(feed('-t', { t: trade })).toEmitEvents('-t', { t: { price: 9 } }));
    const unwanted = marbles(({ feed }) => expect(feed('-c')).not.toEmitEvents('-c'));
    expect(wrong).toThrow('price: received 101, expected 9');
    expect(unwanted).toThrow('what was emitted is "-c", and should not be');
  });

  it('throws for what it cannot look at', () => {
    expect(() => expect([trade]).toEmitEvents('t', { t: {} })).toThrow('a diagram says when');
    expect(() => expect(of(trade)).toEmitEvents('-z')).toThrow('the letter z of the diagram');
    expect(() => expect(3).toEmitEvents([])).toThrow('this looks at a list or at an Observable');
  });
});

describe('toEqualKlines', () => {
  const bar = aKline({ close: 10, volume: 100, receivedAt: 5 });

  it('compares the fields that are named, but never when a bar was received', () => {
    expect([bar]).toEqualKlines([aKline({ close: 10, volume: 100, receivedAt: 9 })]);
    expect(of(bar)).toEqualKlines([{ close: 10 }]);
    expect([bar]).not.toEqualKlines([{ close: 10, symbol: 'MSFT.US' }]);
  });

  it('tolerates what it is told to', () => {
    expect([bar]).toEqualKlines([{ close: 10.5, volume: 90 }], { price: 0.5, volume: 10 });
    expect([bar]).not.toEqualKlines([{ close: 10.5 }], { volume: 10 });
    expect([bar]).not.toEqualKlines([{ volume: 90 }], { price: 10 });
    expect([bar]).not.toEqualKlines([{ revision: 1 }], { price: 10, volume: 10 });
    // In binary fractions these are a little more than 0.1 apart.
    expect([aKline({ close: 10.3 })]).toEqualKlines([{ close: 10.2 }], { price: 0.1 });
    expect([aKline({ close: 10.3 })]).not.toEqualKlines([{ close: 10.2 }], { price: 0.0999 });
  });

  it('takes NaN for NaN and nothing else, 0 for -0, and leaves matchers their say', () => {
    expect([aKline({ close: NaN, volume: -0 })]).toEqualKlines([{ close: NaN, volume: 0, turnover: undefined }]);
    expect([aKline({ close: NaN })]).not.toEqualKlines([{ close: 1 }], { price: 5 });
    expect([aKline({ close: 1 })]).not.toEqualKlines([{ close: NaN }], { price: 5 });
    expect([aKline({ turnover: 5 })]).not.toEqualKlines([{ turnover: undefined }]);
    expect([bar]).toEqualKlines([{ close: expect.any(Number) as number }]);
    expect(() => expect([bar]).toEqualKlines([{ symbol: expect.stringContaining('MSFT') as string }])).toThrow(
      'symbol: received "AAPL.US", expected StringContaining "MSFT"',
    );
  });

  it('says which bars differ and in what', () => {
    expect(() => expect([bar, bar]).toEqualKlines([{ close: 11, volume: 9 }], { price: 0.5 })).toThrow(
      [
        'received 2 bars, expected 1',
        'bar 0, 1m AAPL.US from 0',
        '    close: received 10, expected 11 within 0.5',
        '    volume: received 100, expected 9',
        'bar 1 was not expected: 1m AAPL.US from 0',
      ].join('\n'),
    );
    expect(() => expect([]).toEqualKlines(Array.from({ length: 10 }, () => bar))).toThrow(/bar 7 did[^]*and 2 more/);
    expect(() => expect([bar]).not.toEqualKlines([bar])).toThrow('the 1 bars are equal, and should not be');
  });
});

describe('toHaveGap', () => {
  it('ends a gap with a connection that does not say which hole it ends', () => {
    const base = { provider: 'test', attempt: 1 };
    expect([
      { ...base, kind: 'connected', receivedAt: 1, resumed: undefined },
      { ...base, kind: 'disconnected', receivedAt: 5, cause: flattenError(new ConnectionLost(1006)), retryAt: 6 },
      { ...base, kind: 'connected', receivedAt: 8, resumed: undefined },
    ]).toHaveGap({ from: 1, to: 8 });
  });

  it(
    'finds a hole with its ends and its cause',
    marbles(({ feed }) => {
      const feed$ = feed('-c-t-x--c-t-x', { t: trade });
      expect(feed$).toHaveGap();
      expect(feed$).toHaveGap({ from: 3, to: 8, cause: { _tag: 'ConnectionLost' } });
      expect(feed$).toHaveGap({ from: 10, to: undefined });
      expect(feed$).not.toHaveGap({ from: 4 });
      expect(feed('-xx-c-t', { t: trade })).not.toHaveGap();
    }),
  );

  it('says which there are', () => {
    const gap = (cause: HeartbeatMissed) =>
      marbles(({ feed }) =>
        expect(feed('t-y-c', { t: trade, y: { kind: 'disconnected', cause } })).toHaveGap({ from: 1 }),
      );
    expect(gap(new HeartbeatMissed(7))).toThrow(
      'no gap is like {"from":1}: the gaps are\n    test, 0 to 4, HeartbeatMissed: nothing was heard for 7 ms',
    );
    expect(() => expect([trade]).toHaveGap({ from: 1 })).toThrow('no gap is like {"from":1}: there is no gap');
    const unwanted = marbles(({ feed }) => expect(feed('t-x', { t: trade })).not.toHaveGap());
    expect(unwanted).toThrow('no gap like {} was expected, but the gaps are\n    test, 0 to the end');
  });

  it('takes a return for a hole when its beginning was not heard', () => {
    const resumed = { from: 3, to: 8 };
    expect([{ kind: 'connected', provider: 'a', receivedAt: 8, attempt: 1, resumed }]).toHaveGap(resumed);
  });

  it('fails when the stream does', () => {
    expect(() => expect(throwError(() => new ConnectionLost(1006))).toHaveGap()).toThrow('the connection was lost');
  });
});

describe('the plain functions', () => {
  it('throw what the matchers say', () => {
    expect(() => assertEmitsEvents([trade], [{ price: 1 }])).toThrow('price: received 101, expected 1');
    expect(() => assertEmitsEvents(of(trade), '-t', { t: {} })).toThrow('at 0 ms: received t');
    expect(() => assertEqualKlines([aKline()], [{ close: 1 }], { price: 1 })).toThrow('expected 1 within 1');
    expect(() => assertHasGap([trade])).toThrow('there is no gap');
  });

  it(
    'are silent when all is well, and wait inside of marbles',
    marbles(({ feed }) => {
      assertEmitsEvents([trade], [{ price: 101 }]);
      assertEmitsEvents(feed('-t', { t: trade }), '-t', { t: { price: 101 } });
      assertEqualKlines([aKline()], [{}]);
      assertHasGap(feed('-t-xc', { t: trade }), { to: 4 });
    }),
  );
});
