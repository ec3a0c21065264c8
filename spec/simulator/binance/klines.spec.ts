import fc from 'fast-check';
import { intervals, openingOf, shifted } from '../../../lib/simulator/binance/intervals.js';
import { binance, closeAll, drained, START, type KlineRow } from './binanceClient.js';

afterEach(closeAll);

const PATH = 'klines?symbol=BTCUSDT&interval=';

interface Trade {
  readonly t: number;
  readonly p: string;
  readonly q: string;
  readonly T: number;
  readonly m: boolean;
}

/** The kline that trades make, by the plainest sums; sizes have four decimals, prices two. */
const klineOf = (trades: readonly Trade[]): readonly unknown[] => {
  const prices = trades.map(({ p }) => Number(p));
  const sum = (some: readonly Trade[], of: (trade: Trade) => bigint): bigint =>
    some.reduce((all, trade) => all + of(trade), 0n);
  const units = (text: string): bigint => BigInt(text.replace('.', ''));
  const size = ({ q }: Trade): bigint => units(q);
  const worth = ({ p, q }: Trade): bigint => (units(p) * units(q)) / 10n ** 8n;
  const text = (value: bigint): string => `${value / 10n ** 8n}.${String(value % 10n ** 8n).padStart(8, '0')}`;
  const bought = trades.filter(({ m }) => !m);
  return [
    trades[0]!.p,
    Math.max(...prices).toFixed(8),
    Math.min(...prices).toFixed(8),
    trades.at(-1)!.p,
    text(sum(trades, size)),
    text(sum(trades, worth)),
    trades.length,
    text(sum(bought, size)),
    text(sum(bought, worth)),
  ];
};

const figuresOf = (row: KlineRow): readonly unknown[] => [...row.slice(1, 6), ...row.slice(7, 11)];

