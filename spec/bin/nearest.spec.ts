import { suggestion } from '../../lib/bin/nearest.js';

const words = ['watch', 'live', 'book', 'klines', 'record', 'replay', 'itick:stock'];

describe('a word that is nearly another one', () => {
  it.each([
    ['wach', 'watch'],
    ['Watch', 'watch'],
    ['wtach', 'watch'],
    ['relay', 'replay'],
    ['kline', 'klines'],
    ['itick-stock', 'itick:stock'],
  ])('"%s" is a question for %s', (word, meant) => {
    expect(suggestion(word, words)).toBe(`did you mean ${meant}?`);
  });

  it.each(['weather', 'b', '', 'tickflow'])('"%s" is nearly none', (word) => {
    expect(suggestion(word, words)).toBeUndefined();
  });
});
