import { ConnectionLost, InvalidOption } from '../../lib/model/errors.js';
import { redacting } from '../../lib/model/redacting.js';
import { quotes } from '../../lib/model/topic.js';
import { scrubbing } from '../../lib/session/scrub.js';
import { aQuote } from '../../lib/testing/builders.js';

const SECRET = 'f00dfeedf00dfeed';
const { event, error } = scrubbing('acme', redacting(SECRET));

/** A text inside so many lists. */
const nestedIn = (lists: number, text: string): unknown => {
  let nested: unknown = text;
  for (let i = 0; i < lists; i++) nested = [nested];
  return nested;
};

describe('scrubbing', () => {
  const topics = quotes(`${SECRET}.US`);
  const facts = { provider: 'acme', feed: 'acme', receivedAt: 1 };

  it.each<[string, object]>([
    ['quote', aQuote({ symbol: `${SECRET}.US` })],
    ['connected', { ...facts, attempt: 1 }],
    ['disconnected', { ...facts, cause: { _tag: 'ConnectionLost', code: 1006 } }],
    ['subscribed', { ...facts, topics }],
    ['unsubscribed', { ...facts, topics }],
    ['latency', { ...facts, roundTrip: 3 }],
  ])('leaves the very same event where only the caller and this library write texts: %s', (kind, some) => {
    const own = { ...some, kind };
    expect(event(own)).toBe(own);
  });

  it('leaves the topics of a refusal, which the caller wrote, and goes through its reason', () => {
    const refused = { kind: 'refused', ...facts, topics, reason: `no ${SECRET}` };
    expect(event(refused)).toEqual({ ...refused, reason: 'no ***' });
  });

  it('goes through the symbol of an unexpected topic, and leaves its channel, which is a word of this library', () => {
    const unexpected = (symbol: string) => ({ kind: 'unexpected', ...facts, topic: { channel: 'quote', symbol } });
    expect(event(unexpected(`${SECRET}.US`))).toEqual(unexpected('***.US'));
    const { event: another } = scrubbing('acme', redacting('quote'));
    expect(another(unexpected('quote.US'))).toEqual(unexpected('***.US'));
  });

  it('goes through every text of an event that only its provider knows, and leaves its names', () => {
    const own = { kind: 'status', provider: 'acme', feed: 'acme', note: [{ text: `key ${SECRET}` }], [SECRET]: 1 };
    const clean = event(own);
    expect(JSON.stringify(clean)).not.toContain(SECRET);
    expect(clean).toMatchObject({ kind: 'status', provider: 'acme', feed: 'acme' });
  });

  it('leaves the names of such an event also where they are the credential, and adds none', () => {
    const { event: another } = scrubbing('acme', redacting('acme'));
    const own = { kind: 'status', provider: 'acme', feed: 'acme:2', note: 'of acme' };
    expect(another(own)).toStrictEqual({ ...own, note: 'of ***' });
    expect(another({ kind: 'status', note: 'of acme' })).toStrictEqual({ kind: 'status', note: 'of ***' });
  });

  it('leaves what is no text of such an event: numbers, nothing, and objects with a class', () => {
    const own = { kind: 'status', at: new Date(7), level: 3, is: true, none: null, unknown: undefined };
    expect(event(own)).toStrictEqual(own);
  });

  it('survives one that is nested deeper than the stack', () => {
    const clean = event({ kind: 'status', provider: 'acme', nested: nestedIn(100_000, SECRET) });
    expect(clean).toMatchObject({ kind: 'status', provider: 'acme' });
  });

  it('keeps what lies inside a hundred lists, and leaves out what lies deeper', () => {
    const clean = (lists: number) => JSON.stringify(event({ kind: 'status', nested: nestedIn(lists, 'text') }));
    expect(clean(100)).toContain('text');
    expect(clean(101)).not.toContain('text');
  });

  it('makes an error anew that holds the credential, and no other', () => {
    const bad = new ConnectionLost(4_000, `kicked: ${SECRET}`);
    const clean = error(bad);
    expect(clean).toBeInstanceOf(ConnectionLost);
    expect(String(clean) + JSON.stringify(clean)).not.toContain(SECRET);
    const good = new ConnectionLost(1_006);
    expect(error(good)).toBe(good);
    expect(String(error(new Error(`failed with ${SECRET}`)))).not.toContain(SECRET);
  });

  it.each<[string, Error]>([
    [
      'where its message does not reach',
      new InvalidOption('url', { note: 'n'.repeat(200), token: SECRET }, 'it is a text'),
    ],
    ['in the message alone', Object.assign(new ConnectionLost(1_006), { message: `lost ${SECRET}` })],
  ])('makes an error anew that holds it %s', (_, bad) => {
    const clean = error(bad) as Error;
    expect(clean).toBeInstanceOf(bad.constructor);
    expect(clean.message + JSON.stringify(clean)).not.toContain(SECRET);
  });

  it.each([new TypeError('no such thing'), 'a text', undefined, 7])('leaves the very same %p', (thrown) => {
    expect(error(thrown)).toBe(thrown);
  });
});
