import { setImmediate } from 'node:timers/promises';
import { throttled } from '../../lib/bin/commands/replay.js';
import type { Cassette, Entry } from '../../lib/record/index.js';
import { FakeOutput } from './fakeIo.js';

const start: Entry = { what: 'start', wall: 0, mono: 0, standing: [] };
const blocks: Entry[][] = [[start], [start, start]];
const cassette: Cassette = { name: 'tape', blocks: () => blocks };

const reading = (out: FakeOutput) => {
  const sizes: number[] = [];
  const read = async () => {
    for await (const block of throttled(cassette, out).blocks()) sizes.push(block.length);
  };
  return { sizes, done: read() };
};

describe('throttled', () => {
  it('hands on what a cassette holds, under its name', async () => {
    const { sizes, done } = reading(new FakeOutput());
    await done;
    expect(sizes).toEqual([1, 2]);
    expect(throttled(cassette, new FakeOutput()).name).toBe('tape');
  });

  it.each([
    ['has caught up', (out: FakeOutput) => out.emit('drain')],
    ['is gone', (out: FakeOutput) => out.emit('error', new Error('EPIPE'))],
  ])('reads no further until a stream that is behind %s', async (_, happens) => {
    const out = new FakeOutput();
    out.stuck = true;
    out.write('x'.repeat(2 ** 20));
    const { sizes, done } = reading(out);
    await setImmediate();
    expect(sizes).toEqual([1]);
    out.stuck = false;
    Object.defineProperty(out, 'writableNeedDrain', { value: false });
    happens(out);
    await done;
    expect(sizes).toEqual([1, 2]);
  });
});
