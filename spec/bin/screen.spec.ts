import { openScreen } from '../../lib/bin/terminal.js';
import { FakeOutput } from './fakeIo.js';

const opened = () => {
  const out = new FakeOutput(true);
  const screen = openScreen(out);
  const written = (act: () => void): string => {
    out.text = '';
    act();
    return out.text;
  };
  return { out, screen, written };
};

describe('openScreen', () => {
  it('takes the terminal over, and gives it back with the last lines on it', () => {
    const { out, screen, written } = opened();
    expect(out.text).toBe('\u001b[?1049h\u001b[?25l\u001b[?7l');
    expect(written(() => screen.leave(['a', 'b']))).toBe('\u001b[?7h\u001b[?25h\u001b[?1049la\nb\n');
  });

  it('clears, then writes only lines that have changed', () => {
    const { screen, written } = opened();
    expect(written(() => screen.draw(['a', 'b']))).toBe('\u001b[H\u001b[2J\u001b[1;1H\u001b[Ka\u001b[2;1H\u001b[Kb');
    expect(written(() => screen.draw(['a', 'c']))).toBe('\u001b[2;1H\u001b[Kc');
    expect(written(() => screen.draw(['a', 'c']))).toBe('');
    expect(written(() => screen.draw(['a']))).toBe('\u001b[2;1H\u001b[K');
  });

  it('draws everything anew when the terminal changes its size', () => {
    const { out, screen, written } = opened();
    screen.draw(['a']);
    out.columns = 60;
    expect(written(() => screen.draw(['a']))).toBe('\u001b[H\u001b[2J\u001b[1;1H\u001b[Ka');
  });

  it('skips frames while the terminal is behind', () => {
    const { out, screen, written } = opened();
    out.stuck = true;
    out.write('slow');
    expect(written(() => screen.draw(['a']))).toBe('');
  });
});
