import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { run } from '../../lib/bin/run.js';
import { aFolder } from '../record/files/aFolder.js';
import { fakeIo } from './fakeIo.js';

const path = aFolder();
const DAY = 86_400_000;
const START = 1_000;

type Row = readonly unknown[] | Readonly<Record<string, unknown>>;

const begun: readonly Row[] = [
  { rxtape: 1, wall: START, mono: 0, standing: [] },
  ['connect', START, 0, 1, 'wss://api.itick.org/stock'],
  ['open', START, 0, 1],
  ['in', START + 1, 1, 1, '{"code":1,"resAc":"auth","msg":"authenticated"}'],
];
const textOf = (rows: readonly Row[]): string => [...begun, ...rows].map((row) => `${JSON.stringify(row)}\n`).join('');
const selection = (symbols: readonly string[]): Row => [
  'out',
  START + 2,
  2,
  1,
  JSON.stringify({ ac: 'subscribe', params: symbols.map((symbol) => `${symbol}$US`).join(','), types: 'quote' }),
];
const ping = (after: number, connection = 1): Row => ['ping', START + after, after, connection];

const inspected = async (file: string, ...options: readonly string[]) => {
  const io = fakeIo();
  const code = await run(['inspect', file, ...options], {}, io);
  return { code, out: io.stdout.text, error: io.stderr.text };
};
const inspectedText = (text: string, ...options: readonly string[]) => {
  const file = path('strange.ndjson');
  writeFileSync(file, text);
  return inspected(file, ...options);
};

describe('a recording from a stranger', () => {
  it('with 200,000 symbols is inspected, and its report stays short', async () => {
    const symbols = Array.from({ length: 200_000 }, (_, i) => `S${i}`);
    const { code, out, error } = await inspectedText(textOf([selection(symbols), ping(1_000)]));
    expect([code, error.replace(/^rxtape: reading .*\n/gm, '')]).toEqual([0, '']);
    expect(out).toContain('and 199,951 more');
    expect(out.split('\n').length).toBeLessThan(100);
  }, 60_000);

  it.each<[string, readonly Row[], RegExp]>([
    [
      'a session that is silent for a year',
      [selection(['A']), ping(365 * DAY)],
      /holds nothing from 1970-01-01.* to 1971-/,
    ],
    [
      'a silence of a month at a time',
      Array.from({ length: 100 }, (_, i) => ping(i * 30 * DAY)),
      /holds nothing from 197\d-.*; replay its parts/,
    ],
    [
      'a pause of a century between two recordings',
      [['close', START + 2, 2, 1, 1000, '', true], { rxtape: 1, wall: START + 36_500 * DAY, mono: 0, standing: [] }],
      /holds nothing from 1970-01-01.* to 2069-/,
    ],
    [
      'thousands of sessions that nothing closes',
      Array.from({ length: 2_000 }, (_, i): Row => ['connect', START + i, i, i + 2, 'wss://api.itick.org/stock']),
      /holds more than 1000 connections at once/,
    ],
    [
      'hundreds of addresses',
      Array.from({ length: 300 }, (_, i): readonly Row[] => [
        ['connect', START + i, i, i + 2, `wss://host${i}/stock`],
        ['close', START + i, i, i + 2, 1000, '', false],
      ]).flat(),
      /holds more than 200 addresses/,
    ],
  ])('is refused in one sentence: %s', async (_, rows, sentence) => {
    const { code, out, error } = await inspectedText(textOf(rows));
    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(sentence);
    expect(error.replace(/^rxtape: reading .*\n/gm, '')).toMatch(/^rxtape: .*\n$/);
  });

  it.each([
    ['empty', '\n', /:1005 ends 1000 empty lines in a row; what comes before can be read/],
    ['blank', ' \r\n', /:1005 ends 1000 empty lines in a row/],
    ['damaged', 'x\n', /:100005 ends 100000 damaged lines in a row/],
  ])(
    'is refused in one sentence: %s lines, packed small',
    async (_, line, sentence) => {
      const file = path('strange.ndjson.gz');
      // Some 200 MB of text in some 200 kB.
      const block = gzipSync(line.repeat(2 ** 25 / line.length));
      writeFileSync(file, Buffer.concat([gzipSync(textOf([])), ...Array.from({ length: 6 }, () => block)]));
      const { code, out, error } = await inspected(file);
      expect([code, out]).toEqual([1, '']);
      expect(error.replace(/^rxtape: reading .*\n/gm, '')).toMatch(sentence);
    },
    60_000,
  );

  it('is read where lines of a later version, or damage, come in between', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => `\n${JSON.stringify(ping(i * 1_000))}\nx\n`);
    const { code, out } = await inspectedText(textOf([]) + rows.join(''), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ to: START + 2_999_000, damage: { count: 3_000 } });
  });
});
