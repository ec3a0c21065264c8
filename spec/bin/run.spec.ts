import { run } from '../../lib/bin/run.js';
import { startSimulator, type Simulator } from '../../lib/simulator/index.js';
import { fakeIo, systemError } from './fakeIo.js';

type FakeIo = ReturnType<typeof fakeIo>;

const rxtape = async (line: string, env: Record<string, string> = {}, io: FakeIo = fakeIo()) => ({
  io,
  code: await run(line.split(' ').filter(Boolean), env, io),
});
/** Runs until what was written satisfies; then somebody interrupts. */
const untilWritten = (seen: (text: string) => boolean, io: FakeIo = fakeIo()): FakeIo => {
  io.stdout.onText = (text) => {
    if (seen(text)) io.interrupted$.next();
  };
  return io;
};
const events = ({ stdout }: FakeIo) => stdout.lines().map((line) => JSON.parse(line) as { kind: string });

describe('run', () => {
  it('helps', async () => {
    const { io, code } = await rxtape('--help');
    expect(code).toBe(0);
    expect(io.stdout.text).toMatch(/^rxtape - watch, record and replay live market data/);
  });

  it.each([
    ['--nope', "rxtape: Unknown option '--nope'; see rxtape --help\n"],
    [
      'watch itick:stock AAPL.US',
      'rxtape: itick:stock needs ITICK_TOKEN in the environment; add --demo for a simulated market; see rxtape --help\n',
    ],
    ['watch itick:stock AAPL.us --demo', /^rxtape: invalid topic "AAPL\.us": .*\n$/],
    [
      'watch tickflow 600000.SH --trades --demo',
      /rxtape: invalid topic .* TickFlow pushes no trades; ask for quotes.*\n$/,
    ],
  ])('has one line and exit code 2 for "%s"', async (line, problem) => {
    const { io, code } = await rxtape(line);
    expect({ code, stdout: io.stdout.text }).toEqual({ code: 2, stdout: '' });
    if (typeof problem === 'string') expect(io.stderr.text).toBe(problem);
    else expect(io.stderr.text).toMatch(problem);
  });

  it('has one line and exit code 2 for a host that is none', async () => {
    const { io, code } = await rxtape('watch itick:stock A.US --url http://x', { ITICK_TOKEN: 'secret' });
    expect({ code, stderr: io.stderr.text }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^rxtape: invalid option `url` .*; see rxtape --help\n$/),
    });
  });

  it('says in one line what to do where the public vendor cannot be reached', async () => {
    const { io, code } = await rxtape('live --url ws://127.0.0.1:1');
    expect({ code, stdout: io.stdout.text }).toEqual({ code: 1, stdout: '' });
    expect(io.stderr.lines()).toEqual([
      'rxtape: watching binance',
      expect.stringMatching(
        /^rxtape: binance cannot be reached \(.*ECONNREFUSED.*\); set BINANCE_URL and BINANCE_REST_URL to hosts that can be, or see a simulated market by rxtape watch --demo$/,
      ),
    ]);
  });

  describe('with the simulated market', () => {
    it.each([
      ['watch binance BTCUSDT.BA ETHUSDT.BA --bbo --depth --klines 1m', ['bbo', 'depth', 'kline', 'subscribed']],
      ['book BTCUSDT.BA binance', []],
      ['klines binance BTCUSDT.BA --speed 200', ['kline']],
    ])('shows Binance without a credential: %s', async (line, kinds) => {
      const has = (text: string, kind: string): boolean => text.includes(`"kind":"${kind}"`);
      const io = untilWritten((text) => text.includes('BTCUSDT.BA') && kinds.every((kind) => has(text, kind)));
      const { code } = await rxtape(`${line} --demo --json`, {}, io);
      expect({ code, errors: io.stderr.lines().length }).toEqual({ code: 0, errors: 1 });
    });

    it('goes on with `live` when the vendor was reached once', async () => {
      const simulator = await startSimulator({ speed: 10 });
      try {
        let drops = 0;
        const io = untilWritten((text) => {
          if (text.includes(' quote ') && drops === 0) {
            drops += 1;
            simulator.binance.drop();
          }
          return text.includes('connected again after a gap');
        });
        const { code } = await rxtape(`live --url ${simulator.url}`, { BINANCE_REST_URL: simulator.restUrl }, io);
        expect([code, io.stderr.lines()]).toEqual([0, ['rxtape: watching binance']]);
      } finally {
        await simulator.close();
      }
    });

    it('shows quotes of both vendors as lines until it is interrupted', async () => {
      const io = untilWritten((text) => /itick .* quote /.test(text) && /tickflow .* quote /.test(text));
      const { code } = await rxtape('--speed 20', {}, io);
      expect(code).toBe(0);
      expect(io.stderr.text).toBe('rxtape: watching itick:stock, tickflow (simulated)\n');
      expect(io.stdout.text).toMatch(/^\d\d:\d\d:\d\d\.\d{3} (itick:stock|tickflow) connected\n/);
    });

    it('stops when its time is up', async () => {
      const { io, code } = await rxtape('--for 3s --speed 20');
      expect(code).toBe(0);
      expect(io.stdout.text).toContain('connected');
    });

    it.each([
      ['itick:stock NOPE1.US --demo --for 2s', /^rxtape: nothing was served in that time: .*resolve/],
      [
        'tickflow 600000.SH --url ws://127.0.0.1:1 --for 300ms',
        /^rxtape: nothing was served in that time: .*ECONNREFUSED/,
      ],
    ])('ends with code 1, and why, where nothing was served: %s', async (line, why) => {
      const { io, code } = await rxtape(line, { TICKFLOW_API_KEY: 'some key' });
      expect(code).toBe(1);
      expect(io.stderr.lines().at(-1)).toMatch(why);
    });

    it('writes one event per line as JSON', async () => {
      const io = untilWritten((text) => text.includes('"kind":"trade"'));
      const { code } = await rxtape('watch itick:crypto BTCUSDT.BA --trades --json --demo --speed 20', {}, io);
      expect(code).toBe(0);
      expect(events(io)[0]).toMatchObject({ kind: 'connected', provider: 'itick', attempt: 1 });
      expect(events(io).find(({ kind }) => kind === 'trade')).toMatchObject({ symbol: 'BTCUSDT.BA' });
    });

    it('shows one ladder of a symbol of both vendors', async () => {
      const io = untilWritten((text) => /itick [\d,]+ \+ tickflow|tickflow [\d,]+ \+ itick/.test(text));
      const { code } = await rxtape('book 600000.SH --speed 5', {}, io);
      expect(code).toBe(0);
      expect(io.stderr.text).toBe('rxtape: watching 600000.SH of itick:stock, tickflow (simulated)\n');
    });

    it('writes one book of both vendors per line as JSON', async () => {
      const io = untilWritten((text) => text.includes('"provider":"itick"') && text.includes('"provider":"tickflow"'));
      await rxtape('book 700.HK itick:stock tickflow --demo --json --levels 2 --speed 5', {}, io);
      const [first] = io.stdout.lines().map((line) => JSON.parse(line) as unknown);
      expect(first).toMatchObject({ symbol: '700.HK', bids: [{ sources: expect.any(Array) }, {}] });
    });

    it('writes bars as they close', async () => {
      const io = untilWritten((text) => /itick AAPL\.US kline/.test(text) && /tickflow AAPL\.US kline/.test(text));
      const { code } = await rxtape('klines --speed 200', {}, io);
      expect(code).toBe(0);
      expect(io.stderr.text).toBe(
        'rxtape: watching 1m bars of itick:stock, tickflow (simulated); ' +
          'no history at --speed 200: its time is not that of this machine\n',
      );
      expect(io.stdout.text).toMatch(/itick AAPL\.US kline 1m \d\d:\d\d o /);
    });

    it('begins with a day of bars of the market', async () => {
      const io = untilWritten((text) => text.split(' of the history\n').length > 400);
      const { code } = await rxtape('klines itick:stock AAPL.US --demo', {}, io);
      expect([code, io.stderr.text]).toEqual([0, 'rxtape: watching 1m bars of itick:stock (simulated)\n']);
      const bars = io.stdout.lines().filter((line) => / AAPL\.US kline 1m .* of the history$/.test(line));
      // The last one may not be final yet.
      expect(bars.length).toBeGreaterThanOrEqual(479);
    });

    it('writes one closed bar per line as JSON', async () => {
      const io = untilWritten((text) => text.includes('"kline"'));
      await rxtape('klines tickflow 600000.SH --demo --json --speed 200', {}, io);
      expect(events(io)[0]).toMatchObject({ kind: 'kline', closed: true, source: 'quotes', symbol: '600000.SH' });
    });

    it('serves both vendors to other programs, by WebSocket and REST, until it is stopped', async () => {
      const io = fakeIo();
      let answer: Promise<Response> | undefined;
      io.stdout.onText = (text) => {
        const [, address] = /^ws:.*\n(http:.*)\n$/.exec(text) ?? [];
        if (address === undefined || answer !== undefined) return;
        answer = fetch(`${address}/stock/quote?region=US&code=AAPL`, { headers: { token: 'demo' } });
        void answer.finally(() => io.interrupted$.next());
      };
      const { code } = await rxtape('simulate --speed 20', {}, io);
      expect(code).toBe(0);
      expect(await (await answer!).json()).toMatchObject({ code: 0, data: { s: 'AAPL' } });
      expect(io.stderr.text).toBe(
        'rxtape: iTick, TickFlow and Binance are simulated here; token and key are "demo"; Ctrl-C ends them\n',
      );
    });

    it('serves on the port it is given, and says in one line that it is taken', async () => {
      const other = await startSimulator();
      const { port } = new URL(other.restUrl);
      const { io, code } = await rxtape(`simulate --port ${port}`);
      expect([code, io.stdout.text]).toEqual([2, '']);
      expect(io.stderr.text).toBe(
        `rxtape: port ${port} is taken; give another one by --port, or none to get one that is free; see rxtape --help\n`,
      );
      await other.close();
      const here = await rxtape(`simulate --port ${port} --for 1ms`);
      expect([here.code, here.io.stdout.text]).toEqual([0, `ws://127.0.0.1:${port}\nhttp://127.0.0.1:${port}\n`]);
    });

    it.each([
      ['book 600000.SH', / mid [\d.]+ {2}spread/],
      ['klines', /AAPL\.US +\d\d:\d\d +\d/],
    ])('keeps a table on a terminal, and gives the terminal back on q: rxtape %s', async (line, seen) => {
      const io = fakeIo({ terminal: true });
      io.stdout.onText = (text) => {
        if (seen.test(text)) io.stdin.emit('data', 'q');
      };
      const { code } = await rxtape(`${line} --speed 20 --colors none`, {}, io);
      expect({ code, raw: io.stdin.raw, stderr: io.stderr.text }).toEqual({ code: 0, raw: [true, false], stderr: '' });
      expect(io.stdout.text.split('\u001b[?25h\u001b[?1049l')[1]).toMatch(seen);
    });

    it('ends in silence when its reader leaves', async () => {
      const io = fakeIo();
      io.stdout.failure = systemError('EPIPE');
      const { code } = await rxtape('--json', {}, io);
      expect({ code, stderr: io.stderr.lines() }).toEqual({ code: 0, stderr: [expect.stringContaining('watching')] });
    });

    it('says why it cannot write', async () => {
      const io = fakeIo();
      io.stdout.failure = systemError('ENOSPC');
      const { code } = await rxtape('--json', {}, io);
      expect({ code, stderr: io.stderr.lines()[1] }).toEqual({ code: 1, stderr: 'rxtape: write ENOSPC' });
    });

    it('keeps a table on a terminal, and gives the terminal back on q', async () => {
      const io = fakeIo({ terminal: true });
      io.stdout.onText = (text) => {
        if (/AAPL\.US +\d/.test(text)) io.stdin.emit('data', 'q');
      };
      const { code } = await rxtape('--speed 20 --colors none', {}, io);
      expect({ code, raw: io.stdin.raw, stderr: io.stderr.text }).toEqual({ code: 0, raw: [true, false], stderr: '' });
      const [before, after] = io.stdout.text.split('\u001b[?25h\u001b[?1049l');
      expect(before?.startsWith('\u001b[?1049h\u001b[?25l')).toBe(true);
      expect(after).toMatch(/^rxtape itick:stock, tickflow \(simulated\)\n/);
    });

    it('writes lines to a dumb terminal', async () => {
      const io = untilWritten((text) => text.includes('quote'), fakeIo({ terminal: true }));
      await rxtape('--speed 20', { TERM: 'dumb' }, io);
      expect(io.stdout.text).not.toContain('\u001b');
    });
  });

  describe('with real vendors', () => {
    let vendors: Simulator;
    let env: Record<string, string>;

    beforeEach(async () => {
      vendors = await startSimulator({ speed: 20 });
      const { url } = vendors;
      env = { ITICK_TOKEN: 'demo', TICKFLOW_API_KEY: 'demo', ITICK_URL: url, TICKFLOW_URL: url };
    });
    afterEach(() => vendors.close());

    it('logs in with the credentials of the environment, and leaves no connection behind', async () => {
      const io = untilWritten((text) => /itick AAPL.US quote/.test(text) && /tickflow 600000.SH depth/.test(text));
      const line = 'watch itick:stock AAPL.US tickflow 600000.SH --quotes --depth';
      const { code } = await rxtape(line, env, io);
      expect(code).toBe(0);
      expect(io.stderr.text).toBe('rxtape: watching itick:stock, tickflow\n');
      expect([vendors.itick.accepted, vendors.tickflow.accepted]).toEqual([1, 1]);
      await vendors.close();
      expect([vendors.itick.live, vendors.tickflow.live]).toEqual([0, 0]);
    });

    it.each([
      ['itick:stock AAPL.US', { ITICK_TOKEN: 'my-secret' }],
      ['tickflow:quotes 600000.SH', { TICKFLOW_API_KEY: 'my-secret' }],
    ])('has one line without the credential, and exit code 1, for a feed that ends: %s', async (line, wrong) => {
      const { io, code } = await rxtape(`watch ${line}`, { ...env, ...wrong });
      expect(code).toBe(1);
      const [name] = line.split(' ');
      expect(io.stderr.lines()[1]).toMatch(
        new RegExp(`^rxtape: ${name}: Unauthorized: the vendor refused the credential`),
      );
      expect(io.stderr.lines()).toHaveLength(2);
      expect(io.stderr.text + io.stdout.text).not.toContain('secret');
    });

    it('goes on after a lost link, and says so in JSON with its cause', async () => {
      const io = fakeIo();
      let dropped = false;
      io.stdout.onText = (text) => {
        if (!dropped && text.includes('"quote"')) vendors.itick.drop();
        dropped ||= text.includes('"quote"');
        if (/"resumed":\{/.test(text)) io.interrupted$.next();
      };
      await rxtape('watch itick:stock AAPL.US --json', env, io);
      expect(events(io).find(({ kind }) => kind === 'disconnected')).toMatchObject({
        cause: { _tag: 'ConnectionLost', code: 1006, message: expect.stringContaining('1006') },
        attempt: 1,
      });
    });
  });
});
