import { NEVER, of } from 'rxjs';
import { InvalidOption, InvalidTopic } from '../../../lib/model/errors.js';
import type { Interval } from '../../../lib/model/interval.js';
import { intervals } from '../../../lib/model/interval.js';
import { bbos, quotes } from '../../../lib/model/topic.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { itickOver } from '../../../lib/providers/itick/itick.js';
import { itickSettings, type ItickOptions } from '../../../lib/providers/itick/options.js';
import { klineCodes, markets } from '../../../lib/providers/itick/protocol.js';
import type { Platform } from '../../../lib/transport/Platform.js';
import { SECRET } from './decoding.js';
import { thrownBy } from '../thrownBy.js';

const openSocket = (): never => {
  throw new Error('nobody has subscribed');
};
const node: Platform = { openSocket, headers: true };
const browser: Platform = { openSocket, headers: false };

const options: ItickOptions = { token: SECRET, market: 'stock', topics: quotes('AAPL.US') };
const settings = (more: object = {}, platform = node) => itickSettings({ ...options, ...more }, platform);

describe('the settings of itick', () => {
  it('have defaults', () => {
    expect(settings()).toEqual({
      feed: 'itick:stock',
      endpoint: 'wss://api.itick.org/stock',
      auth: 'header',
      tickVolume: 'cumulative',
      sizeUnit: 'shares',
      connections: 1,
      sockets: 1,
      check: expect.any(Function) as unknown,
      meaning: 'detect',
      unsized: false,
      every: 20_000,
      within: 40_000,
    });
  });

  it.each(markets)('lead to the cluster of %s', (market) => {
    expect(settings({ market }).endpoint).toBe(`wss://api.itick.org/${market}`);
  });

  it.each([
    ['stock', 'cumulative', 'shares'],
    ...(['forex', 'indices', 'crypto', 'future', 'fund'] as const).map(
      (market) => [market, 'size', undefined] as const,
    ),
  ] as const)('take v in %s for %s, in %s', (market, tickVolume, sizeUnit) => {
    expect(settings({ market })).toMatchObject({ tickVolume, sizeUnit });
  });

  it('let the caller say what v is', () => {
    expect(settings({ tickVolume: 'size' }).tickVolume).toBe('size');
    expect(settings({ market: 'crypto', tickVolume: 'cumulative' }).tickVolume).toBe('cumulative');
  });

  it('send the token in the query where headers are impossible', () => {
    expect(settings({}, browser).auth).toBe('query');
    expect(settings({ auth: 'message' }, browser).auth).toBe('message');
    expect(settings({ auth: 'query' }).auth).toBe('query');
  });

  it.each([
    ['wss://api-free.itick.org', 'wss://api-free.itick.org/stock'],
    ['wss://api-free.itick.org/', 'wss://api-free.itick.org/stock'],
    ['wss://proxy.example.org/itick//', 'wss://proxy.example.org/itick/stock'],
    ['ws://127.0.0.1:8080', 'ws://127.0.0.1:8080/stock'],
  ])('append the market to %s', (url, endpoint) => {
    expect(settings({ url }).endpoint).toBe(endpoint);
  });

  it.each([
    [{ every: 10_000 }, 10_000, 20_000],
    [{ within: 10_000 }, 5_000, 10_000],
    [{ within: 90_000 }, 20_000, 90_000],
    [{ every: 1_000, within: 90_000 }, 1_000, 90_000],
    [{}, 20_000, 40_000],
    [undefined, 20_000, 40_000],
  ])('with a heartbeat of %j ping every %d ms and wait %d ms', (heartbeat, every, within) => {
    expect(settings({ heartbeat })).toMatchObject({ every, within });
  });
});

