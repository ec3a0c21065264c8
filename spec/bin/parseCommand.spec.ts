import type { Environment, Plan } from '../../lib/bin/Plan.js';
import { parseCommand } from '../../lib/bin/args.js';
import { bbos, depths, klines, quotes, trades } from '../../lib/index.js';

const parse = (line: string, env: Environment = {}): Plan => {
  const command = parseCommand(line.split(' ').filter(Boolean), env);
  if (typeof command === 'string' || command.kind !== 'watch') throw new Error('asked for something else');
  return command;
};
const names = ({ sources }: Plan) => sources.map(({ name }) => name);
const topics = (plan: Plan) => plan.sources[0]?.topics;

describe('parseCommand', () => {
  describe('without a source', () => {
    it.each(['', 'watch', '--demo'])('shows four symbols of each vendor, simulated: rxtape %s', (line) => {
      const plan = parse(line);
      expect(names(plan)).toEqual(['itick:stock', 'tickflow']);
      expect(plan.simulation).toEqual({ speed: 1 });
      expect(plan.title).toBe('itick:stock, tickflow (simulated)');
      for (const { topics, credential, url } of plan.sources) {
        const symbols = [...new Set(topics.map(({ symbol }) => symbol))];
        expect({ credential, url, symbols: symbols.length }).toEqual({
          credential: 'demo',
          url: undefined,
          symbols: 4,
        });
        expect(topics).toEqual([...quotes(...symbols), ...depths(...symbols)]);
      }
    });

    it('shows the real vendors whose credential is set', () => {
      const itick = parse('', { ITICK_TOKEN: 'a' });
      expect(names(itick)).toEqual(['itick:stock']);
      expect(itick).toMatchObject({ simulation: undefined, title: 'itick:stock' });
      expect(itick.sources[0]?.credential).toBe('a');
      expect(names(parse('', { TICKFLOW_API_KEY: 'b' }))).toEqual(['tickflow']);
      expect(names(parse('', { TICKFLOW_API_KEY: 'b', ITICK_TOKEN: 'a' }))).toEqual(['itick:stock', 'tickflow']);
    });

    it('takes an empty credential for none', () => {
      expect(parse('', { ITICK_TOKEN: '' }).simulation).toBeDefined();
    });

    it('simulates on request whatever is set, and then shows no credential to the simulator', () => {
      const plan = parse('--demo', { ITICK_TOKEN: 'a', ITICK_URL: 'wss://elsewhere' });
      expect(plan.sources[0]).toMatchObject({ credential: 'demo', url: undefined });
      expect(names(plan)).toHaveLength(2);
    });
  });

  describe('with sources', () => {
    const env = { ITICK_TOKEN: 'a', ITICK_URL: 'wss://i', TICKFLOW_API_KEY: 'b' };

    it('asks for quotes when no kind is given', () => {
      expect(topics(parse('watch itick:stock AAPL.US 700.HK', env))).toEqual(quotes('AAPL.US', '700.HK'));
    });

    it('has another source stand by for the one that is watched, with the same symbols', () => {
      const plan = parse('watch itick:stock 600000.SH 700.HK --depth --standby tickflow', env);
      expect(names(plan)).toEqual(['itick:stock']);
      expect(plan.sources[0]?.standby).toMatchObject({
        name: 'tickflow',
        credential: 'b',
        topics: depths('600000.SH', '700.HK'),
      });
      expect(plan.title).toBe('itick:stock, tickflow stands by');
    });

    it.each([
      [
        'watch --standby tickflow --demo',
        '--standby is for one source; write rxtape watch itick:stock 600000.SH --standby tickflow',
      ],
      ['watch itick:stock A.US tickflow A.US --standby tickflow', /^--standby is for one source/],
      ['watch itick:stock A.US --standby itick:stock', 'itick:stock cannot stand by for itself; name another source'],
      ['watch itick:stock A.US --standby tickflw', /"tickflw" is not a source; .*tickflow/],
      ['book A.US --standby tickflow', '--standby is for rxtape watch, not for rxtape book'],
    ])('does not know what stands by for what: %s', (line, problem) => {
      expect(() => parse(line, env)).toThrow(problem);
    });

    it.each([
      ['--depth', depths('AAPL.US')],
      ['--bbo', bbos('AAPL.US')],
      ['--trades', trades('AAPL.US')],
      ['--klines 5m', klines('5m', 'AAPL.US')],
      ['--quotes --depth', [...quotes('AAPL.US'), ...depths('AAPL.US')]],
    ])('asks for %s alone', (kinds, expected) => {
      expect(topics(parse(`watch itick:stock AAPL.US ${kinds}`, env))).toEqual(expected);
    });

    it('applies the kinds to what is shown without a source, too', () => {
      expect(parse('--quotes').sources[1]?.topics.every(({ channel }) => channel === 'quote')).toBe(true);
    });

    it('takes the host from the option, else from the environment, else from the vendor', () => {
      const urls = (line: string) =>
        parse(`watch itick:stock A.US tickflow B.US ${line}`, env).sources.map(({ url }) => url);
      expect(urls('--url wss://mine')).toEqual(['wss://mine', 'wss://mine']);
      expect(urls('')).toEqual(['wss://i', undefined]);
    });

    it('simulates them on request, at any speed', () => {
      const plan = parse('watch itick:crypto BTCUSDT.BA --demo --speed 100');
      expect(plan).toMatchObject({ simulation: { speed: 100 }, title: 'itick:crypto (simulated)' });
    });
  });

  describe('for a book', () => {
    it('asks both vendors for depth of one symbol, simulated without a credential', () => {
      const plan = parse('book 600000.SH');
      expect(plan).toMatchObject({
        view: { kind: 'book', symbol: '600000.SH', levels: 10 },
        simulation: { speed: 1 },
        title: '600000.SH of itick:stock, tickflow (simulated)',
      });
      expect(plan.sources.map((source) => source.topics)).toEqual([depths('600000.SH'), depths('600000.SH')]);
    });

    it('asks the real vendors whose credential is set', () => {
      expect(names(parse('book 600000.SH', { TICKFLOW_API_KEY: 'b' }))).toEqual(['tickflow']);
    });

    it('asks the sources that are named, before or after the symbol, each once', () => {
      const plan = parse('book tickflow BTCUSDT.BA itick:crypto tickflow --demo --levels 3');
      expect(names(plan)).toEqual(['tickflow', 'itick:crypto']);
      expect(plan.view).toMatchObject({ symbol: 'BTCUSDT.BA', levels: 3 });
    });
  });

  describe('for klines', () => {
    it('asks for trades where the vendor has them, else for quotes, of the same symbols as watch', () => {
      const [itick, tickflow] = parse('klines').sources;
      expect(itick?.topics).toEqual(trades('AAPL.US', 'TSLA.US', '700.HK', '600000.SH'));
      expect(tickflow?.topics).toEqual(quotes('600000.SH', '000001.SZ', '700.HK', 'AAPL.US'));
    });

    it('makes bars of the interval that is asked for, of the sources that are named', () => {
      const plan = parse('klines itick:stock 700.HK --interval 5m --demo');
      expect(plan).toMatchObject({
        view: { kind: 'klines', interval: '5m' },
        title: '5m bars of itick:stock (simulated)',
      });
      expect(topics(plan)).toEqual(trades('700.HK'));
    });
  });

  describe('for the history of klines', () => {
    const env = { ITICK_TOKEN: 'a', ITICK_URL: 'wss://i' };
    const pastOf = (line: string) => parse(`klines itick:stock 700.HK ${line}`, env).past;

    it('wants it unless the line says otherwise, and as JSON only if the line says so', () => {
      expect(pastOf('')).toEqual({ budget: undefined });
      expect(pastOf('--no-history')).toBeUndefined();
      expect(pastOf('--json')).toBeUndefined();
      expect(pastOf('--json --history')).toEqual({ budget: undefined });
      expect(parse('watch itick:stock 700.HK', env).past).toBeUndefined();
    });

    it('asks the host of the stream by REST, or another one, as often as the plan allows', () => {
      const plan = parse('klines itick:stock 700.HK --rest-url https://mine --calls-per-minute 120', env);
      expect(plan.sources[0]).toMatchObject({ url: 'wss://i', restUrl: 'https://mine' });
      expect(plan.past).toEqual({ budget: { calls: 120, per: 60_000 } });
      expect(parse('klines itick:stock 700.HK', env).sources[0]?.restUrl).toBe('https://i');
    });

    it('asks the simulated market as often as it likes, and not at another speed than ours', () => {
      expect(parse('klines').past).toEqual({ budget: { calls: 600, per: 60_000 } });
      expect(parse('klines --speed 60')).toMatchObject({
        past: undefined,
        note: 'no history at --speed 60: its time is not that of this machine',
      });
    });

    it('takes a host of this machine for the simulated market, which never closes', () => {
      const simulated = (url: string) => parse(`klines itick:stock 700.HK --url ${url}`, env).simulated;
      expect(['ws://127.0.0.1:4000', 'ws://localhost:1', 'wss://mine'].map(simulated)).toEqual([true, true, false]);
    });
  });

  describe('for a recording', () => {
    const commandOf = (line: string, env: Environment = {}) => parseCommand(line.split(' '), env);

    it('has the sources and topics of watch, and a file', () => {
      const { sources, title } = parse('watch itick:stock AAPL.US --trades --demo');
      expect(commandOf('record itick:stock AAPL.US --trades --demo --out a.gz --for 1m')).toEqual({
        kind: 'record',
        sources,
        title,
        simulation: { speed: 1 },
        length: 60_000,
        out: 'a.gz',
        force: false,
        maxBytes: undefined,
        maxAge: undefined,
        redraws: true,
      });
    });

    it('may be written over, or go on in another file', () => {
      expect(commandOf('record --out a.gz --force')).toMatchObject({ force: true });
      expect(commandOf('record --out a.gz --max-bytes 1mb --max-age 1h', { TERM: 'dumb' })).toMatchObject({
        maxBytes: 1_000_000,
        maxAge: 3_600_000,
        redraws: false,
      });
    });

    it('is replayed as it was, unless the line says otherwise', () => {
      expect(commandOf('replay a.gz b.gz a.gz')).toMatchObject({
        kind: 'replay',
        files: ['a.gz', 'b.gz'],
        view: { kind: 'watch' },
        speed: 1,
        from: undefined,
        length: undefined,
        display: 'table',
      });
      expect(commandOf('replay a.gz --speed max --from +10m --json --for 1s')).toMatchObject({
        speed: Infinity,
        from: { after: 600_000 },
        length: 1_000,
        display: 'json',
      });
    });

    it('is replayed as bars and as a book', () => {
      expect(commandOf('replay a.gz klines')).toMatchObject({ view: { kind: 'klines', interval: '1m' } });
      expect(commandOf('replay a.gz klines 5m --speed 10')).toMatchObject({ view: { interval: '5m' }, speed: 10 });
      expect(commandOf('replay a.gz book 600000.SH --levels 3')).toMatchObject({
        view: { kind: 'book', symbol: '600000.SH', levels: 3 },
      });
    });

    it('is inspected', () => {
      expect(commandOf('inspect a.gz')).toEqual({ kind: 'inspect', files: ['a.gz'], json: false });
      expect(commandOf('inspect a.gz b.gz --json')).toMatchObject({ files: ['a.gz', 'b.gz'], json: true });
    });
  });

  it('reads how to show it and for how long', () => {
    expect(parse('--json --for 10s')).toMatchObject({ display: 'json', length: 10_000 });
    expect(parse('')).toMatchObject({ display: 'table', length: undefined });
    expect(parse('', { TERM: 'dumb' }).display).toBe('lines');
  });

  it.each<[string, Environment, boolean]>([
    ['draws blocks', { LANG: 'en_US.UTF-8' }, true],
    ['draws blocks', { LC_CTYPE: 'C.utf8' }, true],
    ['draws no blocks', {}, false],
    ['draws no blocks', { LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    ['draws no blocks', { TERM: 'dumb', LANG: 'en_US.UTF-8' }, false],
  ])('%s with %j', (_, env, blocks) => {
    expect(parse('', env).blocks).toBe(blocks);
  });

  it.each<[string, Environment, string]>([
    ['', {}, 'us'],
    ['', { LANG: 'zh_CN.UTF-8' }, 'cn'],
    ['', { LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }, 'us'],
    ['', { LANG: 'zh_CN.UTF-8', NO_COLOR: '1' }, 'none'],
    ['--colors cn', { NO_COLOR: '1' }, 'cn'],
    ['--colors none', {}, 'none'],
  ])('colors: "%s" in %j is %s', (line, env, colors) => {
    expect(parse(line, env).colors).toBe(colors);
  });

  it.each([
    ['--help', /^rxtape - watch, record/],
    ['-h', /^rxtape - watch, record/],
    ['help', /^rxtape - watch, record/],
    ['watch nonsense --help', /^rxtape \[watch\]/],
    ['help book', /^rxtape book/],
    ['help sources', /itick:stock/],
    ['--version', /^1\.2\.3\n$/],
  ])('writes a text: rxtape %s', (line, text) => {
    expect(parseCommand(line.split(' '), {}, () => '1.2.3')).toMatch(text);
  });

  it('watches where the first word is a source or a symbol', () => {
    expect(parse('itick:stock AAPL.US --demo')).toEqual(parse('watch itick:stock AAPL.US --demo'));
    expect(parse('BTCUSDT.BA')).toEqual(parse('watch binance BTCUSDT.BA'));
  });

  it('takes a symbol of the public vendor for one of its, where no source is named', () => {
    expect(parse('klines BTCUSDT.BA')).toEqual(parse('klines binance BTCUSDT.BA'));
    expect(parse('book BTCUSDT.BA').sources).toEqual(parse('book binance BTCUSDT.BA').sources);
    expect(parse('watch BTCUSDT.BA itick:stock AAPL.US --demo').sources.map(({ name }) => name)).toEqual([
      'binance',
      'itick:stock',
    ]);
  });

  it.each([
    ['--nope', "Unknown option '--nope'"],
    ['--trade', "Unknown option '--trade'; did you mean --trades?"],
    ['wach', '"wach" is not a command; did you mean watch?'],
    ['watch itik:stock AAPL.US', '"itik:stock" is not a source; did you mean itick:stock?'],
    ['--for', "Option '--for <value>' argument missing"],
    ['--json=yes', "Option '--json' does not take an argument"],
    ['--for soon', '"soon" is not a duration'],
    ['--for --json', "Option '--for' argument is ambiguous."],
    ['--speed fast', '"fast" is not a speed'],
    ['--speed 0', '"0" is not a speed'],
    ['--colors pink', '"pink" is not one of the colors cn'],
    [
      'spectate',
      '"spectate" is not a command; it is one of watch, live, book, klines, record, replay, inspect, history, simulate',
    ],
    ['--demo --url wss://mine', '--demo has a host of its own; leave out --url'],
    ['watch itick:stock A.US --speed 2', '--speed is for the simulated market; add --demo'],
    ['watch itick:stock A.US', 'itick:stock needs ITICK_TOKEN in the environment; add --demo'],
    ['watch tickflow 600000.SH', 'tickflow needs TICKFLOW_API_KEY in the environment; add --demo'],
    ['watch itick:stock A.us --demo', 'the venue "us" is not in capital letters'],
    ['watch itick:stock A.US --demo --klines 7m', 'an interval is one of 1s, 1m'],
    ['book', 'a book is of one symbol; write rxtape book 600000.SH'],
    ['book A.US B.US', 'a book is of one symbol'],
    ['book A.us', 'the venue "us" is not in capital letters'],
    ['book A.US nope', '"nope" is neither a source'],
    ['book A.US itick:stock itick:fund --demo', 'a book takes one source of each vendor'],
    ['book A.US --levels 0', '"0" is not a number of levels from 1 to 100'],
    ['book A.US --levels 2.5', '"2.5" is not a number of levels'],
    ['book A.US --levels 101', '"101" is not a number of levels'],
    ['book A.US --trades', '--trades is for rxtape watch, not for rxtape book'],
    ['--levels 5', '--levels is for rxtape book, not for rxtape watch'],
    ['watch --interval 5m', '--interval is for rxtape klines, not for rxtape watch'],
    ['klines --history --no-history', '--history and --no-history say the opposite; leave one out'],
    ['klines --history --speed 2', '--history needs a market that keeps our time; leave out --speed'],
    ['klines --json --calls-per-minute 9', '--calls-per-minute is for bars of the history; add --history'],
    ['klines --demo --rest-url https://x', '--demo has a host of its own; leave out --rest-url'],
    ['klines --calls-per-minute often', '"often" is not a number of calls a minute'],
    ['watch --no-history', '--no-history is for rxtape klines, not for rxtape watch'],
    ['klines --klines 1m', '--klines is for rxtape watch, not for rxtape klines'],
    ['klines --interval 7m', '"7m" is not an interval; it is one of 1s, 1m'],
    ['klines AAPL.US', '"AAPL.US" comes before any source'],
    ['record --demo', 'a recording needs a file; add --out tape.ndjson.gz'],
    ['record --out a.gz --force --max-age 1h', '--force has no use with --max-bytes and --max-age'],
    ['record --out a.gz --max-bytes much', '"much" is not a size'],
    ['record --out a.gz --json', '--json is for rxtape watch, not for rxtape record'],
    ['--out a.gz', '--out is for rxtape record, not for rxtape watch'],
    ['simulate --port 65536', '"65536" is not a port from 0 to 65535'],
    ['simulate --port web', '"web" is not a port'],
    ['simulate --speed 0', '"0" is not a speed'],
    ['simulate AAPL.US', '"AAPL.US" has no use: every symbol is simulated'],
    ['--port 80', '--port is for rxtape simulate, not for rxtape watch'],
    ['replay', 'name a recording; write rxtape replay tape.ndjson.gz'],
    ['replay klines', 'name a recording'],
    ['replay a.gz --demo', '--demo is for rxtape watch, not for rxtape replay'],
    ['replay a.gz --speed 0', '"0" is not a speed; write how many times faster, such as 10, or max'],
    ['replay a.gz --speed Infinity', '"Infinity" is not a speed'],
    ['replay a.gz --from noon', '"noon" is not a time'],
    ['replay a.gz --levels 3', '--levels is for a book; add book <symbol>'],
    ['replay a.gz klines 7m', '"7m" is not an interval'],
    ['replay a.gz klines 1m 5m', 'bars have one interval'],
    ['replay a.gz book', 'a book is of one symbol'],
    ['replay a.gz book A.US B.US', 'a book is of one symbol'],
    ['replay a.gz book A.us', 'the venue "us" is not in capital letters'],
    ['inspect', 'name a recording; write rxtape inspect tape.ndjson.gz'],
    ['inspect a.gz --speed 2', '--speed is for rxtape watch, not for rxtape inspect'],
  ])('rejects "%s" in one line', (line, problem) => {
    expect(() => parse(line)).toThrow(problem);
    expect(() => parse(line)).not.toThrow('\n');
  });
});
