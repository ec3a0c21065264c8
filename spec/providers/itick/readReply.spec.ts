import { Unauthorized } from '../../../lib/model/errors.js';
import type { Command } from '../../../lib/session/ledger.js';
import { decode, NOW } from './decoding.js';

const silent = { kind: 'control' };
const refusal = (reason: string, scope = 'unknown'): object => ({
  kind: 'control',
  answer: { refusal: reason, scope },
});
/** A quota is exceeded by a subscribe only. */
const full = (reason: string): object => ({
  kind: 'control',
  answer: { refusal: reason, scope: 'quota', matches: expect.any(Function) },
});
const answerTo = { kind: 'control', answer: { matches: expect.any(Function) } };
const unauthorized = (reason: string): object => ({ kind: 'control', loginResult: new Unauthorized(reason) });

describe('a reply', () => {
  it.each([
    [
      'accepts the login',
      { code: 1, resAc: 'auth', msg: 'authenticated' },
      { kind: 'control', loginResult: 'accepted' },
    ],
    ['accepts it without a code', { resAc: 'auth' }, { kind: 'control', loginResult: 'accepted' }],
    ['accepts it in text', { code: '1', resAc: 'auth', msg: null }, { kind: 'control', loginResult: 'accepted' }],
    ['refuses the login', { code: 0, resAc: 'auth', msg: 'auth failed' }, unauthorized('auth failed')],
    ['refuses it in text', { code: '0', resAc: 'auth', msg: 'auth failed' }, unauthorized('auth failed')],
    ['refuses it with another code', { code: 401, resAc: 'auth', msg: 'no' }, unauthorized('no')],
    ['refuses it without a word', { code: 0, resAc: 'auth' }, unauthorized('refused without a reason')],
    ['accepts a command', { code: 1, resAc: 'subscribe', msg: 'ok' }, answerTo],
    ['refuses a command', { code: 0, resAc: 'subscribe', msg: 'no such code' }, refusal('no such code')],
    [
      'refuses what the plan lacks',
      { code: 0, resAc: 'subscribe', msg: 'package only supports subscribing GB' },
      refusal('package only supports subscribing GB'),
    ],
    ['says that a quota is full', { code: 0, resAc: 'subscribe', msg: 'Exceeding limit' }, full('Exceeding limit')],
    ['answers an unsubscribe', { code: 1, resAc: 'unsubscribe', msg: 'ok' }, answerTo],
    ['that refuses an unsubscribe answers it', { code: 0, resAc: 'unsubscribe', msg: 'unknown' }, answerTo],
    ['to we know not what answers nothing', { code: 1, resAc: 'news', msg: 'hello' }, silent],
    ['of an inherited name answers nothing', { code: 1, resAc: 'constructor' }, silent],
    ['that complains of we know not what is a refusal', { code: 0, resAc: 'news', msg: 'bad' }, refusal('bad')],
  ])('%s', (_, frame, message) => {
    expect(decode(frame)).toEqual([message]);
  });
});

describe('an answer', () => {
  const commands: readonly Command[] = [
    { op: 'subscribe', topics: [] },
    { op: 'unsubscribe', topics: [] },
  ];
  it.each([
    ['an accepted subscribe', { code: 1, resAc: 'subscribe' }, ['subscribe']],
    ['an unsubscribe, whatever its code', { code: 0, resAc: 'unsubscribe' }, ['unsubscribe']],
    ['a full quota', { code: 0, resAc: 'subscribe', msg: 'Exceeding limit' }, ['subscribe']],
    ['a complaint', { code: 0, resAc: 'subscribe', msg: 'cannot be resolved action' }, ['subscribe', 'unsubscribe']],
    ['a complaint without a name', { code: 0, msg: 'unknown' }, ['subscribe', 'unsubscribe']],
  ])('that is of %s belongs to a command that it can be of', (_, frame, ops) => {
    const [message] = decode(frame);
    const answer = message?.kind === 'control' ? message.answer : undefined;
    const found = commands.filter((command) => answer?.matches?.(command) ?? true).map(({ op }) => op);
    expect(found).toEqual(ops);
  });
});

describe('a pong', () => {
  it.each([
    ['a number', NOW - 12],
    ['a text', String(NOW - 12)],
  ])('that echoes our time as %s gives the round trip', (_, params) => {
    const latency = { kind: 'latency', provider: 'itick', receivedAt: NOW, roundTrip: 12 };
    expect(decode({ resAc: 'pong', data: { params } })).toEqual([latency]);
    expect(decode({ code: 1, resAc: 'pong', msg: null, data: { params } })).toEqual([latency]);
  });

  it.each(['', 'now', null, 0, NOW + 1, NOW - 600_001, -1e300, 1e300, {}, [NOW]])(
    'that echoes %j says nothing',
    (params) => {
      expect(decode({ resAc: 'pong', data: { params } })).toEqual([silent]);
    },
  );

  it.each([undefined, null, 7, []])('whose data are %j says nothing', (data) => {
    expect(decode({ resAc: 'pong', data })).toEqual([silent]);
  });
});

describe('a notice', () => {
  it.each([
    ['that greets says nothing', { code: 1, msg: 'Connected Successfully' }, silent],
    ['without a code says nothing', { msg: 'maintenance at noon' }, silent],
    ['with data that are null says nothing', { code: 1, msg: 'hello', data: null }, silent],
    ['that complains is a refusal', { code: 0, msg: 'too many commands' }, refusal('too many commands')],
    ['that complains of a quota says so', { code: 0, msg: 'exceeding the maximum' }, full('exceeding the maximum')],
  ])('%s', (_, frame, message) => {
    expect(decode(frame)).toEqual([message]);
  });
});
