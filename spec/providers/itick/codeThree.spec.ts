import { klines, type Topic } from '../../../lib/model/topic.js';
import { codeThree } from '../../../lib/providers/itick/codeThree.js';
import type { ItickMarket } from '../../../lib/providers/itick/protocol.js';
import { decode, type Decoding } from './decoding.js';

const hour = Date.UTC(2024, 10, 15, 14);
const at = (minute: number): number => hour + minute * 60_000;

const row = (minute: number, s = 'AAPL.US') => ({
  data: { s, t: at(minute), o: 1, h: 4, l: 1, c: 3, v: 10, type: 'kline@3' },
});
const read = (
  topics: readonly Topic[],
  minutes: readonly number[],
  meaning: 'detect' | '10m' | '15m' = 'detect',
  market?: ItickMarket,
) => {
  const wanted = { current: topics };
  const three = codeThree(meaning, wanted, market);
  const options: Decoding = { three, receivedAt: at(60), symbols: topics.map(({ symbol }) => symbol) };
  return { wanted, said: minutes.map((minute) => decode(row(minute, topics[0]!.symbol), options)), options };
};
const intervalsIn = (said: readonly (readonly object[])[]) =>
  said.flat().flatMap((message) => ('interval' in message ? [message.interval] : []));
const refusalsIn = (said: readonly (readonly object[])[]) =>
  said.flat().flatMap((message) => ('answer' in message ? [message.answer] : []));

describe('a bar of code 3', () => {
  it.each([10, 20, 40, 50])('that opens at :%d proves ten minutes from then on', (minute) => {
    const { said } = read(klines('15m', 'AAPL.US'), [0, minute, 0, 30]);
    expect(intervalsIn(said.slice(0, 1))).toEqual(['15m']);
    const [refusal, ...more] = refusalsIn(said);
    expect(refusal).toMatchObject({
      refusal: expect.stringContaining("resampleKlines('15m') from bars of 5m") as string,
    });
    expect(more).toEqual([]);
  });

  it.each(['AAPL.US', '700.HK', 'RELIANCE.NSE.IN', 'EURUSD.GB'])(
    'of %s is served as 10m once that is proven',
    (symbol) => {
      const { said } = read(klines('10m', symbol), [0, 10, 20, 30, 15]);
      expect(intervalsIn(said)).toEqual(['10m', '10m', '10m', '10m']);
      expect(said[1]).toMatchObject([{ openTime: at(10), closeTime: at(20) }]);
      expect(refusalsIn(said)).toEqual([]);
    },
  );

  it('is 15m until something is proven, and nothing is said', () => {
    const { said } = read(klines('15m', 'AAPL.US'), [0, 30, 0]);
    expect(intervalsIn(said)).toEqual(['15m', '15m', '15m']);
    expect(refusalsIn(said)).toEqual([]);
  });

  it.each([15, 45])('that opens at :%d is none of ten minutes, and a list for those is refused', (minute) => {
    const { said } = read([...klines('10m', 'AAPL.US'), ...klines('15m', 'AAPL.US')], [0, minute, 30]);
    expect(intervalsIn(said)).toEqual(['15m', '15m', '15m']);
    expect(refusalsIn(said)).toMatchObject([{ refusal: expect.stringContaining("resampleKlines('10m')") as string }]);
  });

  it.each(['RELIANCE.NSE.IN', 'TXF.TW'])(
    'of %s proves nothing at :15, where sessions begin at such a quarter',
    (symbol) => {
      expect(refusalsIn(read(klines('10m', symbol), [15, 45]).said)).toEqual([]);
    },
  );

  it('of Hong Kong proves nothing at :15 for a future, and fifteen minutes for a stock', () => {
    const refusals = (market: ItickMarket) =>
      refusalsIn(read(klines('10m', 'HSI.HK'), [15, 45], 'detect', market).said);
    expect(refusals('future')).toEqual([]);
    expect(refusals('stock')).toHaveLength(1);
  });

  it('refuses again what is wanted later', () => {
    const { wanted, options } = read(klines('10m', 'AAPL.US'), [10]);
    wanted.current = [...wanted.current, ...klines('15m', 'AAPL.US')];
    expect(refusalsIn([decode(row(20), options), decode(row(30), options)])).toHaveLength(1);
  });

  it.each([
    ['10m', '15m'],
    ['15m', '10m'],
  ] as const)('is %s where the option says so, whatever bars show', (meaning, other) => {
    const { said } = read(klines(meaning, 'AAPL.US'), [0, 10, 15], meaning);
    expect(intervalsIn(said)).toEqual([meaning, meaning, meaning]);
    expect(intervalsIn(read(klines(other, 'AAPL.US'), [0], meaning).said)).toEqual([]);
  });

  it('is read by its name where the vendor writes that', () => {
    const { options } = read(klines('10m', 'AAPL.US'), [15]);
    expect(decode({ data: { ...row(20).data, type: 'kline@10m' } }, options)).toMatchObject([{ interval: '10m' }]);
  });
});
