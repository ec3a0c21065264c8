import * as fc from 'fast-check';
import * as errors from '../../lib/model/errors.js';
import type { FeedError } from '../../lib/model/errors.js';
import { flattenError, reviveError } from '../../lib/model/errorData.js';
import { sameError } from '../../lib/testing/diff/values.js';

const text = fc.string();
const count = fc.double();
const maybe = <A>(some: fc.Arbitrary<A>) => fc.option(some, { nil: undefined });

/** Clones come from another realm than jest's, so that prototypes differ. */
const equals = (a: unknown, b: unknown) => (expect(a).toEqual(b), true);
const factsOf = (error: Error) => ({ ...Object.fromEntries(Object.entries(error)), message: error.message });

const anyError: { readonly [Tag in FeedError['_tag']]: fc.Arbitrary<FeedError> } = {
  Unauthorized: fc.tuple(text, maybe(count)).map((facts) => new errors.Unauthorized(...facts)),
  HandshakeRefused: fc.tuple(count, maybe(count), text).map((facts) => new errors.HandshakeRefused(...facts)),
  ConnectionLost: fc.tuple(count, text, maybe(text)).map((facts) => new errors.ConnectionLost(...facts)),
  ConnectTimeout: count.map((within) => new errors.ConnectTimeout(within)),
  AuthTimeout: count.map((within) => new errors.AuthTimeout(within)),
  HeartbeatMissed: count.map((silence) => new errors.HeartbeatMissed(silence)),
  SequenceGap: fc
    .tuple(text, count, fc.oneof(fc.record({ first: count, last: count }), fc.record({ previous: count, last: count })))
    .map((facts) => new errors.SequenceGap(...facts)),
  TokenUnavailable: text.map((reason) => new errors.TokenUnavailable(reason)),
  KickedRepeatedly: count.map((kicks) => new errors.KickedRepeatedly(kicks)),
  FeedInUse: fc.tuple(text, count).map((facts) => new errors.FeedInUse(...facts)),
  InvalidTopic: fc.tuple(fc.jsonValue(), text).map((facts) => new errors.InvalidTopic(...facts)),
  InvalidOption: fc.tuple(text, fc.jsonValue(), text).map((facts) => new errors.InvalidOption(...facts)),
};

describe.each(Object.entries(anyError))('%s', (tag, some) => {
  it('is the same error after the journey, of the same class', () => {
    fc.assert(
      fc.property(some, (error) => {
        const revived = reviveError(structuredClone(flattenError(error)));
        expect(sameError.call({ equals }, revived, error)).toBe(true);
        expect(revived.constructor).toBe(errors[tag as FeedError['_tag']]);
        expect(Object.keys(revived).sort()).toEqual(Object.keys(error).sort());
      }),
    );
  });
});

describe('an error as data', () => {
  it('leaves behind a fact that cannot be cloned, and says the same', () => {
    const error = new errors.InvalidOption('backoff', () => 5, 'no');
    const revived = reviveError(structuredClone(flattenError(error)));
    expect(factsOf(revived)).toMatchObject({
      _tag: 'InvalidOption',
      option: 'backoff',
      value: undefined,
      message: error.message,
    });
  });

  const circle: unknown[] = [];
  circle.push(circle);

  it.each([
    ['a bigint', 5n],
    ['a circle', circle],
    ['a symbol', Symbol('s')],
  ])('leaves behind %s, which has no JSON', (_, value) => {
    const flat = flattenError(new errors.InvalidOption('pace', value, 'no'));
    expect(reviveError(JSON.parse(JSON.stringify(flat)))).toMatchObject({ _tag: 'InvalidOption', value: undefined });
  });

  it('is a plain one with its name and message when it is not one of ours', () => {
    const thrown = Object.assign(new RangeError('too deep'), { token: 'secret' });
    const flat = flattenError(thrown);
    expect(JSON.stringify(flat)).not.toContain('secret');
    expect(String(reviveError(flat))).toBe('RangeError: too deep');
    expect(reviveError({ name: 'Error', message: 'm', _tag: 'Unknown' }).message).toBe('m');
  });

  it.each([
    ['text', 'boom', 'boom'],
    ['object', { token: 'secret' }, 'a object was thrown'],
  ])('is made of a thrown %s', (_, thrown, message) => {
    expect(reviveError(flattenError(thrown)).message).toBe(message);
  });

  it('is the same error after a journey as JSON', () => {
    const error = new errors.HandshakeRefused(503, 5_000, 'busy');
    const revived = reviveError(JSON.parse(JSON.stringify(flattenError(error))));
    expect(revived).toBeInstanceOf(errors.HandshakeRefused);
    expect(factsOf(revived)).toEqual(factsOf(error));
  });

  it('has no facts but those of its class, whatever the data say', () => {
    const said: unknown = { message: 'm', _tag: 'ConnectionLost', code: 'x', reason: 5, extra: 1 };
    const revived = reviveError(said);
    expect(factsOf(revived)).toMatchObject({ _tag: 'ConnectionLost', code: NaN, reason: '' });
    expect(revived).not.toHaveProperty('extra');
  });
});
