import fc from 'fast-check';
import { Unauthorized } from '../../lib/model/errors.js';
import { bbos, depths, klines, quotes, trades, type Topic } from '../../lib/model/topic.js';
import {
  readBeat,
  readEnd,
  readEvents,
  readHeads,
  readState,
  readTopics,
  writeBeat,
  writeEnd,
  writeEvents,
  writeHeads,
  writeState,
  writeTopics,
} from '../../lib/nats/wire.js';
import { aBbo } from '../../lib/testing/builders.js';
import { disconnected, quote } from './events.js';

describe('what travels', () => {
  it('is read as it was written', () => {
    const events = [quote(1), disconnected(2), quote(3)];
    expect(readEvents(writeEvents(events))).toEqual({ events, size: 3, problems: [] });
    expect(readBeat(writeBeat({ at: 5, link: 2, groups: { 'quote.US': 7 } }))).toEqual({
      at: 5,
      link: 2,
      groups: { 'quote.US': 7 },
    });
    expect(readHeads(writeHeads({ AAPL: 9 }))).toEqual({ AAPL: 9 });
    expect(readState(writeState({ events: [disconnected(2)], end: undefined }))).toEqual({
      events: [disconnected(2)],
      end: undefined,
    });
  });

  it('keeps the class of a final error', () => {
    const end = readEnd(writeEnd({ failed: new Unauthorized('auth failed') }));
    expect(end && 'failed' in end && end.failed).toBeInstanceOf(Unauthorized);
    expect(readEnd(writeEnd({ completed: true }))).toEqual({ completed: true });
    expect(readEnd(writeEvents([quote(1)]))).toBeUndefined();
  });

  it('keeps the topics in their spelling, and leaves out what is none', () => {
    const topics: readonly Topic[] = [
      ...quotes('00700.HK', 'BRK.B.US'),
      ...klines('1M', 'AAPL.US'),
      ...depths('700.HK'),
      ...bbos('700.HK'),
    ];
    expect(readTopics(writeTopics(topics))).toEqual(topics);
    expect(readTopics('["quote AAPL.US", "quote", 5, null, "kline@7m AAPL.US", "quote aapl"]')).toEqual(
      quotes('AAPL.US'),
    );
    expect(readTopics('{')).toEqual([]);
  });

  it('keeps best prices, of which a side may be empty', () => {
    const events = [aBbo(), { ...aBbo({ valid: false }), ask: undefined }];
    expect(readEvents(writeEvents(events))).toEqual({ events, size: 2, problems: [] });
  });

  it('lets events of kinds pass that are not known here', () => {
    const funding = { kind: 'funding', provider: 'mine', receivedAt: 1, symbol: 'BTCUSDT.BA', rate: 0.1 };
    expect(readEvents(JSON.stringify([funding]))).toEqual({ events: [funding], size: 1, problems: [] });
  });

  it.each<[string, unknown]>([
    ['a text for an event', 'quote'],
    ['a price that is a text', { ...quote(1), last: '5' }],
    ['a time that is missing', { ...quote(1), time: undefined }],
    ['no provider', { ...quote(1), provider: undefined }],
    ['no symbol', { ...quote(1), symbol: undefined }],
    ['levels that are none', { ...quote(1), kind: 'depth', type: 'snapshot', bids: [5], asks: [] }],
    ['best prices without a word of their worth', { ...aBbo(), valid: undefined }],
    ['a best bid that is none', { ...aBbo(), bid: { price: '5' } }],
    ['topics that are none', { kind: 'refused', provider: 'p', receivedAt: 1, topics: [{}], reason: '' }],
  ])('says where there is %s, and takes the rest', (_, garbage) => {
    expect(readEvents(JSON.stringify([quote(1), garbage, quote(2)]))).toEqual({
      events: [quote(1), quote(2)],
      size: 3,
      problems: ['[1]: it is no event'],
    });
  });

  it('has no topic in what is no text, also where that cannot be made one', () => {
    expect(readTopics('["trade A.US", {"toString": 0}, 7, null]')).toEqual(trades('A.US'));
  });

  it('is never an exception, whatever is sent', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.anything().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const read of [readEvents, readBeat, readHeads, readState, readTopics, readEnd])
          expect(() => read(text)).not.toThrow();
      }),
    );
  });
});
