import { shellQuote } from '../../lib/bin/format.js';

describe('shellQuote', () => {
  it.each([
    ['day/tape.1.ndjson.gz', 'day/tape.1.ndjson.gz'],
    ['my tape.gz', "'my tape.gz'"],
    ["it's", String.raw`'it'\''s'`],
    ['', "''"],
  ])('writes %s as a shell takes it', (word, text) => {
    expect(shellQuote(word)).toBe(text);
  });
});
