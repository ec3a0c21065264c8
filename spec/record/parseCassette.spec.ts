import fc from 'fast-check';
import { cassetteReader } from '../../lib/record/parseCassette.js';
import { entryLine } from '../../lib/record/format.js';
import { BadCassette, parseCassette, type Entry } from '../../lib/record/index.js';
import { recording } from './anEntry.js';
import { entriesOf } from './aTape.js';

const textOf = (entries: readonly Entry[]): string => entries.map((entry) => `${entryLine(entry)}\n`).join('');

const header = '{"rxtape":1,"wall":5,"mono":0,"standing":[]}\n';

/** As a file is read. */
const inPieces = (text: string): readonly string[] =>
  Array.from({ length: Math.ceil(text.length / 2 ** 13) }, (_, i) => text.slice(i * 2 ** 13, (i + 1) * 2 ** 13));

describe('parseCassette', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(recording, (entries) => {
        expect(entriesOf(parseCassette(textOf(entries)))).toEqual(entries);
      }),
    );
  });

  it('reads only what is asked for, and each start', () => {
    fc.assert(
      fc.property(recording, (entries) => {
        const some = [...(parseCassette(textOf(entries)).blocks('connect', 'lost') as Iterable<readonly Entry[]>)];
        expect(some.flat()).toEqual(entries.filter(({ what }) => ['start', 'connect', 'lost'].includes(what)));
      }),
    );
  });

  it('reads all whole lines of a text that was cut off anywhere, and tells of one torn line at most', () => {
    fc.assert(
      fc.property(recording, fc.double({ min: 0, max: 1, noNaN: true }), (entries, share) => {
        const text = textOf(entries);
        const cut = text.slice(0, Math.floor(text.length * share));
        const whole = cut.split('\n').length - 1;
        const damages: BadCassette[] = [];
        const read = (): readonly Entry[] => entriesOf(parseCassette(cut, { onDamage: (one) => damages.push(one) }));
        // A line may have lost only its end.
        if (whole === 0 && cut !== text.slice(0, text.indexOf('\n'))) {
          expect(read).toThrow(BadCassette);
        } else {
          const found = read();
          expect(found).toEqual(entries.slice(0, found.length));
          expect([whole, whole + 1]).toContain(found.length);
          expect(damages.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('skips a damaged line, and tells where it is', () => {
    const damages: string[] = [];
    const text = `${header}["open",1,1,1]\n["open",1,\u0000\n{"a":1}\n["close",1,1,1,"x","",true]\n\n["ping",2,2,1]\n`;
    const cassette = parseCassette(text, { name: 'a.ndjson', onDamage: ({ message }) => damages.push(message) });
    expect(entriesOf(cassette).map(({ what }) => what)).toEqual(['start', 'open', 'ping']);
    expect(damages).toEqual([3, 4, 5].map((line) => `a.ndjson:${line} is damaged; it was skipped`));
  });

  it.each(['["open",1]', '["open",1,1,"x"]', '["lost",1,1,1]', '["in",1,1,1]', '["connect",1,1,1,2]'])(
    'takes %s for damaged',
    (line) => {
      expect(entriesOf(parseCassette(`${header}${line}\n`))).toHaveLength(1);
    },
  );

  it.each([
    '["nothing",1,1,1]',
    '["refused",1,1,1,"503","",""]',
    '["binary",1,1,1]',
    '["error",1,1,1]',
    '["out",1,1,1,{}]',
    '["binary",1,1,1,"%%%%"]',
    '["binary",1,1,1,"A"]',
    '["in",1e999,1,1,""]',
    '["in",17724618000000,1,1,""]',
    '["in",1,1e999,1,""]',
  ])('takes %s for damaged too', (line) => {
    expect(entriesOf(parseCassette(`${header}${line}\n`))).toHaveLength(1);
  });

  it('reads what an editor of Windows has saved', () => {
    const damages: unknown[] = [];
    const text = `\uFEFF${header}["in",1,1,1,"é 🙂"]\n\n`.replaceAll('\n', '\r\n');
    const cassette = parseCassette(text, { onDamage: (damage) => damages.push(damage) });
    expect(entriesOf(cassette)).toEqual([
      { what: 'start', wall: 5, mono: 0, standing: [] },
      { what: 'in', wall: 1, mono: 1, connection: 1, frame: 'é 🙂' },
    ]);
    expect(damages).toEqual([]);
  });

  it('reads a line of 16 MiB in a moment, and skips one that no frame is long enough for', () => {
    const frame = 'x'.repeat(2 ** 24);
    const long = JSON.stringify(['in', 1, 1, 1, frame]);
    const damages: string[] = [];
    const reader = cassetteReader('a', { onDamage: ({ message }) => damages.push(message) });
    reader.read(header);
    const startedAt = performance.now();
    const found = inPieces(`${long}\n`).flatMap(reader.read);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(found).toEqual([{ what: 'in', wall: 1, mono: 1, connection: 1, frame }]);
    const garbage = '{'.repeat(2 ** 20);
    for (let mebi = 0; mebi <= 128; mebi += 1) expect(reader.read(garbage)).toEqual([]);
    expect(reader.read('\n["ping",1,1,1]\n')).toEqual([{ what: 'ping', wall: 1, mono: 1, connection: 1 }]);
    expect(damages).toEqual(['a:3 is longer than any frame; it was skipped']);
  });

  it('does not read garbage without line ends to its end', () => {
    expect(() => cassetteReader('a').read('garbage')).toThrow('a:1 is no cassette');
    const reader = cassetteReader('a');
    const objects = '{'.repeat(2 ** 20);
    const readOn = (): void => {
      for (let mebi = 0; mebi <= 128; mebi += 1) reader.read(objects);
    };
    expect(readOn).toThrow('a:1 is no cassette');
  });

  it.each([
    ['', 'is empty: nothing was recorded, or the recorder ended before it could write'],
    ['time,price\n1,2\n', 'is no cassette: give a file that `record` has written'],
    ['null', 'is no cassette: give a file that `record` has written'],
    ['["open",1,1,1]', 'is no cassette: give a file that `record` has written'],
    ['{"rxtape":2,"wall":1}', 'has format 2, and this version reads up to 1; update rxtape'],
    ['{"rxtape":1,"wall":1}', 'is damaged, and without its first line a cassette cannot be read'],
    [
      '{"rxtape":1,"wall":1,"mono":1,"standing":[null]}',
      'is damaged, and without its first line a cassette cannot be read',
    ],
  ])('refuses %j', (text, problem) => {
    expect(() => entriesOf(parseCassette(text))).toThrow(new BadCassette('cassette', 1, problem));
  });
});

describe('the first line of a stranger', () => {
  it.each([
    [-1, 0],
    [-1e15, 0],
    [-8.64e15, 0],
    [1e300, 0],
    [0, -1],
    [0, 1e300],
  ])('is damaged where its times are %d and %d', (wall, mono) => {
    const line = JSON.stringify({ rxtape: 1, wall, mono, standing: [] });
    const read = (): unknown => [...(parseCassette(line).blocks() as Iterable<unknown>)];
    expect(read).toThrow(/is damaged, and without its first line a cassette cannot be read/);
  });
});
