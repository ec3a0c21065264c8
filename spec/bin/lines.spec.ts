import { jsonLines, plainLines } from '../../lib/bin/lines.js';
import type { SourceEvent } from '../../lib/bin/sources.js';
import { ConnectionLost, quotes } from '../../lib/index.js';
import { aQuote, marbles } from '../../lib/testing/index.js';
import { FakeOutput } from './fakeIo.js';

const quote: SourceEvent = { source: 'itick:stock', event: aQuote() };
const lost: SourceEvent = {
  source: 'itick:stock',
  event: {
    kind: 'disconnected',
    provider: 'itick',
    receivedAt: 0,
    cause: new ConnectionLost(1006),
    attempt: 1,
    retryAt: 5,
  },
};
const huge: SourceEvent = {
  source: 'itick:stock',
  event: { kind: 'refused', provider: 'itick', receivedAt: 0, topics: quotes('A.US'), reason: 'x'.repeat(2 ** 20) },
};
/** Without the end of a turn in between, a fake stream stays corked, as a reader that does not read would leave it. */
const written = async (out: FakeOutput): Promise<string[]> => {
  await Promise.resolve();
  return out.lines();
};

describe('jsonLines', () => {
  it('writes each event as it is, a cause with its facts and message, and emits nothing', async () => {
    const out = new FakeOutput();
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('qd|', { q: quote, d: lost }).pipe(jsonLines(out))).toBe('--|');
    })();
    const [first, second] = (await written(out)).map((line): unknown => JSON.parse(line));
    expect(first).toEqual(quote.event);
    expect(second).toMatchObject({ cause: { _tag: 'ConnectionLost', code: 1006, message: expect.any(String) } });
  });

  it('counts what a slow reader has missed, with the time of the count', async () => {
    const out = new FakeOutput();
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('hqq|', { h: huge, q: quote }).pipe(jsonLines(out))).toBe('---|');
    })();
    const [, ...rest] = (await written(out)).map((line): unknown => JSON.parse(line));
    expect(rest).toEqual([{ kind: 'dropped', receivedAt: 3, count: 2 }]);
  });
});

describe('plainLines', () => {
  it('writes each event as a line, and counts what a slow reader has missed', async () => {
    const out = new FakeOutput();
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('qhq|', { h: huge, q: quote }).pipe(plainLines(out))).toBe('---|');
    })();
    const lines = await written(out);
    expect(lines[0]).toMatch(/ test AAPL\.US quote 100$/);
    expect(lines[2]).toBe('... 1 left out: the reader is too slow');
  });
});
