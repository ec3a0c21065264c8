import { quitKeys } from '../../lib/bin/terminal.js';
import { FakeInput } from './fakeIo.js';

const typed = (input: FakeInput, ...keys: string[]): number => {
  let quits = 0;
  const keys$ = quitKeys(input).subscribe(() => (quits += 1));
  for (const key of keys) input.emit('data', Buffer.from(key));
  keys$.unsubscribe();
  return quits;
};

describe('quitKeys', () => {
  it.each(['q', 'Q', '\u0003', '\u0004', 'xq'])('hears %j', (key) => {
    expect(typed(new FakeInput(true), key)).toBe(1);
  });

  it('ignores all other keys', () => {
    expect(typed(new FakeInput(true), 'x', '\u001b[A', '\r')).toBe(0);
  });

  it('reads single keys only while somebody listens', () => {
    const input = new FakeInput(true);
    typed(input);
    expect(input.raw).toEqual([true, false]);
    expect(input.isPaused()).toBe(true);
    expect(input.listenerCount('data')).toBe(0);
  });

  it('leaves alone what is no terminal', () => {
    const input = new FakeInput(false);
    expect(typed(input, 'q')).toBe(0);
    expect(input.raw).toEqual([]);
  });
});
