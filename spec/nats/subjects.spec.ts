import fc from 'fast-check';
import { InvalidOption } from '../../lib/model/errors.js';
import { klines, quotes, trades, type Topic } from '../../lib/model/topic.js';
import { checkName, pathOf, subjectsOf, token } from '../../lib/nats/subjects.js';

const us = subjectsOf('us-stocks');

describe('the subjects of a feed', () => {
  it.each<[Topic | undefined, string]>([
    [quotes('AAPL.US')[0], 'rxtape.v1.us-stocks.live.quote.US.AAPL'],
    [quotes('BRK.B.US')[0], 'rxtape.v1.us-stocks.live.quote.US.BRK%2EB'],
    [trades('RELIANCE.NSE.IN')[0], 'rxtape.v1.us-stocks.live.trade.IN.RELIANCE%2ENSE'],
    [quotes('00700.HK')[0], 'rxtape.v1.us-stocks.live.quote.HK.700'],
    [quotes('700.HK')[0], 'rxtape.v1.us-stocks.live.quote.HK.700'],
    [klines('1m', 'AAPL.US')[0], 'rxtape.v1.us-stocks.live.kline@1m.US.AAPL'],
    [klines('1M', 'AAPL.US')[0], 'rxtape.v1.us-stocks.live.kline@1M.US.AAPL'],
    [quotes('*.US')[0], 'rxtape.v1.us-stocks.live.quote.US.%2A'],
    [quotes('>.US')[0], 'rxtape.v1.us-stocks.live.quote.US.%3E'],
    [quotes('50%.US')[0], 'rxtape.v1.us-stocks.live.quote.US.50%25'],
    [quotes('茅台.SH')[0], 'rxtape.v1.us-stocks.live.quote.SH.%E8%8C%85%E5%8F%B0'],
  ])('have a place for %j', (topic, subject) => {
    expect(topic && us.live(pathOf(topic))).toBe(subject);
  });

  it('have one token for a text, and another for another text', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(token(a)).toMatch(/^[A-Za-z0-9_%-]+$/);
        expect(token(a) === token(b)).toBe(a === b);
      }),
    );
  });

  it.each(['us.stocks', 'us stocks', '*', '', '>', 'a/b', undefined, 5])('have no feed of the name %j', (name) => {
    expect(() => checkName(name)).toThrow(InvalidOption);
  });
});
