import { ofKind } from '../../lib/operators/ofKind.js';
import { aQuote, aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { connected, disconnected } from '../share/linkEvents.js';

const values = { t: aTrade(), q: aQuote(), c: connected, d: disconnected };

describe('ofKind', () => {
  it(
    'keeps one kind',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-c-t-q-d-t-|', values);
      const expected = '  ---t-----t-|';
      const subs = '      ^----------!';
      expectObservable(source.pipe(ofKind('trade'))).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'keeps several kinds, in their order',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-t-q-d-t-|', values);
      const expected = '  ---t---d-t-|';
      expectObservable(source.pipe(ofKind('disconnected', 'trade'))).toBe(expected, values);
    }),
  );

  it(
    'passes an error on',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-t-#', values);
      const expected = '  ---t-#';
      expectObservable(source.pipe(ofKind('trade'))).toBe(expected, values);
    }),
  );

  it(
    'is silent when nothing fits, and leaves the source when it is left',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-c-t-q-', values);
      const unsub = '     ^---!  ';
      const expected = '  -------';
      expectObservable(source.pipe(ofKind('depth')), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(unsub);
    }),
  );
});
