import type { Command, Source } from '../../lib/bin/Plan.js';
import { tapeWish } from '../../lib/bin/tapeWish.js';
import { depths, quotes, type Topic } from '../../lib/index.js';
import { aDepth, aQuote } from '../../lib/testing/index.js';

const source = (name: string, vendor: 'itick' | 'tickflow', topics: readonly Topic[]): Source => ({
  ...(vendor === 'itick' ? { vendor, market: 'stock' } : { vendor, endpoint: 'stream' }),
  name,
  topics,
  credential: '',
  url: undefined,
});
const itick = source('itick:stock', 'itick', [...quotes('700.HK', 'AAPL.US'), ...depths('700.HK')]);
const tickflow = source('tickflow', 'tickflow', depths('600000.SH'));
const wish = (command: Command, ...sources: readonly Source[]) => tapeWish({ sources, strangers: [] }, command, 'tape');
const book = (symbol: string): Command => ({ kind: 'book', symbol, levels: 5 });
const bars: Command = { kind: 'klines', interval: '1m' };

describe('tapeWish', () => {
  it('shows all of what was recorded', () => {
    const { played, shown, isWanted } = wish({ kind: 'watch' }, itick, tickflow);
    expect(shown).toEqual([itick, tickflow]);
    expect(played).toEqual(shown);
    expect([isWanted(aDepth()), isWanted(aQuote())]).toEqual([true, true]);
  });

  it('plays a source whole, and shows of it what bars are made of', () => {
    const { played, shown, isWanted } = wish(bars, itick, tickflow);
    expect(played).toEqual([itick]);
    expect(shown).toEqual([{ ...itick, topics: quotes('700.HK', 'AAPL.US') }]);
    expect([isWanted(aQuote()), isWanted(aDepth())]).toEqual([true, false]);
  });

  it('shows the depth of one symbol, however it is spelled, and what happens to the links', () => {
    const { shown, isWanted } = wish(book('00700.HK'), itick, tickflow);
    expect(shown).toEqual([{ ...itick, topics: depths('700.HK') }]);
    expect(isWanted(aDepth({ symbol: '700.HK' }))).toBe(true);
    expect(isWanted(aDepth({ symbol: 'AAPL.US' }))).toBe(false);
    expect(isWanted({ kind: 'latency', provider: 'itick', receivedAt: 0, roundTrip: 1 })).toBe(true);
  });

  it.each<[string, Command, readonly Source[]]>([
    ['tape holds no subscription', { kind: 'watch' }, []],
    ['tape holds no depth of A.US', book('A.US'), [itick, tickflow]],
    ['tape holds no trades, quotes and bars to make bars of', bars, [tickflow]],
    ['one source of each vendor, and tape holds more', book('700.HK'), [itick, { ...itick, name: 'itick:stock (2)' }]],
  ])('says that %s', (problem, command, sources) => {
    expect(() => wish(command, ...sources)).toThrow(problem);
  });

  it('names the strangers that it holds instead', () => {
    const strangers = { sources: [], strangers: ['wss://else.where/feed'] };
    expect(() => tapeWish(strangers, bars, 'tape')).toThrow('tape holds only connections to wss://else.where/feed');
  });
});
