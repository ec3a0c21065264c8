import { lineWriter } from '../../lib/bin/lines.js';
import { FakeOutput } from './fakeIo.js';

const lost = (count: number) => `lost ${count}`;

describe('lineWriter', () => {
  it('writes a line each', async () => {
    const out = new FakeOutput();
    const { write, end } = lineWriter(out, lost);
    write('a');
    write('b');
    end();
    await Promise.resolve();
    expect(out.lines()).toEqual(['a', 'b']);
  });

  it('leaves lines out for a slow reader, and says how many before the next', async () => {
    const out = new FakeOutput();
    const { write } = lineWriter(out, lost, 5);
    for (const line of ['aaa', 'bbb', 'ccc', 'ddd']) write(line);
    await Promise.resolve();
    write('eee');
    await Promise.resolve();
    expect(out.lines()).toEqual(['aaa', 'bbb', 'lost 2', 'eee']);
  });

  it('says at the end what it has not said yet', async () => {
    const out = new FakeOutput();
    const { write, end } = lineWriter(out, lost, 0);
    write('a');
    write('b');
    end();
    end();
    await Promise.resolve();
    expect(out.lines()).toEqual(['a', 'lost 1']);
  });

  it('holds a bounded amount while nobody reads', () => {
    const out = new FakeOutput();
    out.stuck = true;
    const { write } = lineWriter(out, lost, 1_000);
    for (let i = 0; i < 10_000; i += 1) write('x'.repeat(99));
    expect(out.writableLength).toBeLessThanOrEqual(1_100);
  });
});
