import { newProgress } from '../../lib/bin/cassettes.js';
import { cassetteOf } from '../../lib/record/sinks.js';
import { read } from '../record/files/aFolder.js';
import { fakeIo } from './fakeIo.js';

describe('progress', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('says how far a long reading is, and hands on what it comes to', async () => {
    const io = fakeIo();
    const { counted, during } = newProgress(io, 'tape.ndjson');
    let finish: (value: string) => void = () => undefined;
    const work = during(new Promise<string>((resolve) => (finish = resolve)));
    await read(counted(cassetteOf([{ what: 'start', wall: 0, mono: 0, standing: [] }])));
    await jest.advanceTimersByTimeAsync(1_999);
    expect(io.stderr.text).toBe('');
    await jest.advanceTimersByTimeAsync(2_001);
    finish('done');
    expect(await work).toBe('done');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(io.stderr.lines()).toEqual([
      'rxtape: reading tape.ndjson: 1 entry in 00:02; Ctrl-C ends it',
      'rxtape: reading tape.ndjson: 1 entry in 00:04; Ctrl-C ends it',
    ]);
  });

  it('fails as the work does, and leaves no line on a terminal', async () => {
    const io = fakeIo({ terminal: true });
    const { during } = newProgress(io, 'tape.ndjson');
    let fail: (error: Error) => void = () => undefined;
    const work = during(new Promise<never>((_, reject) => (fail = reject)));
    const failed = expect(work).rejects.toThrow('no cassette');
    await jest.advanceTimersByTimeAsync(2_000);
    fail(new Error('no cassette'));
    await failed;
    expect(io.stderr.text.endsWith('Ctrl-C ends it\r\u001b[K')).toBe(true);
  });
});
