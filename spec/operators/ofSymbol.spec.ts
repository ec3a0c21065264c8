import { InvalidTopic } from '../../lib/model/errors.js';
import { ofSymbol } from '../../lib/operators/ofSymbol.js';
import { aDepth, aQuote, aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { connected, disconnected, latency, refused, undecodable } from '../share/linkEvents.js';

const values = {
  a: aTrade({ symbol: 'AAPL.US' }),
  A: aQuote({ symbol: 'AAPL.US' }),
  m: aTrade({ symbol: 'MSFT.US' }),
  p: aDepth({ symbol: '00700.HK' }),
  P: aDepth({ symbol: '700.HK' }),
  z: aTrade({ symbol: '000001.SZ' }),
  c: connected,
  d: disconnected,
  l: latency,
  u: undecodable,
  r: refused(),
};

describe('ofSymbol', () => {
  it(
    'keeps the market events of one symbol',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-m-A-z-m-a-|', values);
      const expected = '  -a---A-----a-|';
      const subs = '      ^------------!';
      expectObservable(source.pipe(ofSymbol('AAPL.US'))).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'lets pass what the link says, so that operators further down see the gaps',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-a-m-d-c-u-l-r-|', values);
      const expected = '  -c-a---d-c-u-l-r-|';
      expectObservable(source.pipe(ofSymbol('AAPL.US'))).toBe(expected, values);
    }),
  );

  it(
    'keeps several symbols, in their order',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-m-z-a-P-m-|', values);
      const expected = '  -m-z-----m-|';
      expectObservable(source.pipe(ofSymbol('000001.SZ', 'MSFT.US'))).toBe(expected, values);
    }),
  );

  it.each(['00700.HK', '700.HK', '0700.HK'])(
    'knows %s in any spelling, and leaves the spelling of the event',
    (symbol) =>
      marbles(({ hot, expectObservable }) => {
        const source = hot('-p-z-P-p-|', values);
        const expected = '  -p---P-p-|';
        expectObservable(source.pipe(ofSymbol(symbol))).toBe(expected, values);
      })(),
  );

  it(
    'passes an error on',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-#', values);
      const expected = '  -a-#';
      expectObservable(source.pipe(ofSymbol('AAPL.US'))).toBe(expected, values);
    }),
  );

  it(
    'is silent when nothing fits, and leaves the source when it is left',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-m-m-m-', values);
      const unsub = '     ^---!  ';
      const expected = '  -------';
      expectObservable(source.pipe(ofSymbol('AAPL.US')), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(unsub);
    }),
  );

  it.each([[[]], [['AAPL']], [['AAPL.US', 'AAPL.us']], [[7]]])('refuses to keep %j', (symbols) => {
    expect(() => ofSymbol(...(symbols as string[]))).toThrow(InvalidTopic);
  });
});
