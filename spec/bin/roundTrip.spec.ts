import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { run } from '../../lib/bin/run.js';
import type { CassetteReport } from '../../lib/bin/commands/inspect.js';
import { startSimulator } from '../../lib/simulator/index.js';
import { leave, leftFolder } from '../secrets/leftFolder.js';
import { SECRET } from '../secrets/secret.cjs';
import { fakeIo } from './fakeIo.js';

type FakeIo = ReturnType<typeof fakeIo>;

const rxtape = async (words: readonly string[], env: Record<string, string> = {}, io: FakeIo = fakeIo()) => ({
  io,
  code: await run(words, env, io),
});
const json = ({ stdout }: FakeIo) => stdout.lines().map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a recording', () => {
  let folder: string;
  let tape: string;
  /** What was said while it was recorded, and what the vendors' servers saw. */
  let recorded: { readonly io: FakeIo; readonly code: number };

  beforeAll(async () => {
    folder = leftFolder();
    tape = join(folder, 'tape.ndjson.gz');
    const vendors = await startSimulator({
      speed: 20,
      itick: { token: SECRET },
      tickflow: { apiKey: SECRET },
    });
    const { url } = vendors;
    const env = { ITICK_TOKEN: SECRET, TICKFLOW_API_KEY: SECRET, ITICK_URL: url, TICKFLOW_URL: url };
    const io = fakeIo({ terminal: true });
    const step = 200;
    let next = step;
    io.stderr.onText = (text) => {
      const events = Number([...text.matchAll(/ ([\d,]+) events/g)].at(-1)?.[1]?.replaceAll(',', '') ?? 0);
      if (events < next) return;
      next = events + step;
      if (text.includes('connected again')) io.interrupted$.next();
      else if (!text.includes('disconnected')) vendors.itick.drop();
    };
    const line = `record itick:stock AAPL.US 600000.SH tickflow 600000.SH --quotes --depth --out ${tape}`;
    recorded = await rxtape(line.split(' '), env, io);
    await vendors.close();
  });
  afterAll(() => {
    writeFileSync(join(folder, 'stderr.txt'), recorded.io.stderr.text);
    leave(folder);
  });

  it('says what happens to the links, what was written, and how to see it again', () => {
    const lines = recorded.io.stderr.lines();
    expect({ code: recorded.code, stdout: recorded.io.stdout.text }).toEqual({ code: 0, stdout: '' });
    expect(lines[0]).toBe(`rxtape: recording itick:stock, tickflow to ${tape}; Ctrl-C ends it`);
    expect(lines).toContainEqual(expect.stringMatching(/itick:stock disconnected: /));
    expect(lines.at(-2)).toMatch(/: [\d,]+ events in 00:0\d, [\d.]+ kB, 1 gap$/);
    expect(lines.at(-1)).toBe(`rxtape: to see it again: rxtape replay ${tape}`);
  });

  it('holds no credential, and neither does what was said', () => {
    const text = gunzipSync(readFileSync(tape)).toString() + recorded.io.stderr.text + recorded.io.stdout.text;
    expect(text).toContain('api_key=***');
    expect(text).not.toContain(SECRET);
  });

  it('is replayed as the same JSON each time, with its gap', async () => {
    const once = await rxtape(['replay', tape, '--speed', 'max', '--json']);
    const again = await rxtape(['replay', tape, '--speed', 'max', '--json']);
    expect(once.code).toBe(0);
    expect(once.io.stdout.text).toBe(again.io.stdout.text);
    expect(json(once.io).filter(({ kind }) => kind === 'connected')).toMatchObject([
      { provider: 'itick' },
      { provider: 'tickflow' },
      { provider: 'itick', resumed: { from: expect.any(Number) } },
    ]);
    expect(once.io.stderr.text).toBe(`rxtape: replaying itick:stock, tickflow (${tape}, speed max)\n`);
  });

  it('is replayed in a table, by the time of the recording', async () => {
    const { io, code } = await rxtape(
      ['replay', tape, '--speed', 'max', '--colors', 'none'],
      {},
      fakeIo({ terminal: true }),
    );
    expect({ code, stderr: io.stderr.text }).toEqual({ code: 0, stderr: '' });
    const [, left] = io.stdout.text.split('\u001b[?1049l');
    expect(left).toMatch(/itick:stock {2}live {2}[\d,]+ events\/s, 1 reconnect\n {2}AAPL\.US +\d[^]* \d?\ds\n/);
    expect(left).toMatch(/\n {2}600000\.SH +[\d.]+ .* 0s\n/);
  });

  it('is replayed as bars, as a book and as lines', async () => {
    const bars = await rxtape(['replay', tape, 'klines', '--speed', 'max', '--json']);
    const table = await rxtape(
      ['replay', tape, 'klines', '--speed', 'max'],
      { NO_COLOR: '1' },
      fakeIo({ terminal: true }),
    );
    const book = await rxtape(['replay', tape, 'book', '600000.SH', '--speed', 'max', '--json']);
    const lines = await rxtape(['replay', tape, '--speed', 'max'], { TERM: 'dumb' });
    expect([bars, table, book, lines].map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(json(bars.io).every(({ kind, closed }) => kind === 'kline' && closed)).toBe(true);
    expect(table.io.stdout.text).toMatch(/600000\.SH +\d\d:\d\d/);
    expect(json(book.io).at(-1)).toMatchObject({ symbol: '600000.SH', sources: ['itick', 'tickflow'] });
    expect(lines.io.stdout.text).toMatch(/^\d\d:\d\d:\d\d\.\d{3} itick:stock connected\n/);
  });

  it('shows only the symbols and kinds that are named, and all that the link says', async () => {
    const shownBy = async (...words: readonly string[]) => {
      const { io, code } = await rxtape(['replay', tape, ...words, '--speed', 'max', '--json']);
      const events = json(io);
      const pairs = events.flatMap(({ kind, symbol }) => (symbol === undefined ? [] : [[kind, symbol].join(' ')]));
      expect([code, events.some(({ kind }) => kind === 'connected')]).toEqual([0, true]);
      return [...new Set(pairs)].sort();
    };
    const all = await shownBy();
    expect(all.length).toBeGreaterThan(2);
    expect(await shownBy('watch', '600000.SH')).toEqual(all.filter((pair) => pair.endsWith(' 600000.SH')));
    expect(await shownBy('--depth')).toEqual(all.filter((pair) => pair.startsWith('depth ')));
    expect(await shownBy('watch', '600000.SH', '--quotes')).toEqual(['quote 600000.SH']);
    const none = await rxtape(['replay', tape, 'watch', 'NVDA.US', '--json']);
    expect([none.code, none.io.stderr.text]).toEqual([
      2,
      `rxtape: ${tape} holds no data of these symbols and kinds; rxtape inspect says what it holds; see rxtape --help\n`,
    ]);
  });

  it('starts where it is told, and says when that is after its end', async () => {
    const late = await rxtape(['replay', tape, '--speed', 'max', '--json', '--from', '+1h']);
    expect({ code: late.code, stdout: late.io.stdout.text }).toEqual({ code: 1, stdout: '' });
    expect(late.io.stderr.lines()[1]).toMatch(/^rxtape: nothing was heard from \d\d:\d\d:\d\d\.\d{3} on$/);
    const all = await rxtape(['replay', tape, '--speed', 'max', '--json']);
    const [first] = json(all.io);
    const at = new Date((first?.['receivedAt'] as number) + 1_000).toISOString();
    const rest = await rxtape(['replay', tape, '--speed', 'max', '--json', '--from', at]);
    expect(json(rest.io)[0]).toMatchObject({ kind: 'connected' });
    expect(rest.io.stdout.lines().length).toBeLessThan(all.io.stdout.lines().length);
  });

  it('is replayed at its own pace, until somebody stops it', async () => {
    const io = fakeIo();
    io.stdout.onText = (text) => {
      if (text.includes('quote')) io.interrupted$.next();
    };
    const { code } = await rxtape(['replay', tape], {}, io);
    expect({ code, stderr: io.stderr.lines() }).toEqual({
      code: 0,
      stderr: [`rxtape: replaying itick:stock, tickflow (${tape})`],
    });
  });

  it('is inspected', async () => {
    const { io, code } = await rxtape(['inspect', tape, '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(io.stdout.text) as CassetteReport;
    expect(report).toMatchObject({ connections: 3, lost: 0, undecodable: 0, damage: { count: 0 }, strangers: [] });
    expect(report.gaps).toMatchObject([{ source: 'itick:stock', cause: expect.any(String) }]);
    expect(report.symbols.map(({ source, symbol }) => `${source} ${symbol}`)).toEqual([
      'itick:stock AAPL.US',
      'itick:stock 600000.SH',
      'tickflow 600000.SH',
    ]);
    expect(report.symbols.every(({ quotes, depths }) => quotes > 0 && depths > 0)).toBe(true);
    const shown = await rxtape(['inspect', tape]);
    expect(shown.io.stdout.text).toMatch(/ {2}gaps +1 gap\n/);
  });

  it('is read around its damage, which is counted', async () => {
    const damaged = join(folder, 'damaged.ndjson');
    writeFileSync(damaged, gunzipSync(readFileSync(tape)));
    appendFileSync(damaged, 'not a line\n["in",1]\n');
    const lines = readFileSync(damaged, 'utf8').split('\n').length;
    const { io } = await rxtape(['inspect', damaged, '--json']);
    expect(JSON.parse(io.stdout.text)).toMatchObject({
      damage: { count: 2, first: [`${damaged}:${lines - 2} is damaged; it was skipped`, expect.any(String)] },
    });
    const replayed = await rxtape(['replay', damaged, '--speed', 'max', '--json']);
    expect(replayed.code).toBe(0);
    expect(replayed.io.stderr.lines().at(-1)).toBe(
      `rxtape: 2 lines are damaged and were skipped: ${damaged}:${lines - 2}, ${damaged}:${lines - 1}`,
    );
  });

  it('of another kind, or missing, is refused in one line', async () => {
    const foreign = join(folder, 'foreign.txt');
    writeFileSync(foreign, 'hello\n');
    const stranger = join(folder, 'stranger.ndjson');
    writeFileSync(
      stranger,
      '{"rxtape":1,"wall":1,"mono":0,"standing":[]}\n["connect",1,0,1,"wss://else.where/feed"]\n',
    );
    const problems = await Promise.all(
      [foreign, join(folder, 'nowhere.gz'), stranger].map(async (file) => {
        const { io, code } = await rxtape(['replay', file]);
        return `${code} ${io.stderr.text}`;
      }),
    );
    expect(problems).toEqual([
      expect.stringMatching(/^1 rxtape: .*foreign\.txt:1 is no cassette: .*\n$/),
      expect.stringMatching(/^1 rxtape: .*nowhere\.gz cannot be read \(ENOENT\); check its path\n$/),
      expect.stringMatching(
        /^2 rxtape: .*stranger\.ndjson holds only connections to wss:\/\/else\.where\/feed, no vendor/,
      ),
    ]);
    const { io } = await rxtape(['inspect', stranger]);
    expect(io.stdout.text).toContain('not decoded   wss://else.where/feed: no vendor known here');
  });

  it('is not written over unless that is wanted', async () => {
    const file = join(folder, 'mine.ndjson');
    writeFileSync(file, 'mine');
    const record = (...words: readonly string[]) =>
      rxtape(['record', '--demo', '--out', file, '--for', '200ms', ...words], {}, fakeIo());
    const { io, code } = await record();
    expect([code, io.stderr.text, readFileSync(file, 'utf8')]).toEqual([
      2,
      `rxtape: ${file} exists; add --force to write over it, or name another file; see rxtape --help\n`,
      'mine',
    ]);
    expect((await record('--force')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^\{"rxtape":1,/);
  });

  it('goes on in another file, and is replayed from all of them, or from one', async () => {
    const inner = join(folder, 'parts');
    mkdirSync(inner);
    const line = [
      'record',
      '--demo',
      '--speed',
      '20',
      '--out',
      join(inner, 'my tape.ndjson'),
      '--max-age',
      '400ms',
      '--for',
      '1500ms',
    ];
    const { io } = await rxtape(line);
    const files = readdirSync(inner).map((name) => join(inner, name));
    expect(files.length).toBeGreaterThan(1);
    expect(io.stderr.lines()[0]).toMatch(/ndjson, in parts; Ctrl-C ends it$/);
    expect(io.stderr.lines().at(-2)).toMatch(
      /^rxtape: wrote \d files, .*my tape\.1\.ndjson to .*my tape\.\d\.ndjson: /,
    );
    expect(io.stderr.lines().at(-1)).toContain(`rxtape replay '${join(inner, 'my tape.1.ndjson')}' '`);
    const all = await rxtape(['replay', ...files, '--speed', 'max', '--json']);
    expect(json(all.io).filter(({ kind }) => kind === 'connected')).toHaveLength(2);
    const second = await rxtape(['replay', join(inner, 'my tape.2.ndjson'), '--speed', 'max', '--json']);
    expect(json(second.io).some(({ kind }) => kind === 'quote')).toBe(true);
  });

  it('that cannot be begun says why', async () => {
    const file = join(folder, 'no', 'such', 'folder.gz');
    const { io, code } = await rxtape(['record', '--demo', '--out', file]);
    expect([code, io.stderr.lines().at(-1)]).toEqual([
      1,
      `rxtape: ${file} cannot be written: its folder does not exist; make it first`,
    ]);
    expect(existsSync(file)).toBe(false);
    const over = await rxtape(['record', '--demo', '--force', '--out', folder]);
    expect([over.code, over.io.stderr.text]).toEqual([
      2,
      expect.stringContaining('exists and is no file; name another one'),
    ]);
  });

  it('shows how far it is in one line of a terminal', async () => {
    const io = fakeIo({ terminal: true });
    io.stderr.onText = (text) => {
      if (text.includes('\r\u001b[K00:0') && text.includes('2 of 2 live  no gaps')) io.interrupted$.next();
    };
    const { code } = await rxtape(['record', '--demo', '--out', join(folder, 'live.ndjson')], {}, io);
    expect(code).toBe(0);
  });
});
