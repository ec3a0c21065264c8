import { parseCommand } from '../../lib/bin/args.js';
import type { Environment, HistoryPlan } from '../../lib/bin/Plan.js';
import { csvField } from '../../lib/bin/pastText.js';
import { run } from '../../lib/bin/run.js';
import type { Kline } from '../../lib/index.js';
import { startSimulator, type Simulator } from '../../lib/simulator/index.js';
import { served } from '../history/loopback.js';
import { fakeIo, systemError } from './fakeIo.js';

type FakeIo = ReturnType<typeof fakeIo>;

const SECRET = 'my-secret';
const MINUTE = 60_000;
const wordsOf = (line: string): string[] => line.split(' ').filter(Boolean);
const planOf = (line: string, env: Environment = {}): HistoryPlan => {
  const command = parseCommand(['history', ...wordsOf(line)], env);
  if (typeof command === 'string' || command.kind !== 'history') throw new Error('asked for something else');
  return command;
};
const rxtape = async (line: string, env: Record<string, string> = {}, io: FakeIo = fakeIo()) => ({
  io,
  code: await run(['history', ...wordsOf(line)], env, io),
});
const iso = (time: number): string => new Date(time).toISOString();

describe('the command line of a history', () => {
  const spans = (line: string) =>
    planOf(`itick:stock ${line} --demo`).spans.map(({ symbols, from, to }) => [symbols.join(' '), iso(from), iso(to)]);

  it('takes a date for the whole day of the venue, in summer and in winter', () => {
    expect(spans('AAPL.US 1m --from 2026-07-01 --to 2026-07-01')).toEqual([
      ['AAPL.US', '2026-07-01T04:00:00.000Z', '2026-07-02T04:00:00.000Z'],
    ]);
    expect(spans('AAPL.US 1m --from 2026-01-05 --to 2026-01-06')).toEqual([
      ['AAPL.US', '2026-01-05T05:00:00.000Z', '2026-01-07T05:00:00.000Z'],
    ]);
  });

  it('gives each venue its own day, and asks for those of one time zone together', () => {
    expect(spans('AAPL.US 700.HK TSLA.US BTCUSDT.BA 1d --from 2026-01-05 --to 2026-01-05')).toEqual([
      ['AAPL.US TSLA.US', '2026-01-05T05:00:00.000Z', '2026-01-06T05:00:00.000Z'],
      ['700.HK', '2026-01-04T16:00:00.000Z', '2026-01-05T16:00:00.000Z'],
      ['BTCUSDT.BA', '2026-01-05T00:00:00.000Z', '2026-01-06T00:00:00.000Z'],
    ]);
  });

  it('takes a time without a zone for one of the venue, and one with a zone as it is', () => {
    expect(spans('600000.SH 5m --from 2026-01-05T09:30 --to 2026-01-05T10:00:30')).toEqual([
      ['600000.SH', '2026-01-05T01:30:00.000Z', '2026-01-05T02:00:30.000Z'],
    ]);
    expect(spans('600000.SH 5m --from 2026-01-05T09:30Z --to 2026-01-05T09:30-05:00')).toEqual([
      ['600000.SH', '2026-01-05T09:30:00.000Z', '2026-01-05T14:30:00.000Z'],
    ]);
  });

  it('ends now, and is a table, unless the line says otherwise', () => {
    const begun = Date.now();
    const {
      spans: found,
      output,
      interval,
      budget,
      simulation,
    } = planOf('tickflow 700.HK 1h --from 2026-01-05 --demo');
    expect(found[0]?.to).toBeGreaterThanOrEqual(begun);
    expect({ output, interval, budget, simulation }).toEqual({
      output: 'table',
      interval: '1h',
      budget: { calls: 600, per: MINUTE },
      simulation: { speed: 1 },
    });
    expect(planOf('tickflow 700.HK 1h --from 2026-01-05 --demo --csv --calls-per-minute 120')).toMatchObject({
      output: 'csv',
      budget: { calls: 120, per: MINUTE },
    });
    expect(planOf('tickflow 700.HK 1h --from 2026-01-05', { TICKFLOW_API_KEY: 'a' }).budget).toBeUndefined();
  });

  it('has the host of the option, else of the environment, else that of the stream, else of the vendor', () => {
    const restUrl = (env: Environment, more = '') =>
      planOf(`itick:stock A.US 1m --from 2026-01-05 ${more}`, { ITICK_TOKEN: 'a', ...env }).source.restUrl;
    const env = { ITICK_URL: 'wss://feed.example/x', ITICK_REST_URL: 'https://rest.example' };
    expect(restUrl(env, '--rest-url https://mine')).toBe('https://mine');
    expect(restUrl(env)).toBe('https://rest.example');
    expect(restUrl({ ITICK_URL: 'wss://feed.example/x' })).toBe('https://feed.example/x');
    expect(restUrl({ ITICK_URL: 'ws://127.0.0.1:4000' })).toBe('http://127.0.0.1:4000');
    expect(restUrl({})).toBeUndefined();
  });

  it.each([
    ['itick:stock A.US 7m --from 2026-01-05', '"7m" is not an interval; it is one of 1s, 1m'],
    ['itick:stock A.US --from 2026-01-05', 'name an interval, one of 1s, 1m'],
    ['itick:stock A.US 1m 5m --from 2026-01-05', 'a history has bars of one interval'],
    ['itick:stock A.US 1m', 'a history begins somewhere; write rxtape history itick:stock AAPL.US 1m --from'],
    ['itick:stock A.US tickflow A.US 1m --from 2026-01-05', 'a history is of one source; write rxtape history'],
    ['1m --from 2026-01-05', 'a history is of one source'],
    ['itick A.US 1m --from 2026-01-05', '"itick" needs a market: itick:stock'],
    ['itick:stock 1m --from 2026-01-05', '"itick:stock" needs symbols after it'],
    ['itick:stock A.us 1m --from 2026-01-05', 'the venue "us" is not in capital letters'],
    ['itick:stock A.US 1m --from yesterday', '"yesterday" is not a time such as 2026-11-27, 2026-11-27T09:30 or'],
    ['itick:stock A.US 1m --from 2026-02-30', '"2026-02-30" is not a time'],
    ['itick:stock A.US 1m --from 1795992900000', '"1795992900000" is not a time'],
    ['itick:stock A.US 1m --from 2026-01-05T25:00', '"2026-01-05T25:00" is not a time'],
    ['itick:stock A.US 1m --from 2026-01-05 --to 2026-01-04', '--from 2026-01-05 is not before --to 2026-01-04'],
    ['itick:stock A.US 1m --from 2999-01-01', '--from 2999-01-01 is still to come; name a time that is over'],
    ['itick:stock A.US 1m --from 2026-01-05 --csv --json', '--csv and --json are two ways to write'],
    ['itick:stock A.US 1m --from 2026-01-05 --url wss://x', 'write --rest-url https://... instead of --url'],
    [
      'itick:stock A.US 1m --from 2026-01-05 --rest-url https://x',
      '--demo has a host of its own; leave out --rest-url',
    ],
    [
      'itick:stock A.US 1m --from 2026-01-05 --calls-per-minute 0',
      '"0" is not a number of calls a minute, such as 120',
    ],
    ['itick:stock A.US 1m --from 2026-01-05 --speed 2', '--speed is for rxtape watch, not for rxtape history'],
  ])('is rejected in one line: %s', (line, problem) => {
    expect(() => planOf(`${line} --demo`)).toThrow(problem);
    expect(() => planOf(`${line} --demo`)).not.toThrow('\n');
  });

  it('asks for a missing credential by its name', () => {
    expect(() => planOf('tickflow A.US 1d --from 2026-01-05')).toThrow(
      'tickflow needs TICKFLOW_API_KEY in the environment; add --demo',
    );
  });
});

