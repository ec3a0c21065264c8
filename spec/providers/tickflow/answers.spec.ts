import { depths, klines, quotes, trades, type Topic } from '../../../lib/model/topic.js';
import { answerTo, channelOf, failureOf } from '../../../lib/providers/tickflow/answers.js';
import type { Answer, Command } from '../../../lib/session/ledger.js';
import { decode } from './decoding.js';
import { frames } from './frames.js';

const subscribe = (...topics: readonly Topic[]): Command => ({ op: 'subscribe', topics });
const answerIn = (frame: unknown): Answer => {
  const [message] = decode(frame);
  if (message?.kind !== 'control') throw new Error('not an answer');
  return message.answer;
};

describe('channelOf', () => {
  it.each([
    [quotes('600000.SH')[0], 'quotes'],
    [depths('600000.SH')[0], 'depth'],
    [trades('600000.SH')[0], undefined],
    [klines('1m', '600000.SH')[0], undefined],
    [undefined, undefined],
  ])('%j is %s', (topic, channel) => {
    expect(channelOf(topic)).toBe(channel);
  });
});

describe('a list of what is served', () => {
  it('belongs to a command on its channel', () => {
    const { matches } = answerIn(frames.subscribed);
    expect(matches?.(subscribe(...quotes('600000.SH')))).toBe(true);
    expect(matches?.({ op: 'unsubscribe', topics: quotes('600000.SH') })).toBe(true);
    expect(matches?.(subscribe(...depths('600000.SH')))).toBe(false);
  });

  it.each([{}, { channel: null }])('belongs to any command where it names no channel: %j', (said) => {
    expect(answerIn({ op: 'subscribed', symbols: [], ...said }).matches).toBeUndefined();
  });

  it('shows what was dropped silently', () => {
    const { unserved } = answerIn(frames.subscribed);
    const asked = quotes('000001.SZ', '999999.SZ', '600000.SH');
    expect(unserved?.(asked)).toEqual(quotes('999999.SZ'));
  });

  it('is compared across the spellings of Hong Kong', () => {
    const { unserved } = answerTo({ symbols: ['00700.HK', '9988.HK'] });
    expect(unserved?.(quotes('700.HK', '09988.HK', '1.HK'))).toEqual(quotes('1.HK'));
  });

  it('that is empty drops everything', () => {
    expect(answerTo({ symbols: [] }).unserved?.(quotes('600000.SH'))).toEqual(quotes('600000.SH'));
  });

  it('needs no note', () => {
    const command = subscribe(...quotes('600000.SH'));
    expect(answerTo({ symbols: [], total: 0 }).note?.(command, command.topics)).toBeUndefined();
  });

  it.each([undefined, null])('says nothing of what was dropped where it is %s', (symbols) => {
    expect(answerTo({ symbols, total: 97 }).unserved).toBeUndefined();
  });
});

describe('a number of what is served', () => {
  const hundred = quotes(...Array.from({ length: 100 }, (_, i) => `${600_000 + i}.SH`));

  it('says how many are missing on the channel of its command, if not which', () => {
    const { note } = answerIn(frames.subscribedByNumber);
    expect(note?.(subscribe(...hundred), [...hundred, ...depths('600000.SH')])).toBe(
      'the vendor serves 97 of the 100 symbols asked for on quotes, and does not say which it left out',
    );
  });

  it.each([100, 101, '100'])('that is %j says nothing about a hundred', (total) => {
    expect(answerIn({ op: 'subscribed', total }).note?.(subscribe(...hundred), hundred)).toBeUndefined();
  });

  it.each([undefined, null])('that is %s says nothing', (total) => {
    expect(answerTo({ total }).note?.(subscribe(...hundred), hundred)).toBeUndefined();
  });
});

describe('an error', () => {
  it.each([
    ['no permission for channel: depth', 'topics'],
    ['No Permission for channel: quotes', 'topics'],
    ['unknown channel: trades', 'topics'],
    ['invalid message: expected value', 'topics'],
    ['exceeded max 100 symbols', 'quota'],
    ['Exceeded max 5 symbols', 'quota'],
    ['internal error', 'unknown'],
    ['', 'unknown'],
    ['symbol exceeded max length', 'unknown'],
  ])('that says "%s" is about %s', (message, scope) => {
    expect(failureOf(message)).toEqual({ refusal: message, scope });
  });
});
