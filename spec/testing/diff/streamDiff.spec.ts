import { ConnectionLost, HeartbeatMissed } from '../../../lib/model/errors.js';
import { aDepth, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { like } from '../../../lib/testing/diff/values.js';
import { streamDiff } from '../../../lib/testing/diff/streamDiff.js';
import type { MarbleMessage } from '../../../lib/testing/feeds.js';

const next = (frame: number, value: unknown): MarbleMessage => ({ frame, notification: { kind: 'N', value } });
const failed = (frame: number, error: unknown): MarbleMessage => ({ frame, notification: { kind: 'E', error } });
const done = (frame: number): MarbleMessage => ({ frame, notification: { kind: 'C' } });

const linesOf = (received: readonly MarbleMessage[], expected: readonly MarbleMessage[]): readonly string[] =>
  streamDiff(received, expected)?.split('\n') ?? [];

describe('streamDiff', () => {
  it('says nothing of streams that are alike', () => {
    const stream = [next(0, aTrade()), failed(3, new ConnectionLost(1006))];
    expect(streamDiff(stream, [next(0, like({ price: 100 })), failed(3, new ConnectionLost(1006))])).toBeUndefined();
  });

  it('aligns groups, and says what did not come and what was not expected', () => {
    expect(linesOf([next(1, 'a'), next(1, 'b'), next(4, 'd')], [next(1, 'a'), next(20, 'd'), done(20)])).toEqual([
      'the streams differ in 3 of 3 frames',
      '',
      'ms        1    4 20',
      'received  (ab)-d------',
      'expected  a------(d|)-',
      '          ^    ^ ^',
      '',
      'at 1 ms: received b, expected nothing',
      '    "b"',
      'at 4 ms: received d, expected nothing',
      '    "d"',
      'at 20 ms: received nothing, expected d',
      '    "d"',
      'at 20 ms: received nothing, expected |',
    ]);
  });

  it('gives events the letter of their kind, and one value one letter', () => {
    const [, , , received, expected] = linesOf(
      [next(0, aTrade()), next(1, aQuote()), next(2, aTrade()), next(3, aDepth())],
      [next(0, aTrade()), next(1, aQuote()), next(2, aTrade({ price: 2 })), next(3, aDepth())],
    );
    expect(received).toBe('received  t-q-t-d-');
    expect(expected).toBe('expected  t-q-a-d-');
  });

  it('shows the fields of equal kinds deep inside, and other kinds as wholes', () => {
    const bids = [{ price: 9, size: 1 }];
    const text = streamDiff(
      [next(0, aDepth()), next(1, aQuote()), failed(2, new ConnectionLost(1000))],
      [next(0, aDepth({ bids })), next(1, aTrade()), failed(2, new HeartbeatMissed(5))],
    );
    expect(text).toContain('    bids.0.price: received 99, expected 9\n');
    expect(text).toMatch(
      /at 1 ms: received q quote AAPL.US, expected t trade AAPL.US\n {4}\{"provider.*\n {4}\{"provider/,
    );
    expect(text).toContain('at 2 ms: received #, expected #\n    received ConnectionLost: the connection');
  });

  it('counts of a like only what it names', () => {
    expect(linesOf([next(0, aTrade({ price: 1, size: 2 }))], [next(0, like({ price: 3 }))]).slice(-1)).toEqual([
      '    price: received 1, expected 3',
    ]);
  });

  it('draws and describes a window of long streams', () => {
    const stream = (from: number): readonly MarbleMessage[] =>
      Array.from({ length: 100 }, (_, frame) => next(frame, frame < 50 ? 0 : from + frame));
    const lines = linesOf(stream(0), stream(500));
    expect(lines[0]).toBe('the streams differ in 50 of 100 frames');
    expect(lines).toContain('not drawn: 46 frames before, 34 after');
    expect(lines.at(-1)).toBe('and 42 more that differ');
  });

  it('shows collections, and figures that JSON has none for', () => {
    const received = { at: new Map([['AAPL.US', 1]]), last: NaN };
    const expected = { at: new Set(['AAPL.US']), last: NaN };
    expect(linesOf([next(0, received)], [next(0, expected)]).slice(-1)).toEqual([
      '    at: received [["AAPL.US",1]], expected ["AAPL.US"]',
    ]);
    expect(linesOf([next(0, { last: NaN })], []).slice(-1)).toEqual(['    {"last":"NaN"}']);
  });

  it('draws stars when it runs out of letters', () => {
    const [, , , received = ''] = linesOf(
      Array.from({ length: 60 }, (_, value) => next(0, value)),
      [],
    );
    expect(received).toMatch(/Z\*+\)-$/);
  });

  it('numbers streams without times', () => {
    expect(streamDiff([next(0, 1)], [next(0, 2)], 'no.')).toMatch(/\nno\. {7}0\n[^]*no\. 0: received a, expected b/);
  });
});