describe('rxtape history', () => {
  let vendors: Simulator;
  let env: Record<string, string>;
  const day = iso(Date.now() - 86_400_000).slice(0, 10);
  const span = `--from ${day}T10:00Z --to ${day}T10:30Z`;

  beforeAll(async () => {
    vendors = await startSimulator({ speed: 0, itick: { token: SECRET }, tickflow: { apiKey: SECRET } });
    const { url, restUrl } = vendors;
    env = { ITICK_TOKEN: SECRET, TICKFLOW_API_KEY: SECRET, ITICK_URL: url, TICKFLOW_REST_URL: restUrl };
  });
  afterEach(() => vendors.itick.rest.mend());
  afterAll(() => vendors.close());

  const asked = (line: string, own = env, io?: FakeIo) => rxtape(`${line} --calls-per-minute 1000`, own, io);
  const jsonOf = async (line: string): Promise<Kline[]> => {
    const { io, code } = await asked(`${line} --json`);
    expect([code, io.stderr.text]).toEqual([0, '']);
    return io.stdout.lines().map((text) => JSON.parse(text) as Kline);
  };
  const figures = ({ openTime: t, open: o, high: h, low: l, close: c, volume: v }: Kline) => ({ t, o, h, l, c, v });

  it('writes the bars that the market of iTick had, as JSON', async () => {
    const bars = await jsonOf(`itick:stock AAPL.US 1m ${span}`);
    const et = Date.parse(`${day}T10:30:00Z`);
    const path = `/stock/kline?region=US&code=AAPL&kType=1&limit=30&et=${et}`;
    const answer = await fetch(vendors.restUrl + path, { headers: { token: SECRET } });
    const { data } = (await answer.json()) as { data: readonly ReturnType<typeof figures>[] };
    expect(bars.map(figures)).toEqual(data.map(({ t, o, h, l, c, v }) => ({ t, o, h, l, c, v })));
    expect(bars).toHaveLength(30);
  });

  it('writes the bars that the market of TickFlow had, of each symbol in turn', async () => {
    const bars = await jsonOf(`tickflow 600000.SH 000001.SZ 1m ${span}`);
    const [start, end] = [Date.parse(`${day}T10:00:00Z`), Date.parse(`${day}T10:29:00Z`)];
    for (const symbol of ['600000.SH', '000001.SZ']) {
      const path = `/v1/klines?symbol=${symbol}&period=1m&count=100&start_time=${start}&end_time=${end}&adjust=none`;
      const answer = await fetch(vendors.restUrl + path, { headers: { 'x-api-key': SECRET } });
      const { data } = (await answer.json()) as { data: { timestamp: number[]; close: number[]; volume: number[] } };
      const own = bars.filter((bar) => bar.symbol === symbol);
      expect(own.map(({ openTime }) => openTime)).toEqual(data.timestamp);
      expect(own.map(({ close }) => close)).toEqual(data.close);
      expect(own.map(({ volume }) => volume)).toEqual(data.volume);
    }
    expect(bars.map(({ symbol }) => symbol)).toEqual([
      ...Array<string>(30).fill('600000.SH'),
      ...Array<string>(30).fill('000001.SZ'),
    ]);
  });

  it('writes a file of commas that says the same as the JSON', async () => {
    const line = `itick:stock AAPL.US 700.HK 5m ${span}`;
    const { io, code } = await asked(`${line} --csv`);
    expect([code, io.stderr.text]).toEqual([0, '']);
    const [header = '', ...lines] = io.stdout.lines();
    expect(header).toBe('symbol,interval,openTime,closeTime,open,high,low,close,volume,turnover');
    const names = header.split(',');
    const rowOf = (text: string) => new Map(text.split(',').map((field, at) => [names[at] ?? '', field]));
    const read = lines.map((text) => Object.fromEntries(rowOf(text)) as Record<string, string>);
    const bars = await jsonOf(line);
    expect(read).toHaveLength(12);
    expect(read).toEqual(
      bars.map(({ symbol, interval, openTime, closeTime, open, high, low, close, volume, turnover }) => ({
        ...{ symbol, interval, openTime: iso(openTime), closeTime: iso(closeTime) },
        ...{ open: `${open}`, high: `${high}`, low: `${low}`, close: `${close}` },
        ...{ volume: `${volume}`, turnover: `${turnover}` },
      })),
    );
  });

  it('writes a table for each symbol, with the times of its venue and the unit of its volume', async () => {
    const { io } = await asked(`tickflow AAPL.US 600000.SH 5m ${span}`);
    const shown = (zone: string) =>
      new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
        Date.parse(`${day}T10:00:00Z`),
      );
    const lines = io.stdout.lines();
    expect(lines[0]).toBe('AAPL.US 5m bars of tickflow, times of America/New_York');
    expect(lines[1]).toMatch(/^ {2}TIME +OPEN +HIGH +LOW +CLOSE +CHANGE +VOLUME$/);
    expect(lines[2]).toMatch(new RegExp(`^ {2}${shown('America/New_York')} +\\d+\\.\\d\\d .*% +[\\d,]+$`));
    expect(lines.slice(8, 10)).toEqual(['', '600000.SH 5m bars of tickflow, times of Asia/Shanghai, volume in lots']);
    expect(lines[11]?.startsWith(`  ${shown('Asia/Shanghai')} `)).toBe(true);
    expect(lines).toHaveLength(17);
    expect(new Set(lines.slice(1, 8).map((line) => line.length)).size).toBe(1);
  });

  it('says in one sentence that the credential is refused, and never what it is', async () => {
    const { io, code } = await asked(`itick:stock AAPL.US TSLA.US 1m ${span}`, {
      ...env,
      ITICK_TOKEN: 'wrong-secret',
    });
    expect([code, io.stdout.text]).toEqual([1, '']);
    expect(io.stderr.text).toMatch(/^rxtape: itick:stock: the vendor refused the history \(E002, .*\n$/);
    expect(io.stderr.text).not.toContain('secret');
  });

  it('writes the bars of the others, and then what is wrong with a symbol', async () => {
    const { io, code } = await asked(`itick:stock NOPE.US AAPL.US 700.HK 5m ${span} --csv`);
    expect([code, io.stdout.lines().length]).toEqual([1, 13]);
    expect(io.stderr.lines()).toEqual([
      'rxtape: no bars of NOPE.US in that time',
      expect.stringMatching(/^rxtape: itick:stock: .*\(E001, .*check the credential, the symbol/),
    ]);
  });

  it('says that there are none where nothing was traded', async () => {
    const { io, code } = await asked('itick:stock AAPL.US 1m --from 2020-01-02 --to 2020-01-02');
    expect([code, io.stdout.text, io.stderr.text]).toEqual([0, '', 'rxtape: no bars of AAPL.US in that time\n']);
  });

  it.each([
    [
      'itick:stock AAPL.US 1m --from 2026-01-05 --rest-url wss://x',
      /^rxtape: invalid option `url` \("wss:\/\/x"\): it /,
    ],
    ['tickflow AAPL.US 2h --from 2026-01-05', /TickFlow has no bars of 2h; .* from bars of 1h; see rxtape --help\n$/],
  ])('has one line and exit code 2 for what the vendor cannot be asked: %s', async (line, problem) => {
    const { io, code } = await asked(line);
    expect(code).toBe(2);
    expect(io.stderr.text).toMatch(problem);
    expect(io.stderr.lines()).toHaveLength(1);
  });

  it('needs no credential for the simulated market', async () => {
    const { io, code } = await rxtape(`itick:crypto BTCUSDT.BA 1m ${span} --demo --csv`);
    expect([code, io.stdout.lines().length]).toEqual([0, 31]);
  });

  it('ends in silence when its reader leaves', async () => {
    const io = fakeIo();
    io.stdout.failure = systemError('EPIPE');
    const { code } = await asked(`itick:stock AAPL.US 700.HK 600000.SH 1m ${span} --csv`, env, io);
    expect([code, io.stderr.text]).toEqual([0, '']);
  });

  it('aborts its request when it is interrupted, and says that bars are missing', async () => {
    const io = fakeIo();
    let aborted: Promise<void> | undefined;
    await served(
      (request) => {
        aborted = new Promise((resolve) => request.socket.on('close', () => resolve()));
        io.interrupted$.next();
      },
      async (url) => {
        const line = `itick:stock AAPL.US 700.HK 1m ${span} --csv --rest-url ${url}`;
        expect((await asked(line, env, io)).code).toBe(1);
        await aborted;
      },
    );
    expect(io.stdout.lines()).toHaveLength(1);
    expect(io.stderr.text).toBe('rxtape: it was stopped before all bars were there\n');
  });
});

describe('rxtape history by a slow budget', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    jest.setSystemTime(Date.UTC(2026, 0, 6, 15, 0, 20));
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const answering = (...ages: readonly number[]) => {
    const rows = ages.map((age) => ({ t: Date.now() - age, o: 1, h: 2, l: 1, c: 2, v: 5, tu: 9 }));
    jest
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ code: 0, msg: null, data: rows }))));
  };
  const line = `itick:stock AAPL.US TSLA.US 1m --from 2026-01-06T14:58Z --csv --calls-per-minute 1`;

  it('says on a terminal how far it is, and for how long it waits', async () => {
    const io = fakeIo({ terminal: true });
    answering(140_000);
    const running = rxtape(line, { ITICK_TOKEN: 'slow' }, io);
    await jest.advanceTimersByTimeAsync(1_900);
    expect([io.stdout.lines().length, io.stderr.text]).toEqual([2, '']);
    await jest.advanceTimersByTimeAsync(100);
    expect(io.stderr.text).toBe(
      '\r\u001b[Krxtape: 00:02  1 bar, 1 request, the next one in 58 s (1 in 01:00); Ctrl-C ends it',
    );
    await jest.advanceTimersByTimeAsync(58_000);
    expect((await running).code).toBe(0);
    expect(io.stdout.lines().slice(1)).toEqual([
      expect.stringMatching(/^AAPL\.US,1m/),
      expect.stringMatching(/^TSLA\.US,1m/),
    ]);
    expect(io.stderr.text.endsWith('\r\u001b[K')).toBe(true);
  });

  it('leaves out the bar that ended just now, as it still moves at the vendor', async () => {
    const io = fakeIo();
    answering(80_000, 140_000);
    const running = rxtape(line.replace(' TSLA.US', ''), { ITICK_TOKEN: 'moving' }, io);
    await jest.advanceTimersByTimeAsync(100);
    expect((await running).code).toBe(0);
    expect(io.stdout.lines().slice(1)).toEqual([expect.stringContaining('2026-01-06T14:58:00.000Z')]);
  });
});

describe('csvField', () => {
  it.each([
    ['plain', 'plain'],
    [undefined, ''],
    [0.1, '0.1'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
  ])('writes %j as %s', (value, text) => {
    expect(csvField(value)).toBe(text);
  });
});
