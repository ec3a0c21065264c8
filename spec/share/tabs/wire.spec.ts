import { flattenError } from '../../../lib/model/errorData.js';
import * as fc from 'fast-check';
import { ConnectionLost, Unauthorized } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { klines, trades } from '../../../lib/model/topic.js';
import { PROTOCOL, type Message } from '../../../lib/share/tabs/channel.js';
import { read, write } from '../../../lib/share/tabs/channel.js';
import { aBbo, aDepth, aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { connected, disconnected, latency, refused, resumed, undecodable } from '../linkEvents.js';

const topics = [...trades('AAPL.US'), ...klines('1m', '700.HK')];
const link = [connected, resumed, disconnected, latency, refused(), refused(...topics), undecodable];
const all: readonly FeedEvent[] = [...link, aTrade(), aQuote(), aDepth(), aBbo(), aKline()];
const arrived = (message: unknown) => read(structuredClone(message));
const said = (message: object) => arrived({ rxtape: PROTOCOL, from: 'a', ...message });

const messages: readonly Message[] = [
  { kind: 'leading', from: 'a' },
  { kind: 'topics', from: 'a', topics },
  { kind: 'answer', from: 'a', to: 'b', topics, events: all },
  { kind: 'events', from: 'a', events: all },
  { kind: 'completed', from: 'a' },
  { kind: 'failed', from: 'a', error: new Unauthorized('expired', 401) },
];

describe('a message between tabs', () => {
  it.each(messages.map((message) => [message.kind, message] as const))('arrives as it was sent: %s', (_, message) => {
    expect(arrived(write(message))).toEqual(message);
  });

  it('brings the error of a feed that failed as the class that it is, and a cause as the data that it is', () => {
    const failed = arrived(write({ kind: 'failed', from: 'a', error: new ConnectionLost(1006) }));
    expect(failed).toMatchObject({ error: expect.any(ConnectionLost) as unknown });
    const message = arrived(write({ kind: 'events', from: 'a', events: [disconnected] }));
    expect(message).toEqual({ kind: 'events', from: 'a', events: [disconnected] });
  });

  it.each([0, 2, 99])('is foreign in version %i, and known as a leader’s', (rxtape) => {
    expect(arrived({ rxtape, kind: 'leading' })).toEqual({ kind: 'foreign', leading: true });
    expect(arrived({ rxtape, kind: 'topics', topics: 5 })).toEqual({ kind: 'foreign', leading: false });
  });

  it.each([
    ['no object', 'hello'],
    ['nothing', null],
    ['no version', { kind: 'leading', from: 'a' }],
    ['no sender', { rxtape: PROTOCOL, kind: 'leading' }],
    ['an unknown kind', { rxtape: PROTOCOL, kind: 'vote', from: 'a' }],
    ['no topics', { rxtape: PROTOCOL, kind: 'topics', from: 'a', topics: [] }],
    ['topics that are none', { rxtape: PROTOCOL, kind: 'topics', from: 'a', topics: ['AAPL.US'] }],
    ['an answer to nobody', { rxtape: PROTOCOL, kind: 'answer', from: 'a', topics, events: [] }],
    [
      'an answer about what is no topic',
      { rxtape: PROTOCOL, kind: 'answer', from: 'a', to: 'b', topics: 5, events: [] },
    ],
  ])('is not understood with %s', (_, message) => {
    expect(arrived(message)).toBeUndefined();
  });

  it.each([
    ['no object', 5],
    ['a kind that is no name', { ...aTrade(), kind: 'a rumour' }],
    ['a kind that never leaves a feed', { ...aTrade(), kind: 'control' }],
    ['an inherited name as kind', { ...aTrade(), kind: 'constructor' }],
    ['no provider', { ...aTrade(), provider: undefined }],
    ['no time of arrival', { ...aTrade(), receivedAt: '5' }],
    ['no symbol', { ...aTrade(), symbol: undefined }],
    ['no interval that there is', { ...aKline(), interval: '7m' }],
    ['no topics that there are', { ...refused(), topics: ['AAPL.US'] }],
  ])('loses an event with %s, and keeps the others', (_, event) => {
    const good = aTrade();
    expect(said({ kind: 'events', events: [event, good] })).toEqual({ kind: 'events', from: 'a', events: [good] });
  });

  it('keeps an event that only its provider knows', () => {
    const own = { ...aTrade(), kind: 'funding' };
    expect(said({ kind: 'events', events: [own] })).toEqual({ kind: 'events', from: 'a', events: [own] });
  });

  it('has no events where there is no list of them', () => {
    expect(said({ kind: 'events', events: 'all' })).toMatchObject({ events: [] });
  });

  it('takes a cause that is none of ours for a lost connection', () => {
    const event = { ...disconnected, cause: { name: 'TypeError', message: 'oh' } };
    expect(said({ kind: 'events', events: [event] })).toMatchObject({
      events: [{ cause: flattenError(new ConnectionLost(1006, 'oh')) }],
    });
    const bare = { ...disconnected, cause: 5 };
    expect(said({ kind: 'events', events: [bare] })).toMatchObject({
      events: [{ cause: flattenError(new ConnectionLost(1006)) }],
    });
  });

  it('never throws, whatever is said', () => {
    const some = fc.oneof(
      fc.constantFrom<unknown>(...all, ...topics, 'a', 'events', 'answer', 'topics', PROTOCOL),
      fc.anything(),
    );
    const keys = ['rxtape', 'kind', 'from', 'to', 'topics', 'events', 'error'];
    const message = fc.dictionary(fc.constantFrom(...keys), fc.oneof(some, fc.array(some)));
    fc.assert(fc.property(message, (data) => void read({ rxtape: PROTOCOL, from: 'a', kind: 'answer', ...data })));
  });
});
