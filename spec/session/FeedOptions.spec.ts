import { NEVER } from 'rxjs';
import { InvalidOption } from '../../lib/model/errors.js';
import {
  checkConnections,
  checkFeedOptions,
  checkOneOf,
  checkUrl,
  type FeedOptions,
} from '../../lib/session/FeedOptions.js';

describe('checkFeedOptions', () => {
  it.each<FeedOptions>([
    {},
    { heartbeat: {} },
    { heartbeat: { every: 5 }, connectTimeout: 1, authTimeout: 0.5, maxFrameBytes: 1 },
    { heartbeat: { every: 5, within: 5 } },
    { backoff: () => 0, openSocket: () => ({}) as never, compress: true },
  ])('takes %p', (options) => {
    expect(() => checkFeedOptions(options)).not.toThrow();
  });

  it.each<[unknown, string]>([
    [undefined, 'options'],
    [null, 'options'],
    ['k', 'options'],
    [NEVER, 'options'],
    [{ backoff: 500 }, 'backoff'],
    [{ openSocket: 'wss' }, 'openSocket'],
    [{ connectTimeout: 0 }, 'connectTimeout'],
    [{ connectTimeout: Infinity }, 'connectTimeout'],
    [{ connectTimeout: 2 ** 31 }, 'connectTimeout'],
    [{ authTimeout: '10' }, 'authTimeout'],
    [{ authTimeout: NaN }, 'authTimeout'],
    [{ heartbeat: { every: -1 } }, 'heartbeat.every'],
    [{ heartbeat: { within: 0 } }, 'heartbeat.within'],
    [{ heartbeat: { every: 5, within: 4 } }, 'heartbeat.within'],
    [{ maxFrameBytes: 0 }, 'maxFrameBytes'],
    [{ maxFrameBytes: 1.5 }, 'maxFrameBytes'],
  ])('throws InvalidOption for %p and names `%s`', (options, option) => {
    const check = () => checkFeedOptions(options as FeedOptions);
    expect(check).toThrow(InvalidOption);
    expect(check).toThrow(`\`${option}\``);
  });
});

describe('checkUrl', () => {
  it.each([
    ['wss://api.itick.org', 'wss://api.itick.org'],
    ['ws://127.0.0.1:8080/', 'ws://127.0.0.1:8080'],
    [' wss://proxy/vendor// ', 'wss://proxy/vendor'],
  ])('takes %p', (url, clean) => {
    expect(checkUrl(url)).toBe(clean);
  });

  it.each(['https://api.itick.org', 'api.itick.org', '', undefined])('throws for %p', (url) => {
    expect(() => checkUrl(url as string)).toThrow(/^invalid option `url`.*it starts with wss/);
  });

  it.each([
    'wss://api.itick.org?token=SECRET',
    'wss://api.itick.org#SECRET',
    'wss://SECRET@api.itick.org',
    'wss://me:SECRET@api.itick.org',
    'https://api.itick.org?token=SECRET',
    'api.itick.org?token=SECRET',
    'SECRET@api.itick.org',
  ])('throws for %p without repeating it', (url) => {
    expect(() => checkUrl(url)).toThrow(InvalidOption);
    expect(() => checkUrl(url)).not.toThrow('SECRET');
  });
});

describe('checkOneOf', () => {
  it('takes what is allowed, and names it otherwise', () => {
    expect(checkOneOf('auth', 'query', ['header', 'query'])).toBe('query');
    expect(() => checkOneOf('auth', 'cookie' as 'query', ['query', 'message'])).toThrow('it is one of query, message');
  });
});

describe('checkConnections', () => {
  it('takes a whole number, or no limit', () => {
    expect([1, 5, Infinity].map(checkConnections)).toEqual([1, 5, Infinity]);
  });

  it.each([0, -1, 1.5, NaN, '1'])('throws for %p', (connections) => {
    expect(() => checkConnections(connections as number)).toThrow(InvalidOption);
  });
});