describe('an option that makes no sense', () => {
  it.each([
    [{ token: '' }, 'token', undefined],
    [{ token: '  ' }, 'token', undefined],
    [{ token: undefined }, 'token', undefined],
    [{ token: 7 }, 'token', undefined],
    [{ market: 'stocks' }, 'market', 'stocks'],
    [{ market: undefined }, 'market', undefined],
    [{ market: '__proto__' }, 'market', '__proto__'],
    [{ auth: 'cookie' }, 'auth', 'cookie'],
    [{ tickVolume: 'delta' }, 'tickVolume', 'delta'],
    [{ connections: 0 }, 'connections', 0],
    [{ connections: 1.5 }, 'connections', 1.5],
    [{ connections: NaN }, 'connections', NaN],
    [{ shards: 2 }, 'shards', 2],
    [{ connections: 4, shards: 5 }, 'shards', 5],
    [{ connections: 4, shards: 1.5 }, 'shards', 1.5],
    [{ connections: 4, shards: 0 }, 'shards', 0],
    [{ connections: Infinity, shards: Infinity }, 'shards', Infinity],
    [{ url: 'https://api.itick.org' }, 'url', 'https://api.itick.org'],
    [{ url: 'api.itick.org' }, 'url', 'api.itick.org'],
    [{ url: '' }, 'url', ''],
    [{ heartbeat: { every: 0 } }, 'heartbeat.every', 0],
    [{ heartbeat: { every: -1 } }, 'heartbeat.every', -1],
    [{ heartbeat: { within: Infinity } }, 'heartbeat.within', Infinity],
    [{ heartbeat: { every: 20_000, within: 19_999 } }, 'heartbeat.within', 19_999],
    [{ connectTimeout: 0 }, 'connectTimeout', 0],
    [{ authTimeout: NaN }, 'authTimeout', NaN],
    [{ maxFrameBytes: 0.5 }, 'maxFrameBytes', 0.5],
    [{ maxFrameBytes: 0 }, 'maxFrameBytes', 0],
    [{ backoff: 500 }, 'backoff', 500],
    [{ openSocket: 'ws' }, 'openSocket', 'ws'],
  ])('%j is refused where the factory is called, by name', (more, option, value) => {
    const error = thrownBy(() => itickOver(node)({ ...options, ...more } as ItickOptions));
    expect(error).toBeInstanceOf(InvalidOption);
    expect(error).toMatchObject({ option, value });
    expect(String(error)).toContain(`\`${option}\``);
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });

  it('header is one in a browser, and says what is possible', () => {
    const error = thrownBy(() => settings({ auth: 'header' }, browser));
    expect(error).toMatchObject({
      option: 'auth',
      value: 'header',
      problem: expect.stringContaining('query or message'),
    });
  });

  it.each([
    `wss://api.itick.org?token=${SECRET}`,
    `wss://api.itick.org/#${SECRET}`,
    `wss://user:${SECRET}@api.itick.org`,
    `wss://${SECRET}@api.itick.org`,
    `https://api.itick.org?token=${SECRET}`,
    `api.itick.org?token=${SECRET}`,
  ])('an address with a credential in it is refused and not repeated', (url) => {
    const error = thrownBy(() => settings({ url }));
    expect(error).toMatchObject({ option: 'url', value: undefined });
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET.slice(0, 12));
  });

  it.each([undefined, null, 'token', of(1)])('%p is no object of options', (given) => {
    expect(thrownBy(() => itickOver(node)(given as never))).toMatchObject({ option: 'options' });
  });
});

describe('topics that make no sense', () => {
  it.each([
    ['none', []],
    ['a malformed symbol', [{ channel: 'quote', symbol: 'AAPL' }]],
    ['a symbol instead of topics', 'AAPL.US'],
    ['symbols instead of topics', ['AAPL.US']],
    ['a channel of another provider', [{ channel: 'funding', symbol: 'BTCUSDT.BA' }]],
    ['an inherited name for a channel', [{ channel: 'constructor', symbol: 'BTCUSDT.BA' }]],
    ['nothing', undefined],
  ])('such as %s are refused where the factory is called', (_, topics) => {
    expect(thrownBy(() => itick({ ...options, topics: topics as never }))).toBeInstanceOf(InvalidTopic);
  });

  it('are its best prices, which are made of its books', () => {
    const call = (): unknown => itick({ ...options, topics: bbos('BTCUSDT.BA') });
    expect(thrownBy(call)).toBeInstanceOf(InvalidTopic);
    expect(call).toThrow('derive it with orderBook() and topOfBook()');
  });

  it('are bars that the vendor has not, also where others have them', () => {
    const { check } = settings();
    const bars = (interval: string) =>
      ({ channel: 'kline', symbol: 'AAPL.US', interval: interval as Interval }) as const;
    expect(thrownBy(() => check(bars('3m')))).toMatchObject({
      _tag: 'InvalidTopic',
      problem: "the vendor has no bars of 3m; make them with resampleKlines('3m') from bars of 1m",
    });
    expect(thrownBy(() => check(bars('1s')))).toMatchObject({
      problem: "the vendor has no bars of 1s; make them of trades with toKlines('1s')",
    });
    for (const interval of intervals)
      if (!klineCodes[interval]) expect(thrownBy(() => check(bars(interval)))).toBeInstanceOf(InvalidTopic);
    for (const interval of Object.keys(klineCodes)) expect(() => check(bars(interval))).not.toThrow();
  });

  it('may still come, so that an Observable is not looked into', () => {
    expect(() => itick({ ...options, topics: NEVER })).not.toThrow();
  });
});
