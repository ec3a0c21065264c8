import { undecodable } from '../../lib/session/undecodable.js';

const redact = (text: string): string => text.replaceAll('SECRET', '***');

describe('undecodable', () => {
  it('says what came and what is wrong with it, without the credential', () => {
    expect(undecodable('test', '{"token":"SECRET"}', ['token: SECRET is too long'], 7, redact)).toEqual({
      kind: 'undecodable',
      provider: 'test',
      receivedAt: 7,
      frame: '{"token":"***"}',
      problems: ['token: *** is too long'],
    });
  });

  it('leaves a frame whole that is just as long as may be', () => {
    expect(undecodable('test', 'x'.repeat(500), [], 0, redact).frame).toBe('x'.repeat(500));
  });

  it('cuts a long frame, and no credential in two', () => {
    const { frame } = undecodable('test', `${'x'.repeat(497)}SECRET and more`, [], 0, redact);
    expect(frame).toBe(`${'x'.repeat(497)}***…`);
  });

  it('redacts a bounded part of a frame, however long that is', () => {
    let redacted = 0;
    const { frame } = undecodable('test', 'x'.repeat(2 ** 22), ['y'.repeat(2 ** 20)], 0, (text) => {
      redacted += text.length;
      return text;
    });
    expect(frame).toBe(`${'x'.repeat(500)}…`);
    expect(redacted).toBeLessThan(20_000);
  });
});
