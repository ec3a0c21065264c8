import { asyncScheduler } from 'rxjs';
import { asking, closeAll, key, MINUTE, START, token, type Columns, type ItickBar } from './asking.js';

afterEach(closeAll);

const KLINE = '/crypto/kline?region=BA&code=BTCUSDT&kType=1&limit=10';
const QUOTES = '/v1/quotes?symbols=600000.SH';

describe('a fault of REST on demand', () => {
  it('is a status, with the time to wait in a header, so many times', async () => {
    const { simulator, ask } = await asking();
    simulator.itick.rest.refuse(429, { retryAfter: 7, times: 2 });
    const answers = [];
    for (let call = 0; call < 3; call += 1) answers.push(await ask(KLINE, { headers: token }));
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [429, '7'],
      [429, '7'],
      [200, null],
    ]);
    expect(answers[0]!.json).toEqual({ message: 'Too Many Requests' });
  });

  it('is a status, with the time to wait in its text only', async () => {
    const { simulator, ask } = await asking();
    simulator.tickflow.rest.refuse(429, { wait: 1500, times: 1 });
    const { status, headers, json } = await ask(QUOTES, { headers: key });
    expect([status, headers.get('retry-after')]).toEqual([429, null]);
    expect(json).toEqual({ code: 'RATE_LIMITED', message: 'Too Many Requests，请 1500 ms 后重试' });
  });

  it.each([500, 502, 503])('is HTTP %d until it is mended, with a body of your own', async (status) => {
    const { simulator, ask } = await asking();
    simulator.tickflow.rest.refuse(status, { body: 'upstream' });
    for (let call = 0; call < 3; call += 1)
      expect(await ask(QUOTES, { headers: key })).toMatchObject({ status, text: 'upstream' });
    simulator.tickflow.rest.mend();
    expect(await ask(QUOTES, { headers: key })).toMatchObject({ status: 200 });
  });

  it('is no answer at all, which costs nothing when it is given up or the simulator closes', async () => {
    const { simulator, ask } = await asking();
    simulator.itick.rest.hang(2);
    const given = ask(KLINE, { headers: token, signal: AbortSignal.timeout(50) });
    await expect(given).rejects.toThrow();
    const waiting = ask(KLINE, { headers: token });
    while (simulator.itick.rest.calls < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(await ask(KLINE, { headers: token })).toMatchObject({ status: 200 });
    void simulator.close();
    await expect(waiting).rejects.toThrow();
  });

  it('is garbage: a page, half of the JSON, half of the bytes', async () => {
    const { simulator, ask } = await asking();
    simulator.itick.rest.garble('html', 1);
    expect(await ask(KLINE, { headers: token })).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^<html>/) as string,
    });
    const { text: whole } = await ask(KLINE, { headers: token });
    simulator.itick.rest.garble('truncated', 1);
    const { text, json } = await ask(KLINE, { headers: token });
    expect([whole.startsWith(text), json]).toEqual([true, undefined]);
    simulator.itick.rest.garble('cut', 1);
    await expect(ask(KLINE, { headers: token })).rejects.toThrow();
    expect(await ask(KLINE, { headers: token })).toMatchObject({ status: 200, text: whole });
  });

  it('is a history that is wrong in one way, or in several', async () => {
    const { simulator, itick } = await asking();
    const { rest } = simulator.itick;
    const bars = () => itick<ItickBar[]>(`${KLINE}&et=${START}`);
    const true_ = await bars();

    rest.distort({ prices: 0.5 });
    expect((await bars()).map(({ c, v }) => [c, v])).toEqual(
      true_.map(({ c, v }) => [Number((c * 0.5).toFixed(2)), v]),
    );
    rest.distort({ volumes: 100 });
    expect((await bars()).map(({ c, v }) => [c, v])).toEqual(
      true_.map(({ c, v }) => [c, Number((v * 100).toFixed(4))]),
    );
    rest.distort({ cap: 3 });
    expect(await bars()).toEqual(true_.slice(-3));
    rest.distort({ order: 'descending' });
    expect(await bars()).toEqual([...true_].reverse());
    rest.distort({ order: 'shuffled' });
    const shuffled = await bars();
    expect(shuffled).not.toEqual(true_);
    expect([...shuffled].sort((one, other) => one.t - other.t)).toEqual(true_);
    rest.distort({ shift: 1 });
    expect((await bars()).slice(1)).toEqual(true_.slice(0, -1).map((bar) => ({ ...bar, t: bar.t + MINUTE })));
    rest.distort({ withhold: (openTime, symbol) => symbol === 'BTCUSDT.BA' && openTime === START - 3 * MINUTE });
    const without = await bars();
    expect(without.slice(1)).toEqual(true_.filter(({ t }) => t !== START - 3 * MINUTE));
    expect(without[0]!.t).toBe(START - 11 * MINUTE);
    rest.distort({ numbers: 'string' });
    expect((await bars())[0]).toEqual(
      Object.fromEntries(Object.entries(true_[0]!).map(([name, value]) => [name, String(value)])),
    );
    rest.distort({ cap: 2, prices: 2, order: 'descending' });
    expect((await bars()).map(({ t }) => t)).toEqual([START - MINUTE, START - 2 * MINUTE]);
    rest.mend();
    expect(await bars()).toEqual(true_);
  });

  it('is a newest closed bar that changes until some time after its end, and then no more', async () => {
    const { simulator, tickflow } = await asking();
    simulator.tickflow.rest.distort({ moving: 5_000 });
    const path = `/v1/klines?symbol=600000.SH&period=1m&count=1&end_time=${START}&adjust=none`;
    const volumes: number[] = [];
    const steps = (count: number): void => {
      for (let step = 0; step < count; step += 1) simulator.step();
    };
    steps(240);
    for (let second = 0; second < 8; second += 1) {
      volumes.push((await tickflow<Columns>(path)).volume[0]!);
      steps(4);
    }
    simulator.tickflow.rest.mend();
    const [final] = (await tickflow<Columns>(path)).volume;
    expect(volumes.slice(5)).toEqual([final, final, final]);
    expect(volumes.slice(0, 5)).toEqual([...new Set(volumes.slice(0, 5))].sort((one, other) => one - other));
    expect(volumes[4]).toBeLessThan(final!);
  });
});

