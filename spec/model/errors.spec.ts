import {
  AuthTimeout,
  ConnectionLost,
  ConnectTimeout,
  FeedInUse,
  HandshakeRefused,
  HeartbeatMissed,
  SequenceGap,
  InvalidOption,
  InvalidTopic,
  KickedRepeatedly,
  TokenUnavailable,
  Unauthorized,
  type FeedError,
} from '../../lib/model/errors.js';
import { isFeedError, isRecoverable } from '../../lib/model/isRecoverable.js';

type Case = readonly [error: FeedError, facts: Readonly<Record<string, unknown>>, says: string, recoverable: boolean];

const cases: Readonly<Record<FeedError['_tag'], readonly Case[]>> = {
  Unauthorized: [
    [new Unauthorized('auth failed'), { reason: 'auth failed' }, 'check the token', false],
    [new Unauthorized('Forbidden', 403), { reason: 'Forbidden', status: 403 }, 'what its plan covers', false],
  ],
  HandshakeRefused: [
    [new HandshakeRefused(404), { status: 404, reason: '' }, 'check the url', false],
    [
      new HandshakeRefused(0, undefined, '8 attempts failed'),
      { status: 0, reason: '8 attempts failed' },
      'no socket ever opened (8 attempts failed), and the platform does not say why; check the key, the url, and whether',
      false,
    ],
    [new HandshakeRefused(503), { status: 503, reason: '' }, 'HTTP 503', true],
    [
      new HandshakeRefused(429, 30_000, 'Too Many Requests'),
      { status: 429, retryAfter: 30_000, reason: 'Too Many Requests' },
      '(Too Many Requests); retry after 30000 ms',
      true,
    ],
  ],
  ConnectionLost: [
    [new ConnectionLost(1006), { code: 1006, reason: '' }, '(close code 1006)', true],
    [new ConnectionLost(1000, 'bye'), { code: 1000, reason: 'bye' }, '(close code 1000, bye)', true],
  ],
  ConnectTimeout: [[new ConnectTimeout(10_000), { within: 10_000 }, 'within 10000 ms', true]],
  AuthTimeout: [[new AuthTimeout(10_000), { within: 10_000 }, 'within 10000 ms', true]],
  HeartbeatMissed: [[new HeartbeatMissed(40_000), { silence: 40_000 }, '40000 ms', true]],
  SequenceGap: [
    [
      new SequenceGap('BTCUSDT.BA', 10, { first: 12, last: 14 }),
      { symbol: 'BTCUSDT.BA', last: 10, sequence: { first: 12, last: 14 } },
      'BTCUSDT.BA are missing: 12 to 14 do not follow 10',
      true,
    ],
    [
      new SequenceGap('BTC-USDT.OKX', 10, { previous: 12, last: 14 }),
      { symbol: 'BTC-USDT.OKX', last: 10, sequence: { previous: 12, last: 14 } },
      '12 to 14 do not follow 10',
      true,
    ],
  ],
  TokenUnavailable: [[new TokenUnavailable('vault is sealed'), { reason: 'vault is sealed' }, 'vault is sealed', true]],
  KickedRepeatedly: [[new KickedRepeatedly(4), { kicks: 4 }, 'another program is using the same credential', false]],
  FeedInUse: [
    [
      new FeedInUse('wss://api.itick.org/stock', 1),
      { endpoint: 'wss://api.itick.org/stock', connections: 1 },
      'share one feed with shareFeed(), or raise `connections`',
      false,
    ],
  ],
  InvalidTopic: [
    [
      new InvalidTopic('AAPL', 'a symbol is CODE.VENUE'),
      { value: 'AAPL', problem: 'a symbol is CODE.VENUE' },
      'invalid topic "AAPL": a symbol is CODE.VENUE',
      false,
    ],
  ],
  InvalidOption: [
    [
      new InvalidOption('connections', 0, 'it is 1 or more'),
      { option: 'connections', value: 0, problem: 'it is 1 or more' },
      'invalid option `connections` (0): it is 1 or more',
      false,
    ],
    [
      new InvalidOption('token', undefined, 'it is empty'),
      { option: 'token', problem: 'it is empty' },
      'invalid option `token`: it is empty',
      false,
    ],
  ],
};

const table = Object.entries(cases).flatMap(([tag, some]) => some.map((one) => [tag, ...one] as const));

describe.each(table)('%s', (tag, error, facts, says, recoverable) => {
  it('is an Error with its tag and its facts as fields', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ _tag: tag, name: tag, ...facts });
    expect(error.stack).toContain(tag);
  });

  it('says what happened and what helps', () => {
    expect(error.message).toContain(says);
  });

  it('is recorded as its tag, facts and message, without the stack', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({ _tag: tag, ...facts, message: error.message });
  });

  it(`is ${recoverable ? '' : 'not '}recoverable`, () => {
    expect(isRecoverable(error)).toBe(recoverable);
  });

  it('is known for one of ours', () => {
    expect(isFeedError(error)).toBe(true);
  });
});

describe('a message', () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;

  it.each([
    ['a long value', 'x'.repeat(1_000), 'x'.repeat(99)],
    ['a value that JSON cannot write', cyclic, 'object'],
    ['a bigint', 1n, 'bigint'],
    ['a function', () => 'secret', 'secret'],
    ['nothing', undefined, 'undefined'],
  ])('names %s shortly', (_, value, shown) => {
    const { message } = new InvalidTopic(value, 'no');
    expect(message).toContain(shown);
    expect(message.length).toBeLessThan(200);
  });
});

describe('isFeedError', () => {
  /** As another copy of the library would define it: the same tag, another class. */
  class ConnectionLostElsewhere extends Error {
    readonly _tag = 'ConnectionLost';
  }

  it('knows an error of another copy of the library by its tag', () => {
    const error = new ConnectionLostElsewhere();
    expect(error).not.toBeInstanceOf(ConnectionLost);
    expect(isFeedError(error) && isRecoverable(error)).toBe(true);
  });

  it.each([
    ['an error without tag', new Error('bug')],
    ['an unknown tag', Object.assign(new Error(), { _tag: 'Left' })],
    ['an inherited name as tag', Object.assign(new Error(), { _tag: 'constructor' })],
    ['__proto__ as tag', Object.assign(new Error(), { _tag: '__proto__' })],
    ['a tag that is no string', Object.assign(new Error(), { _tag: ['ConnectionLost'] })],
    ['a tagged value that is no error', { _tag: 'ConnectionLost' }],
    ['a text', 'ConnectionLost'],
    ['null', null],
    ['nothing', undefined],
  ])('does not know %s', (_, thrown) => {
    expect(isFeedError(thrown)).toBe(false);
  });
});