describe('the klines of Binance', () => {
  it.each(['1s', '1m', '3m'] as const)('of %s are the trades, on the stream and by REST', async (interval) => {
    const { connect, json, steps } = await binance({}, { start: Date.UTC(2026, 3, 21, 2) - 250 });
    const trades = await connect('/ws/btcusdt@trade');
    const klines = await connect(`/ws/btcusdt@kline_${interval}`);
    steps(1_500);
    const traded = (await drained(trades)) as unknown as Trade[];
    const told = (await drained(klines)).map(({ k }) => k);
    const closed = told.filter(({ x }) => x === true);
    expect(closed.length).toBeGreaterThan(1);
    closed.slice(1).forEach(({ t }, at) => expect(t).toBe(shifted(interval, Number(closed[at]!['t']), 1)));
    for (const k of closed) {
      if (Number(k['t']) < START) continue;
      const [row] = await json<KlineRow[]>(`${PATH}${interval}&startTime=${String(k['t'])}&limit=1`);
      const { t, T, o, h, l, c, v, q, n, V, Q, f, L } = k as Readonly<Record<string, number>>;
      expect(row).toEqual([t, o, h, l, c, v, T, q, n, V, Q, '0']);
      const within = traded.filter(({ T: time }) => time >= t! && time <= T!);
      if (within.length === 0) expect([n, v, f, L, o]).toEqual([0, '0.00000000', -1, -1, c]);
      else {
        expect(figuresOf(row!)).toEqual(klineOf(within));
        expect([f, L]).toEqual([within[0]!.t, within.at(-1)!.t]);
      }
    }
  });

  it.each(intervals)('of %s are numbered by their opening, join, and end in the one that forms', async (interval) => {
    const { connect, json, steps } = await binance();
    const client = await connect(`/ws/btcusdt@kline_${interval}`);
    steps(48);
    const rows = await json<KlineRow[]>(`${PATH}${interval}&limit=10`);
    expect(rows).toHaveLength(10);
    rows.slice(1).forEach((row, at) => {
      expect(row[0]).toBe(shifted(interval, rows[at]![0], 1));
      expect(rows[at]![6]).toBe(row[0] - 1);
    });
    expect(rows.at(-1)![0]).toBe(openingOf(interval, START + 12_000));
    const k = (await drained(client))
      .map((event) => event.k)
      .filter(({ x }) => x === false)
      .at(-1)!;
    const { t, T, o, h, l, c, v, q, n, V, Q } = k;
    expect(rows.at(-1)).toEqual([t, o, h, l, c, v, T, q, n, V, Q, '0']);
  });

  it('of a day are the sum of its hours, and those of its minutes', async () => {
    const { json, steps } = await binance();
    steps(200);
    const day = openingOf('1d', START);
    for (const startTime of [day, day - 86_400_000]) {
      const [whole] = await json<KlineRow[]>(`${PATH}1d&startTime=${startTime}&limit=1`);
      const hours = await json<KlineRow[]>(`${PATH}1h&startTime=${startTime}&endTime=${startTime + 86_399_999}`);
      const minutes = await json<KlineRow[]>(`${PATH}5m&startTime=${startTime}&endTime=${startTime + 86_399_999}`);
      for (const parts of [hours, minutes]) {
        const sum = (at: 5 | 7 | 8 | 9 | 10): number => parts.reduce((all, row) => all + Number(row[at]), 0);
        expect([whole![1], whole![4], whole![8]]).toEqual([parts[0]![1], parts.at(-1)![4], sum(8)]);
        expect(whole![2]).toBe(Math.max(...parts.map((row) => Number(row[2]))).toFixed(8));
        expect(whole![3]).toBe(Math.min(...parts.map((row) => Number(row[3]))).toFixed(8));
        for (const at of [5, 7, 9, 10] as const) expect(sum(at) / Number(whole![at])).toBeCloseTo(1, 9);
      }
    }
  });

  it('are found by their openings: the oldest from a start, the newest until an end', async () => {
    const { json, steps } = await binance();
    steps(20);
    const all = await json<KlineRow[]>(`${PATH}1m&limit=100`);
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.integer({ min: -5_940_000, max: 60_000 }), { nil: undefined }),
        fc.option(fc.integer({ min: -5_940_000, max: 60_000 }), { nil: undefined }),
        fc.integer({ min: 1, max: 60 }),
        async (from, to, limit) => {
          const bounds = [
            ...(from === undefined ? [] : [`&startTime=${START + from}`]),
            ...(to === undefined ? [] : [`&endTime=${START + to}`]),
          ].join('');
          const rows = await json<KlineRow[]>(`${PATH}1m&limit=${limit}${bounds}`);
          const fits = all.filter(
            ([openTime]) => openTime >= START + (from ?? -Infinity) && openTime <= START + (to ?? Infinity),
          );
          const wanted = from === undefined ? fits.slice(-limit) : fits.slice(0, limit);
          // Of those before the hundred that are known here, only the order and the number are known.
          if (wanted.length === limit || from !== undefined)
            expect(rows.slice(-wanted.length || rows.length)).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are at most a thousand, and none is older than the market', async () => {
    const { json } = await binance();
    expect(await json<KlineRow[]>(`${PATH}1m&limit=5000`)).toHaveLength(1_000);
    expect(await json<KlineRow[]>(`${PATH}1m`)).toHaveLength(500);
    const [first] = await json<KlineRow[]>(`${PATH}1w&startTime=0`);
    expect(first![0]).toBe(openingOf('1w', START - 365 * 86_400_000));
    expect(await json<KlineRow[]>(`${PATH}1M&endTime=1000`)).toEqual([]);
  });

  it('open by the clocks that are asked for', async () => {
    const { json } = await binance();
    const [shanghai] = await json<KlineRow[]>(`${PATH}1d&timeZone=8&limit=1`);
    expect(new Date(shanghai![0]).toISOString()).toBe('2026-04-20T16:00:00.000Z');
    const [nepal] = await json<KlineRow[]>(`${PATH}1d&timeZone=05:45&limit=1`);
    expect(new Date(nepal![0]).toISOString()).toBe('2026-04-20T18:15:00.000Z');
  });

  it('go on, flat, while nothing trades', async () => {
    const { connect, json, steps, simulator } = await binance();
    steps(8);
    simulator.halt('BTCUSDT.BA');
    const client = await connect('/ws/btcusdt@kline_1m');
    steps(600);
    const rows = await json<KlineRow[]>(`${PATH}1m&limit=3`);
    const { last } = simulator.snapshot('BTCUSDT.BA');
    expect(rows.map((row) => [row[0], row[8]])).toEqual([
      [START, expect.any(Number)],
      [START + 60_000, 0],
      [START + 120_000, 0],
    ]);
    expect(rows.slice(1).map((row) => Number(row[1]))).toEqual([last, last]);
    const closed = (await drained(client)).filter(({ k }) => k['x'] === true);
    expect(closed.map(({ k }) => [k['t'], k['n']])).toEqual([
      [START, rows[0]![8]],
      [START + 60_000, 0],
    ]);
  });
});
