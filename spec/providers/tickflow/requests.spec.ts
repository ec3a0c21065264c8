import fc from 'fast-check';
import { depths, distinctTopics, quotes, topicKey, type Topic } from '../../../lib/model/topic.js';
import type { TickflowEndpoint } from '../../../lib/providers/tickflow/protocol.js';
import { encodeRequest, tickflowSubscribing, topicsAsked } from '../../../lib/providers/tickflow/requests.js';
import { wireSymbol } from '../../../lib/providers/tickflow/symbols.js';
import { decode } from './decoding.js';
import { commands, frames } from './frames.js';

const asked = (endpoint: TickflowEndpoint, ...topics: readonly Topic[]): readonly string[] => {
  const { batches, subscribe } = tickflowSubscribing(endpoint);
  return batches(topics).map((some) => encodeRequest(subscribe(some)));
};
const withdrawn = (endpoint: TickflowEndpoint, ...topics: readonly Topic[]): string =>
  encodeRequest(tickflowSubscribing(endpoint).unsubscribe(topics));

describe('a command', () => {
  it.each([
    ['quotes', asked('stream', ...quotes('600000.SH', '000001.SZ'))],
    ['depth', asked('stream', ...depths('600000.SH'))],
    ['withdrawal', [withdrawn('stream', ...depths('600000.SH'))]],
    ['legacy', asked('quotes', ...quotes('600000.SH', '000001.SZ'))],
    ['legacyWithdrawal', [withdrawn('quotes', ...quotes('600000.SH'))]],
  ] as const)('is written as the vendor’s page writes it: %s', (name, sent) => {
    expect(sent).toEqual([commands[name]]);
  });

  it('is one for each channel, quotes first', () => {
    expect(asked('stream', ...depths('600000.SH'), ...quotes('600000.SH', '000001.SZ'))).toEqual([
      commands.quotes,
      commands.depth,
    ]);
  });

  it('pads Hong Kong to five digits', () => {
    expect(asked('stream', ...quotes('700.HK'))).toEqual([
      '{"op":"subscribe","channel":"quotes","symbols":["00700.HK"]}',
    ]);
  });

  it('is none for nothing', () => {
    expect(asked('stream')).toEqual([]);
  });

  const symbol = fc.oneof(
    fc.nat(500).map((i) => `${600_000 + i}.SH`),
    fc.constantFrom('700.HK', '00700.HK', 'AAPL.US', 'au2604.SHF'),
  );
  const topic: fc.Arbitrary<Topic> = fc.record({ channel: fc.constantFrom('quote', 'depth'), symbol });

  it('covers, with the others, exactly the topics, a hundred symbols at most', () => {
    const { batches, subscribe } = tickflowSubscribing('stream');
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 600, size: 'max' }), (some) => {
        const topics = distinctTopics(some);
        const groups = batches(topics);
        expect(new Set(groups.flat())).toEqual(new Set(topics));
        const requested = groups.map(subscribe).flatMap(({ channel, symbols }) => {
          expect(symbols.length).toBeLessThanOrEqual(100);
          return symbols.map((name) => `${channel ?? ''} ${name}`);
        });
        const wanted = topics.map((one) => `${one.channel === 'quote' ? 'quotes' : 'depth'} ${wireSymbol(one.symbol)}`);
        expect(requested.sort()).toEqual(wanted.sort());
      }),
      { numRuns: 50 },
    );
  });
});

describe('the topics of a frame of ours', () => {
  const symbol = fc.constantFrom('600000.SH', '000001.SZ', '700.HK', '00700.HK', 'AAPL.US');

  it.each(['stream', 'quotes'] as const)('are those that it was made of: %s', (endpoint) => {
    const makers = endpoint === 'stream' ? [quotes, depths] : [quotes];
    const topic = fc.tuple(fc.constantFrom(...makers), symbol).map(([make, one]) => make(one));
    fc.assert(
      fc.property(fc.array(topic, { minLength: 1 }), (some) => {
        const keys = (topics: readonly Topic[]): readonly string[] => topics.map(topicKey).sort();
        const topics = distinctTopics(some.flat());
        expect(keys(asked(endpoint, ...topics).flatMap(topicsAsked))).toEqual(keys(topics));
      }),
    );
  });

  it.each([
    ['a withdrawal', withdrawn('stream', ...quotes('600000.SH'))],
    ['a channel that there is not', '{"op":"subscribe","channel":"trades","symbols":["600000.SH"]}'],
    ['no symbols', '{"op":"subscribe","channel":"quotes"}'],
    ['null', 'null'],
    ['no JSON', 'ping'],
  ])('are none for %s', (_, frame) => {
    expect(topicsAsked(frame)).toEqual([]);
  });
});

describe('an answer', () => {
  const { answer, answersUnsubscribe } = tickflowSubscribing('stream');

  it('comes to an unsubscribe too', () => {
    expect(answersUnsubscribe).toBe(true);
  });

  it.each(['subscribed', 'subscribedByNumber', 'noPermission', 'quotaExceeded'] as const)('is found in %s', (name) => {
    expect(decode(frames[name]).map(answer)).toEqual([expect.any(Object)]);
  });

  it.each(['quotes', 'depth'] as const)('is not found in %s', (name) => {
    expect(decode(frames[name]).map(answer)).toEqual([undefined]);
  });
});
