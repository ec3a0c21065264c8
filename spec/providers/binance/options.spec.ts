import { firstValueFrom, NEVER, of } from 'rxjs';
import { InvalidOption, InvalidTopic } from '../../../lib/model/errors.js';
import { bbos, depths, klines, quotes, trades, type Topic } from '../../../lib/model/topic.js';
import * as browser from '../../../lib/providers/binance/browser.js';
import { binance, binanceHistory } from '../../../lib/providers/binance/index.js';
import { binanceSettings, type BinanceOptions } from '../../../lib/providers/binance/options.js';
import { browserPlatform } from '../../../lib/transport/browserPlatform.js';
import { nodePlatform } from '../../../lib/transport/nodePlatform.js';
import { thrownBy } from '../thrownBy.js';

const options: BinanceOptions = {
  topics: trades('BTCUSDT.BA'),
  openSocket: () => {
    throw new Error('nobody has subscribed');
  },
};
const settings = (more: object = {}, platform = nodePlatform) => binanceSettings({ ...options, ...more }, platform);

describe('the settings of binance', () => {
  it('have defaults', () => {
    expect(settings()).toEqual({
      feed: 'binance',
      endpoint: 'wss://data-stream.binance.vision/stream',
      levels: 1_000,
      every: undefined,
      within: 60_000,
      restUrl: 'https://data-api.binance.vision',
      fetch: undefined,
      limits: { calls: 6_000, per: 60_000 },
      rotateAfter: expect.any(Number),
      shards: 8,
    });
  });

  it.each([
    [0, 12],
    [0.5, 17.5],
    [1, 23],
  ])(
    'have a connection succeeded within the 24 hours of the vendor: by a chance of %d after %d hours',
    (chance, hours) => {
      expect(binanceSettings({ topics: [] }, nodePlatform, () => chance).rotateAfter).toBe(hours * 3_600_000);
      expect(settings({ rotateAfter: 5 }).rotateAfter).toBe(5);
      expect(() => settings({ rotateAfter: 0 })).toThrow('rotateAfter');
    },
  );

  it('ask something themselves where pings cannot be heard', () => {
    expect(settings({}, browserPlatform)).toMatchObject({ every: 25_000, within: 60_000 });
    expect(settings({ heartbeat: { within: 10_000 } }, browserPlatform)).toMatchObject({
      every: 5_000,
      within: 10_000,
    });
    expect(settings({ heartbeat: { every: 40_000 } })).toMatchObject({ every: 40_000, within: 80_000 });
  });

  it('may be of another host, with or without a path', () => {
    expect(settings({ url: 'ws://127.0.0.1:8080/b/', restUrl: 'http://127.0.0.1:8080/b/' })).toMatchObject({
      endpoint: 'ws://127.0.0.1:8080/b/stream',
      restUrl: 'http://127.0.0.1:8080/b',
    });
  });

  it('are the same for the browser’s history', () => {
    expect(browser.binanceHistory).toBe(binanceHistory);
  });
});

describe('an option that makes no sense', () => {
  it.each([
    [{ levels: 0 }, 'levels', 0],
    [{ levels: 5_001 }, 'levels', 5_001],
    [{ levels: 1.5 }, 'levels', 1.5],
    [{ levels: '100' }, 'levels', '100'],
    [{ url: 'https://stream.binance.com' }, 'url', 'https://stream.binance.com'],
    [{ url: 'wss://stream.binance.com/?streams=btcusdt@trade' }, 'url', undefined],
    [{ restUrl: 'wss://data-api.binance.vision' }, 'restUrl', 'wss://data-api.binance.vision'],
    [{ restUrl: 'https://me:pass@data-api.binance.vision' }, 'restUrl', undefined],
    [{ fetch: 7 }, 'fetch', 7],
    [{ budget: { calls: 0, per: 60_000 } }, 'budget.calls', 0],
    [{ budget: { calls: 6_000, per: -1 } }, 'budget.per', -1],
    [{ authTimeout: 5_000 }, 'authTimeout', 5_000],
    [{ heartbeat: { within: 0 } }, 'heartbeat.within', 0],
    [{ heartbeat: { every: 30_000, within: 10_000 } }, 'heartbeat.within', 10_000],
    [{ connectTimeout: -1 }, 'connectTimeout', -1],
    [{ name: '' }, 'name', ''],
  ])('%j is refused where the factory is called, by name', (more, option, value) => {
    const error = thrownBy(() => binance({ ...options, ...more } as BinanceOptions));
    expect(error).toBeInstanceOf(InvalidOption);
    expect(error).toMatchObject({ option, value });
    expect(String(error)).toContain(`\`${option}\``);
  });

  it('is refused also where there are no options at all', () => {
    expect(thrownBy(() => binance(undefined as never))).toBeInstanceOf(InvalidOption);
    expect(thrownBy(() => binanceHistory(7 as never))).toBeInstanceOf(InvalidOption);
  });
});

describe('topics that Binance never serves', () => {
  it.each([
    [trades('AAPL.US'), 'has symbols of the venue BA, such as BTCUSDT.BA'],
    [trades('btcusdt.BA'), 'in capital letters and has no separator'],
    [trades('BTC/USDT.BA'), 'has no separator'],
    [trades('BTC@USDT.BA'), 'has no separator'],
    [trades('BTC.USDT.BA'), 'has no separator'],
    [quotes(`${'X'.repeat(33)}.BA`), 'in capital letters'],
    // Their small letters lead to another code.
    [trades('İUSDT.BA'), 'in capital letters'],
    [trades('ǅUSDT.BA'), 'in capital letters'],
    [klines('10m', 'BTCUSDT.BA'), "no bars of 10m; ask for bars of 5m, and make them with resampleKlines('10m')"],
    [[{ channel: 'funding', symbol: 'BTCUSDT.BA' } as unknown as Topic], 'the channel is none of trade, quote'],
    [[{ channel: 'constructor', symbol: 'BTCUSDT.BA' } as unknown as Topic], 'the channel is none of trade, quote'],
    [[...bbos('BTCUSDT.BA'), ...depths('700.HK')], 'venue BA'],
  ])('%j are refused where the factory is called, with a remedy', (topics, remedy) => {
    const error = thrownBy(() => binance({ ...options, topics }));
    expect(error).toBeInstanceOf(InvalidTopic);
    expect(String(error)).toContain(remedy);
  });

  it('end the feed where an Observable brings them', async () => {
    await expect(firstValueFrom(binance({ ...options, topics: of(trades('AAPL.US')) }))).rejects.toBeInstanceOf(
      InvalidTopic,
    );
  });

  it('may still come, so that an Observable is not looked into', () => {
    expect(() => binance({ ...options, topics: NEVER })).not.toThrow();
  });

  it.each([
    ['none', []],
    ['a malformed symbol', [{ channel: 'quote', symbol: 'BTCUSDT' }]],
    ['nothing', undefined],
  ])('such as %s are refused where the factory is called', (_, topics) => {
    expect(thrownBy(() => binance({ ...options, topics: topics as never }))).toBeInstanceOf(InvalidTopic);
  });
});
