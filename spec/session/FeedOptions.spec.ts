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
    { heartbeat: { every: 5 }, connectTimeout: 2 ** 31 - 1, authTimeout: 0.5, maxFrameBytes: 1 },
    { heartbeat: { every: 5, within: 5 } },
    { backoff: () => 0, openSocket: () => ({}) as never, compress: true },
    { connectAttempts: 1, probe: () => [200] },
    { connectAttempts: Infinity },
    { maxRetryAfter: 1 },
    { name: 'k' },
    { name: 'n'.repeat(64) },
  ])('takes %p', (options) => {
    expect(() => checkFeedOptions(options)).not.toThrow();
  });

  const object = 'the factory takes one object with all options';
  const fn = 'it is a function';
  const duration = 'it is a number of milliseconds above 0, and of 24 days at most';
  const quiet = 'a silence shorter than `every` would end every quiet link before its first ping';
  const count = 'it is a whole number, 1 or more';
  const name = 'it is a text of 1 to 64 characters';
  const bytes = 'it is a whole number of bytes, 1 or more';

  it.each<[unknown, string, unknown, string]>([
    [undefined, 'options', undefined, object],
    [null, 'options', undefined, object],
    ['k', 'options', undefined, object],
    [NEVER, 'options', undefined, object],
    [{ name: '' }, 'name', '', name],
    [{ name: 'n'.repeat(65) }, 'name', 'n'.repeat(65), name],
    [{ name: 7 }, 'name', 7, name],
    [{ name: ['k'] }, 'name', ['k'], name],
    [{ backoff: 500 }, 'backoff', 500, fn],
    [{ openSocket: 'wss' }, 'openSocket', 'wss', fn],
    [{ probe: 'https://api' }, 'probe', 'https://api', fn],
    [{ connectAttempts: 0 }, 'connectAttempts', 0, count],
    [{ connectAttempts: 1.5 }, 'connectAttempts', 1.5, count],
    [{ connectTimeout: 0 }, 'connectTimeout', 0, duration],
    [{ maxRetryAfter: 0 }, 'maxRetryAfter', 0, duration],
    [{ maxRetryAfter: NaN }, 'maxRetryAfter', NaN, duration],
    [{ maxRetryAfter: Infinity }, 'maxRetryAfter', Infinity, duration],
    [{ connectTimeout: Infinity }, 'connectTimeout', Infinity, duration],
    [{ connectTimeout: 2 ** 31 }, 'connectTimeout', 2 ** 31, duration],
    [{ authTimeout: '10' }, 'authTimeout', '10', duration],
    [{ authTimeout: NaN }, 'authTimeout', NaN, duration],
    [{ heartbeat: { every: -1 } }, 'heartbeat.every', -1, duration],
    [{ heartbeat: { within: 0 } }, 'heartbeat.within', 0, duration],
    [{ heartbeat: { every: 5, within: 4 } }, 'heartbeat.within', 4, quiet],
    [{ maxFrameBytes: 0 }, 'maxFrameBytes', 0, bytes],
    [{ maxFrameBytes: 1.5 }, 'maxFrameBytes', 1.5, bytes],
  ])('throws InvalidOption for %p and names `%s`', (options, option, value, problem) => {
    const error = new InvalidOption(option, value, problem);
    expect(() => checkFeedOptions(options as FeedOptions)).toThrow(error);
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

  const scheme = 'it starts with wss:// or ws://, as wss://api.example.org does';
  const parts = 'it holds more than scheme, host and path; give credentials in their own option';

  it.each(['https://api.itick.org', 'wsss://api.itick.org', 'news://api.itick.org', 'api.itick.org', '', undefined])(
    'throws for %p, and repeats it',
    (url) => {
      expect(() => checkUrl(url as string)).toThrow(new InvalidOption('url', url, scheme));
    },
  );

  it.each([
    ['wss://api.itick.org?token=SECRET', parts],
    ['wss://api.itick.org#SECRET', parts],
    ['wss://SECRET@api.itick.org', parts],
    ['wss://:SECRET@api.itick.org', parts],
    ['wss://me:SECRET@api.itick.org', parts],
    ['https://api.itick.org?token=SECRET', scheme],
    ['https://api.itick.org#SECRET', scheme],
    ['api.itick.org?token=SECRET', scheme],
    ['SECRET@api.itick.org', scheme],
  ])('throws for %p without repeating it', (url, problem) => {
    expect(() => checkUrl(url)).toThrow(new InvalidOption('url', undefined, problem));
  });
});

describe('checkOneOf', () => {
  it('takes what is allowed, and names it otherwise', () => {
    expect(checkOneOf('auth', 'query', ['header', 'query'])).toBe('query');
    const error = new InvalidOption('auth', 'cookie', 'it is one of query, message');
    expect(() => checkOneOf('auth', 'cookie' as 'query', ['query', 'message'])).toThrow(error);
  });
});

describe('checkConnections', () => {
  it('takes a whole number, or no limit', () => {
    expect([1, 5, Infinity].map(checkConnections)).toEqual([1, 5, Infinity]);
  });

  it.each([0, -1, 1.5, NaN, '1'])('throws for %p', (connections) => {
    const error = new InvalidOption('connections', connections, 'it is a whole number, 1 or more');
    expect(() => checkConnections(connections as number)).toThrow(error);
  });
});
