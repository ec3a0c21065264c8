import { fitted, padded, painted, span, wrapped } from '../../lib/bin/line.js';

const line = [span('up', 'up'), span(' and '), span('down', 'down')];

describe('line', () => {
  it('is cut to a width, across its pieces', () => {
    expect(fitted(line, 5)).toEqual([span('up', 'up'), span(' an')]);
    expect(fitted(line, 100)).toEqual(line);
  });

  it('is cut between words where a text is longer than a line', () => {
    const lines = (text: string, width: number) => wrapped(text, width).map((piece) => piece.text);
    expect(lines('one two three', 20)).toEqual(['one two three']);
    expect(lines('one two three four', 9)).toEqual(['one two', '  three', '  four']);
    expect(lines('unbreakable', 4)).toEqual(['unbreakable']);
  });

  it('is red for up in China, green elsewhere, and plain on request', () => {
    expect(painted(line, 'cn')).toBe('\u001b[31mup\u001b[0m and \u001b[32mdown\u001b[0m');
    expect(painted(line, 'us')).toBe('\u001b[32mup\u001b[0m and \u001b[31mdown\u001b[0m');
    expect(painted(line, 'none')).toBe('up and down');
  });

  it('pads figures on the left and names on the right', () => {
    expect(padded(span('1', 'up'), 3, 'right')).toEqual(span('  1', 'up'));
    expect(padded(span('A'), 3, 'left')).toEqual(span('A  '));
  });
});
