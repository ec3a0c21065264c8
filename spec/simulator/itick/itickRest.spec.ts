import type { Frame } from '../rawClient.js';
import { rawClient, shapeOf } from '../rawClient.js';
import { asking, closeAll, MINUTE, START, token, type ItickBar } from '../rest/asking.js';

afterEach(closeAll);

const opens = (bars: readonly ItickBar[]): readonly number[] => bars.map(({ t }) => t);

describe("iTick's REST interface", () => {
  it('answers as its pages show, to the order of the keys', async () => {
    const { ask } = await asking();
    const shape = async (path: string): Promise<unknown> => shapeOf((await ask(path, { headers: token })).json);
    const envelope = (data: unknown) => shapeOf({ code: 0, msg: null, data });
    const bar = { tu: 1, c: 1, t: 1, v: 1, h: 1, l: 1, o: 1 };
    const quote = { s: '700', ld: 1, o: 1, p: 1, h: 1, l: 1, t: 1, v: 1, tu: 1, ts: 0, ch: 1, chp: 1 };
    const level = { po: 1, p: 567, v: 13400, o: 3 };
    expect(await shape('/stock/kline?region=HK&code=700&kType=1&limit=10')).toEqual(envelope([bar]));
    expect(await shape('/crypto/klines?region=BA&codes=BTCUSDT,ETHUSDT&kType=1&limit=10')).toEqual(
      envelope({ BTCUSDT: [bar], ETHUSDT: [bar] }),
    );
    expect(await shape('/stock/tick?region=HK&code=700')).toEqual(envelope({ s: '700', ld: 1, t: 1, v: 1, te: 0 }));
    expect(await shape('/stock/quote?region=HK&code=700')).toEqual(envelope(quote));
    expect(await shape('/stock/quotes?region=HK&codes=700,9988')).toEqual(envelope({ 700: quote, 9988: quote }));
    expect(await shape('/stock/depth?region=HK&code=700')).toEqual(envelope({ s: '700', a: [level], b: [level] }));
    expect(await shape('/stock/depths?region=HK&codes=700')).toEqual(
      envelope({ 700: { s: '700', a: [level], b: [level] } }),
    );
  });

  it('serves the bars of its stream, the forming one last', async () => {
    const { simulator, itick } = await asking();
    const client = await rawClient(`${simulator.url}/stock?token=demo`);
    client.send({ ac: 'subscribe', params: 'AAPL$US', types: 'kline@1,kline@2,tick,quote' });
    await client.until(({ resAc }) => resAc === 'subscribe');
    for (let step = 0; step < 1_000; step += 1) simulator.step();
    await client.until((frame) => frame.data?.type === 'quote');
    const frames: Frame[] = [];
    for (const { volume } = simulator.snapshot('AAPL.US'); ;) {
      const frame = await client.next();
      frames.push(frame);
      if (frame.data?.type === 'quote' && frame.data.v === volume) break;
    }
    for (const [type, code] of [
      ['kline@1', 1],
      ['kline@2', 2],
    ] as const) {
      const pushed = new Map<number, object>();
      for (const { data } of frames) {
        if (data?.type !== type) continue;
        const { tu, c, t, v, h, l, o } = data as unknown as ItickBar;
        pushed.set(t, { tu, c, t, v, h, l, o });
      }
      const bars = await itick<ItickBar[]>(`/stock/kline?region=US&code=AAPL&kType=${code}&limit=${pushed.size}`);
      expect(bars).toEqual([...pushed.values()]);
    }
    const { last, volume, previousClose } = simulator.snapshot('AAPL.US');
    expect(await itick('/stock/quote?region=US&code=AAPL')).toMatchObject({ ld: last, v: volume, p: previousClose });
    const { data } = frames.filter((frame) => frame.data?.type === 'tick').at(-1)!;
    expect(await itick('/stock/tick?region=us&code=aapl')).toMatchObject({ ld: last, v: volume, t: data!.t });
  });

  it.each([1, 2, 3])('serves exactly what the trades of its stream make, with seed %d', async (seed) => {
    const { simulator, itick } = await asking({ seed, start: START + 20_000 });
    const client = await rawClient(`${simulator.url}/crypto?token=demo`);
    client.send({ ac: 'subscribe', params: 'BTCUSDT$BA', types: 'tick' });
    await client.until(({ resAc }) => resAc === 'subscribe');
    for (let step = 0; step < 800; step += 1) simulator.step();
    // All but the one that the market began with.
    const { trades } = simulator.snapshot('BTCUSDT.BA');
    const bars = new Map<number, ItickBar>();
    for (let count = 1; count < trades; count += 1) {
      const { ld, v, t: time } = (await client.next()).data!;
      const t = time - (time % MINUTE);
      const bar = bars.get(t) ?? { tu: 0, c: ld, t, v: 0, h: ld, l: ld, o: ld };
      const sum = { h: Math.max(bar.h, ld), l: Math.min(bar.l, ld), v: bar.v + Math.round(v * 1e4) };
      bars.set(t, { ...bar, ...sum, c: ld, tu: bar.tu + Math.round(ld * 100) * Math.round(v * 1e4) });
    }
    const made = [...bars.values()].map(({ tu, v, ...bar }) => ({ ...bar, v: v / 1e4, tu: tu / 1e6 })).slice(1);
    expect(made.length).toBeGreaterThan(2);
    const path = `/crypto/kline?region=BA&code=BTCUSDT&kType=1&limit=${made.length}`;
    expect(await itick(path)).toEqual(made);
  });

  it('pages back by `et`, over days before the market began, to an empty page', async () => {
    const { itick } = await asking({ market: 'sessions' });
    const times: number[] = [];
    let pages = 0;
    for (let et = START; ; pages += 1) {
      const page = await itick<ItickBar[]>(`/stock/kline?region=SH&code=600000&kType=5&limit=500&et=${et}`);
      if (page.length === 0) break;
      times.unshift(...opens(page));
      et = page[0]!.t;
    }
    expect(pages).toBeGreaterThan(2);
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    const lunch = times.filter((time) => new Date(time).getUTCHours() === 4);
    expect(lunch).toEqual([]);
  });

  it.each([
    ['exclusive', START - MINUTE],
    ['inclusive', START],
  ] as const)('reads `et` as %s where the rule is that', async (endTime, newest) => {
    const { itick } = await asking({ itick: { endTime } });
    const bars = await itick<ItickBar[]>(`/crypto/kline?region=BA&code=BTCUSDT&kType=1&limit=3&et=${START}`);
    expect(opens(bars)).toEqual([newest - 2 * MINUTE, newest - MINUTE, newest]);
  });

  it('serves 500 rows at most, and in a batch the recent window only', async () => {
    const { itick } = await asking();
    const many = await itick<ItickBar[]>('/crypto/kline?region=BA&code=BTCUSDT&kType=1&limit=100000');
    expect(many).toHaveLength(500);
    const old = START - 100_000 * MINUTE;
    const batch = await itick<Record<string, ItickBar[]>>(
      `/crypto/klines?region=BA&codes=BTCUSDT,NOPE,ETHUSDT&kType=1&limit=2&et=${old}`,
    );
    expect(Object.entries(batch).map(([code, bars]) => [code, opens(bars)])).toEqual([
      ['BTCUSDT', [START - MINUTE, START]],
      ['ETHUSDT', [START - MINUTE, START]],
    ]);
  });

  it('finds a product of three parts, and one whose code holds a dot', async () => {
    const { itick } = await asking();
    expect(await itick('/stock/quote?region=IN&exchange=NSE&code=RELIANCE')).toMatchObject({ s: 'RELIANCE' });
    expect(await itick('/stock/quote?region=US&code=BRK.B')).toMatchObject({ s: 'BRK.B' });
  });

  it.each([
    '/stock/kline?region=US&code=NOPE&kType=1',
    '/stock/quote?region=HK&code=00700',
    '/stock/tick?region=US',
    '/stock/depths?region=US&codes=',
  ])('answers E001 to an unknown product: %s', async (path) => {
    const { ask } = await asking();
    const { status, text } = await ask(path, { headers: token });
    expect([status, text]).toEqual([200, '{"code":"E001","msg":"not found this produce","data":null}']);
  });

  it('refuses a wrong token with E002, or by status where the rule is that', async () => {
    const path = '/stock/quote?region=US&code=AAPL';
    const code = await asking();
    for (const init of [{}, { headers: { token: 'wrong' } }]) {
      const { status, text } = await code.ask(path, init);
      expect([status, text]).toEqual([200, '{"code":"E002","msg":"auth failed","data":null}']);
    }
    const byStatus = await asking({ itick: { badToken: 'status' } });
    const { status, text } = await byStatus.ask(path);
    expect([status, text]).toEqual([401, '{"message":"Invalid API key in request"}']);
  });

  it.each([
    'kType=11',
    'kType=',
    'kType=1&limit=0',
    'kType=1&limit=-5',
    'kType=1&limit=x',
    'kType=1&et=soon',
    'kType=1&et=-1',
  ])('answers 400 to %s', async (query) => {
    const { ask } = await asking();
    const { status, json } = await ask(`/stock/kline?region=US&code=AAPL&${query}`, { headers: token });
    expect([status, json]).toEqual([400, { message: expect.any(String) as string }]);
  });

  it('counts auctions into the minute next to them where the rule is that', async () => {
    const open = Date.UTC(2026, 3, 20, 1, 25);
    const path = `/stock/kline?region=SH&code=600000&kType=1&limit=2&et=${open + 7 * MINUTE}`;
    const [apart, folded] = [
      await asking({ market: 'sessions' }),
      await asking({ market: 'sessions', itick: { auctions: 'folded' } }),
    ];
    const [auction, first] = await apart.itick<ItickBar[]>(path.replace(/et=\d+/, `et=${open + 6 * MINUTE}`));
    expect([auction!.t, first!.t]).toEqual([open, open + 5 * MINUTE]);
    const [both] = await folded.itick<ItickBar[]>(path);
    expect(both).toMatchObject({ t: open + 5 * MINUTE, o: auction!.o, c: first!.c, v: auction!.v + first!.v });
  });
});
