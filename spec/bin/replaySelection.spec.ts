import type { Source, View } from '../../lib/bin/Plan.js';
import { replaySelection } from '../../lib/bin/commands/replay.js';
import { depths, quotes, type Topic } from '../../lib/index.js';
import { aBbo, aDepth, aQuote } from '../../lib/testing/index.js';

const source = (name: string, vendor: 'itick' | 'tickflow', topics: readonly Topic[]): Source => ({
  ...(vendor === 'itick' ? { vendor, variant: 'stock' } : { vendor, variant: 'stream' }),
  name,
  topics,
  credential: '',
  url: undefined,
});
const itick = source('itick:stock', 'itick', [...quotes('700.HK', 'AAPL.US'), ...depths('700.HK')]);
const tickflow = source('tickflow', 'tickflow', depths('600000.SH'));
const selection = (view: View, ...sources: readonly Source[]) =>
  replaySelection({ sources, strangers: [] }, view, 'tape');
const book = (symbol: string): View => ({ kind: 'book', symbol, levels: 5 });
const bars: View = { kind: 'klines', interval: '1m' };

describe('replaySelection', () => {
  it('shows all of what was recorded', () => {
    const { played, shown, isWanted } = selection({ kind: 'watch' }, itick, tickflow);
    expect(shown).toEqual([itick, tickflow]);
    expect(played).toEqual(shown);
    expect([isWanted(aDepth()), isWanted(aQuote())]).toEqual([true, true]);
  });

  it('plays a source whole, and shows of it what bars are made of', () => {
    const { played, shown, isWanted } = selection(bars, itick, tickflow);
    expect(played).toEqual([itick]);
    expect(shown).toEqual([{ ...itick, topics: quotes('700.HK', 'AAPL.US') }]);
    expect([isWanted(aQuote()), isWanted(aDepth()), isWanted(aBbo())]).toEqual([true, false, false]);
  });

  it('shows the depth of one symbol, however it is spelled, and what happens to the links', () => {
    const { shown, isWanted } = selection(book('00700.HK'), itick, tickflow);
    expect(shown).toEqual([{ ...itick, topics: depths('700.HK') }]);
    expect(isWanted(aDepth({ symbol: '700.HK' }))).toBe(true);
    expect(isWanted(aDepth({ symbol: 'AAPL.US' }))).toBe(false);
    expect(isWanted({ kind: 'latency', provider: 'itick', receivedAt: 0, roundTrip: 1 })).toBe(true);
  });

  it.each<[string, View, readonly Source[]]>([
    ['tape holds no subscription', { kind: 'watch' }, []],
    ['tape holds no depth of A.US', book('A.US'), [itick, tickflow]],
    ['tape holds no trades, quotes and bars to make bars of', bars, [tickflow]],
    ['one source of each vendor, and tape holds more', book('700.HK'), [itick, { ...itick, name: 'itick:stock (2)' }]],
  ])('says that %s', (problem, view, sources) => {
    expect(() => selection(view, ...sources)).toThrow(problem);
  });

  it('names the strangers that it holds instead', () => {
    const strangers = { sources: [], strangers: ['wss://else.where/feed'] };
    expect(() => replaySelection(strangers, bars, 'tape')).toThrow(
      'tape holds only connections to wss://else.where/feed',
    );
  });
});
