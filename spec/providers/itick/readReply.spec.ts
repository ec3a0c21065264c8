import { Unauthorized } from '../../../lib/model/errors.js';
import { decode, NOW } from './decoding.js';

const silent = { kind: 'control' };
const refusal = (reason: string, about = 'suspect'): object => ({
  kind: 'control',
  answer: { refusal: reason, about },
});
const unauthorized = (reason: string): object => ({ kind: 'control', verdict: new Unauthorized(reason) });

describe('a reply', () => {
  it.each([
    ['accepts the login', { code: 1, resAc: 'auth', msg: 'authenticated' }, { kind: 'control', verdict: 'accepted' }],
    ['accepts it without a code', { resAc: 'auth' }, { kind: 'control', verdict: 'accepted' }],
    ['accepts it in text', { code: '1', resAc: 'auth', msg: null }, { kind: 'control', verdict: 'accepted' }],
    ['refuses the login', { code: 0, resAc: 'auth', msg: 'auth failed' }, unauthorized('auth failed')],
    ['refuses it in text', { code: '0', resAc: 'auth', msg: 'auth failed' }, unauthorized('auth failed')],
    ['refuses it with another code', { code: 401, resAc: 'auth', msg: 'no' }, unauthorized('no')],
    ['refuses it without a word', { code: 0, resAc: 'auth' }, unauthorized('refused without a reason')],
    ['accepts a command', { code: 1, resAc: 'subscribe', msg: 'ok' }, { kind: 'control', answer: {} }],
    ['refuses a command', { code: 0, resAc: 'subscribe', msg: 'no such code' }, refusal('no such code')],
    [
      'refuses what the plan lacks',
      { code: 0, resAc: 'subscribe', msg: 'package only supports subscribing GB' },
      refusal('package only supports subscribing GB'),
    ],
    [
      'says that a quota is full',
      { code: 0, resAc: 'subscribe', msg: 'Exceeding limit' },
      refusal('Exceeding limit', 'quota'),
    ],
    ['to an unsubscribe answers nothing', { code: 1, resAc: 'unsubscribe', msg: 'ok' }, silent],
    ['that refuses an unsubscribe answers nothing', { code: 0, resAc: 'unsubscribe', msg: 'unknown' }, silent],
    ['to we know not what answers nothing', { code: 1, resAc: 'news', msg: 'hello' }, silent],
    ['of an inherited name answers nothing', { code: 1, resAc: 'constructor' }, silent],
    ['that complains of we know not what is a refusal', { code: 0, resAc: 'news', msg: 'bad' }, refusal('bad')],
  ])('%s', (_, frame, message) => {
    expect(decode(frame)).toEqual([message]);
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
    [
      'that complains of a quota says so',
      { code: 0, msg: 'exceeding the maximum' },
      refusal('exceeding the maximum', 'quota'),
    ],
  ])('%s', (_, frame, message) => {
    expect(decode(frame)).toEqual([message]);
  });
});
