import { firstValueFrom, NEVER, of } from 'rxjs';
import { InvalidOption, InvalidTopic } from '../../../lib/model/errors.js';
import { bbos, depths, klines, quotes, trades, type Topic } from '../../../lib/model/topic.js';
import { tickflow } from '../../../lib/providers/tickflow/index.js';
import { tickflowSettings, type TickflowOptions } from '../../../lib/providers/tickflow/options.js';
import { SECRET } from './decoding.js';
import { thrownBy } from '../thrownBy.js';

const options: TickflowOptions = {
  apiKey: SECRET,
  topics: quotes('600000.SH'),
  openSocket: () => {
    throw new Error('nobody has subscribed');
  },
};
const settings = (more: object = {}) => tickflowSettings({ ...options, ...more });

describe('the settings of tickflow', () => {
  it('have defaults', () => {
    expect(settings()).toEqual({
      endpoint: 'stream',
      address: 'wss://api.tickflow.org/v1/ws/stream',
      connections: Infinity,
      within: 75_000,
      watchSilence: false,
    });
  });

  it.each([
    [{ endpoint: 'quotes' }, 'wss://api.tickflow.org/v1/ws/quotes'],
    [{ url: 'wss://hk-api.tickflow.org' }, 'wss://hk-api.tickflow.org/v1/ws/stream'],
    [{ url: 'wss://hk-api.tickflow.org/' }, 'wss://hk-api.tickflow.org/v1/ws/stream'],
    [{ url: 'ws://127.0.0.1:8080/tickflow', endpoint: 'quotes' }, 'ws://127.0.0.1:8080/tickflow/v1/ws/quotes'],
  ])('with %j lead to %s', (more, address) => {
    expect(settings(more).address).toBe(address);
  });

  it('watch for silence where pings cannot be heard only if the caller says how long', () => {
    expect(settings({ heartbeat: { within: 5_000 } })).toMatchObject({ within: 5_000, watchSilence: true });
    expect(settings({ heartbeat: {} })).toMatchObject({ within: 75_000, watchSilence: false });
  });
});

describe('an option that makes no sense', () => {
  it.each([
    [{ apiKey: '' }, 'apiKey', undefined],
    [{ apiKey: undefined }, 'apiKey', undefined],
    [{ endpoint: 'depth' }, 'endpoint', 'depth'],
    [{ endpoint: 'constructor' }, 'endpoint', 'constructor'],
    [{ connections: 0 }, 'connections', 0],
    [{ url: 'https://api.tickflow.org' }, 'url', 'https://api.tickflow.org'],
    [{ url: `wss://api.tickflow.org/v1/ws/stream?api_key=${SECRET}` }, 'url', undefined],
    [{ url: `wss://${SECRET}@api.tickflow.org` }, 'url', undefined],
    [{ heartbeat: { within: 0 } }, 'heartbeat.within', 0],
    [{ heartbeat: { every: 30_000, within: 40_000 } }, 'heartbeat.every', 30_000],
    [{ authTimeout: 5_000 }, 'authTimeout', 5_000],
    [{ connectTimeout: -1 }, 'connectTimeout', -1],
    [{ maxFrameBytes: 1.5 }, 'maxFrameBytes', 1.5],
    [{ backoff: 1 }, 'backoff', 1],
  ])('%j is refused where the factory is called, by name', (more, option, value) => {
    const error = thrownBy(() => tickflow({ ...options, ...more } as TickflowOptions));
    expect(error).toBeInstanceOf(InvalidOption);
    expect(error).toMatchObject({ option, value });
    expect(String(error)).toContain(`\`${option}\``);
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });
});

describe('topics that TickFlow never serves', () => {
  it.each([
    [trades('600000.SH'), 'pushes no trades; ask for quotes, and derive klines from them with toKlines()'],
    [klines('1m', '600000.SH'), 'pushes no klines; ask for quotes, and derive klines from them with toKlines()'],
    [bbos('600000.SH'), 'pushes no bbos; ask for depths, and derive it with orderBook() and topOfBook()'],
    [[...quotes('600000.SH'), ...trades('600000.SH')], 'derive klines from them'],
    [
      [{ channel: 'funding', symbol: 'BTCUSDT.BA' } as unknown as Topic],
      'pushes no fundings; ask for quotes or depths',
    ],
  ])('%j are refused where the factory is called, with a remedy', (topics, remedy) => {
    const error = thrownBy(() => tickflow({ ...options, topics }));
    expect(error).toBeInstanceOf(InvalidTopic);
    expect(String(error)).toContain(remedy);
  });

  it('include depth on the legacy endpoint', () => {
    const call = (endpoint: 'stream' | 'quotes') => () =>
      tickflow({ ...options, endpoint, topics: depths('600000.SH') });
    expect(thrownBy(call('quotes'))).toMatchObject({
      _tag: 'InvalidTopic',
      problem: expect.stringContaining('use endpoint "stream"'),
    });
    expect(call('stream')).not.toThrow();
  });

  it('end the feed where an Observable brings them', async () => {
    const feed$ = tickflow({ ...options, topics: of(trades('600000.SH')) });
    await expect(firstValueFrom(feed$)).rejects.toBeInstanceOf(InvalidTopic);
  });
});

describe('topics that make no sense', () => {
  it.each([
    ['none', []],
    ['a malformed symbol', [{ channel: 'quote', symbol: '600000' }]],
    ['a symbol instead of topics', '600000.SH'],
    ['nothing', undefined],
  ])('such as %s are refused where the factory is called', (_, topics) => {
    expect(thrownBy(() => tickflow({ ...options, topics: topics as never }))).toBeInstanceOf(InvalidTopic);
  });

  it('may still come, so that an Observable is not looked into', () => {
    expect(() => tickflow({ ...options, topics: NEVER })).not.toThrow();
  });
});