describe('a rate limit', () => {
  it('answers 429 above so many calls, says when to ask again, and counts both', async () => {
    const { simulator, ask } = await asking({
      itick: { budget: { calls: 3, per: 400 } },
      tickflow: { budget: { calls: 1, per: 60_000 } },
    });
    const burst = [];
    for (let call = 0; call < 5; call += 1) burst.push(await ask(KLINE, { headers: token }));
    expect(burst.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(burst[4]!.headers.get('retry-after')).toBe('1');
    expect([simulator.itick.rest.calls, simulator.itick.rest.violations]).toEqual([5, 2]);
    await ask(QUOTES, { headers: key });
    const { status, json } = await ask(QUOTES, { headers: key });
    expect([status, json]).toEqual([
      429,
      { code: 'RATE_LIMITED', message: expect.stringMatching(/^Too Many Requests，请 \d{4,5} ms 后重试$/) as string },
    ]);
    expect([simulator.tickflow.rest.calls, simulator.tickflow.rest.violations]).toEqual([2, 1]);
    const clock = jest.spyOn(asyncScheduler, 'now').mockReturnValue(asyncScheduler.now() + 500);
    expect(await ask(KLINE, { headers: token })).toMatchObject({ status: 200 });
    clock.mockRestore();
  });

  it('says nothing of the time where the rule is that, and counts no wrong token', async () => {
    const { simulator, ask } = await asking({ itick: { budget: { calls: 1, per: 60_000 }, waitIn: 'neither' } });
    for (let call = 0; call < 3; call += 1) await ask(KLINE, { headers: { token: 'wrong' } });
    expect(await ask(KLINE, { headers: token })).toMatchObject({ status: 200 });
    const { status, headers, text } = await ask(KLINE, { headers: token });
    expect([status, headers.get('retry-after'), text]).toEqual([429, null, '{"message":"Too Many Requests"}']);
    expect([simulator.itick.rest.calls, simulator.itick.rest.violations]).toEqual([5, 1]);
  });
});

describe('what REST was asked', () => {
  it('is kept in order, without credentials', async () => {
    const { simulator, ask } = await asking({ itick: { token: 'tok-1234' }, tickflow: { apiKey: 'key-1234' } });
    await ask(`${KLINE}&token=tok-1234`);
    const body = JSON.stringify({ symbols: ['600000.SH'], key: 'key-1234' });
    await ask('/v1/quotes', { method: 'POST', body, headers: { 'x-api-key': 'key-1234' } });
    expect(simulator.itick.rest.requests).toEqual([`GET ${KLINE}&token=***`]);
    expect(simulator.tickflow.rest.requests).toEqual(['POST /v1/quotes {"symbols":["600000.SH"],"key":"***"}']);
  });

  it('may come from a page of another origin', async () => {
    const { simulator, ask } = await asking();
    const preflight = await ask(KLINE, { method: 'OPTIONS', headers: { 'access-control-request-headers': 'token' } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    for (const name of ['token', 'x-api-key', 'content-type'])
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, OPTIONS');
    expect(simulator.itick.rest.calls).toBe(0);
    simulator.itick.rest.refuse(429, { retryAfter: 1, times: 1 });
    for (const path of [KLINE, KLINE, QUOTES, '/nowhere']) {
      const { headers } = await ask(path);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-expose-headers')).toBe('retry-after');
    }
  });
});
