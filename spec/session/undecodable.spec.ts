import * as t from 'io-ts';
import { bad, broken, quoted, quotedFrame, together, undecodable, why, within } from '../../lib/session/undecodable.js';

const redact = (text: string): string => text.replaceAll('SECRET', '***');

/** The event as the end of the pipe says it. */
const saidOf = (frame: string, problems: readonly string[], say = redact) =>
  quotedFrame(undecodable('test', frame, problems, 7), 'test', say);

describe('undecodable', () => {
  it('says what came and what is wrong with it, without the credential', () => {
    expect(saidOf('{"token":"SECRET"}', ['token: SECRET is too long'])).toEqual({
      kind: 'undecodable',
      provider: 'test',
      receivedAt: 7,
      frame: '{"token":"***"}',
      problems: ['token: *** is too long'],
    });
  });

  it('quotes nothing before the end of the pipe', () => {
    const event = { kind: 'undecodable', provider: 'test', receivedAt: 7, frame: '', problems: [] };
    expect(undecodable('test', 'SECRET', ['no SECRET'], 7)).toEqual(event);
  });

  it('names five problems at most', () => {
    expect(saidOf('[]', ['1', '2', '3', '4', '5', '6']).problems).toEqual(['1', '2', '3', '4', '5']);
  });

  it('that was copied on its way, and so quotes no more than it says, goes through the same', () => {
    const copy = { kind: 'undecodable', receivedAt: 7, frame: 'of SECRET', problems: ['no SECRET'] } as const;
    const clean = { ...copy, provider: 'test', frame: 'of ***', problems: ['no ***'] };
    expect(quotedFrame(copy, 'test', redact)).toEqual(clean);
  });

  it('leaves a frame whole that is just as long as may be', () => {
    expect(saidOf('x'.repeat(500), []).frame).toBe('x'.repeat(500));
  });

  it('cuts a long frame, and no credential in two', () => {
    const { frame } = saidOf(`${'x'.repeat(497)}SECRET and more`, []);
    expect(frame).toBe(`${'x'.repeat(497)}***…`);
  });

  it('redacts a bounded part of a frame, however long that is', () => {
    let redacted = 0;
    const { frame } = saidOf('x'.repeat(2 ** 22), ['y'.repeat(2 ** 20)], (text) => {
      redacted += text.length;
      return text;
    });
    expect(frame).toBe(`${'x'.repeat(500)}…`);
    expect(redacted).toBeLessThan(20_000);
  });
});

describe('the problems of a frame', () => {
  const price = bad('data.p', 'SECRET', 'is no price');
  const codec = why(t.type({ v: t.number }), { v: 'SECRET' });

  it.each([
    ['one value', price, ['data.p: "***" is no price']],
    ['what a codec refuses', codec, ['v: "***" is not a number']],
    ['a part', within('rows.3', codec), ['rows.3.v: "***" is not a number']],
    ['several, in their order', together([price, codec]), ['data.p: "***" is no price', 'v: "***" is not a number']],
  ])('name where they are and what is there, without the credential: %s', (_, problems, said) => {
    expect(quotedFrame(undecodable('test', '{}', problems, 7), 'test', redact).problems).toEqual(said);
    expect(problems(redact)).toEqual(said);
  });
});

describe('quoted', () => {
  it.each<[number, string]>([
    [8_192, '***'],
    [8_193, '***…'],
  ])('says of a text of %d characters that is one credential whether there is more of it', (length, shown) => {
    const whole = 'k'.repeat(8_192);
    expect(quoted('k'.repeat(length), (text) => text.replaceAll(whole, '***'))).toBe(shown);
  });
});

describe('the event for a frame that the decoder threw for', () => {
  const deep = new RangeError('too deep for SECRET');

  it.each<[string, unknown, string]>([
    ['an error', deep, 'RangeError: too deep for ***'],
    ['an error without a name', Object.assign(new Error('no SECRET'), { name: '' }), 'no ***'],
    ['a text', 'no SECRET', 'no ***'],
    ['a number', 7, 'number'],
    ['an object', { token: 'SECRET' }, 'object'],
    ['nothing', undefined, 'undefined'],
  ])('quotes the frame and %s that was thrown, without the credential', (_, thrown, said) => {
    const message = broken('a frame with SECRET', 7, thrown);
    expect(JSON.stringify(message)).not.toContain('SECRET');
    expect(quotedFrame(message, 'test', redact)).toEqual({
      kind: 'undecodable',
      provider: 'test',
      receivedAt: 7,
      frame: 'a frame with ***',
      problems: [`the decoder failed: ${said}`],
    });
  });
});
