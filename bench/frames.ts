/** Seeded frames of the vendors in the shapes of their documentation, all different. */

/** As many symbols as iTick allows on one connection. */
const SYMBOLS = 500;

/** A small seeded generator (mulberry32): benchmarks are to be repeatable, not random. */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The symbols that the frames are about, as a caller would write them. */
export const symbols: readonly string[] = Array.from({ length: SYMBOLS }, (_, i) => `S${10_000 + i}.US`);

/** As Binance calls them, which has crypto: half as many, so that four streams of each fit on one connection. */
export const codes: readonly string[] = Array.from({ length: SYMBOLS / 2 }, (_, i) => `S${10_000 + i}USDT`);

export type FrameKind =
  | 'itTick'
  | 'itQuote'
  | 'itDepth'
  | 'itKline'
  | 'itMixed'
  | 'tfQuotes'
  | 'tfDepth'
  | 'tfMixed'
  | 'bnTrade'
  | 'bnTicker'
  | 'bnBook'
  | 'bnDepth'
  | 'bnKline'
  | 'bnMixed';

export const frameKinds: readonly FrameKind[] = [
  'itTick',
  'itQuote',
  'itDepth',
  'itKline',
  'itMixed',
  'tfQuotes',
  'tfDepth',
  'tfMixed',
  'bnTrade',
  'bnTicker',
  'bnBook',
  'bnDepth',
  'bnKline',
  'bnMixed',
];

/** Between the bids and the asks of Binance's books. */
const MIDDLE = 450;

/** The last price of a symbol, and the open, high and low of its day, as iTick names them. */
interface Day {
  readonly ld: number;
  readonly o: number;
  readonly h: number;
  readonly l: number;
}

const dayFrom = (ld: number): Day => ({ ld, o: ld, h: ld, l: ld });

/**
 * So many frames of a kind. The mix is 45 % ticks, 25 % quotes, 27 % depth and 3 % bars; TickFlow's is even; Binance's is 45 % trades, 42 % best
 * bids and offers, 10 % quotes and 3 % bars. Times and figures are any, or, with the time of each frame, those of a market that goes on: bars can
 * be made of it. The numbers of Binance's trades and books have no hole.
 */
export const framesOf = (
  kind: FrameKind,
  count: number,
  timeOf?: (index: number) => number,
  seed = 7,
): readonly string[] => {
  const roll = seeded(seed);
  const below = (n: number): number => Math.floor(roll() * n);
  const symbol = (): string => symbols[below(SYMBOLS)]!;
  const price = (): number => Math.round(1_000 + roll() * 90_000) / 100;
  let made = 0;
  const volume = (): number => 100 + (timeOf ? 100 * made : below(20_000_000));
  const time = (): number => timeOf?.(made) ?? 1_731_689_407_000 - below(20_000_000);

  const days = new Map<string, Day>();
  /** What a symbol did today, a trade later: its price moves by up to a percent, within the range of the day. */
  const traded = (s: string): Day => {
    const { ld, o, h, l } = days.get(s) ?? dayFrom(price());
    const next = Math.round(ld * (99 + 2 * roll())) / 100;
    const day = { ld: next, o, h: Math.max(h, next), l: Math.min(l, next) };
    days.set(s, day);
    return day;
  };
  /** The number of the last update of a book. */
  const numbers = new Map<string, number>();
  /** The number of the last trade of a symbol. */
  const ids = new Map<string, number>();
  const nextId = (code: string): number => {
    const id = (ids.get(code) ?? 0) + 1;
    ids.set(code, id);
    return id;
  };
  const any = (): Day => ({ ld: price(), o: price(), h: price(), l: price() });
  const dayOf = (s: string): Day => (timeOf ? traded(s) : any());
  const priceOf = (s: string): number => (timeOf ? traded(s).ld : price());

  /** Binance quotes its figures, and writes eight digits behind the point. */
  const text = (figure: number): string => figure.toFixed(8);
  const combined = (name: string, data: (code: string) => object): object => {
    const code = codes[below(codes.length)]!;
    return { stream: `${code.toLowerCase()}@${name}`, data: data(code) };
  };

  const make: Readonly<Record<FrameKind, (s?: string) => unknown>> = {
    itTick: (s = symbol()) => ({ code: 1, data: { s, ld: priceOf(s), v: volume(), t: time(), type: 'tick' } }),
    itQuote: (s = symbol()) => ({
      code: 1,
      data: {
        s,
        ...dayOf(s),
        t: time(),
        v: volume(),
        tu: volume() + price(),
        ts: 0,
        type: 'quote',
      },
    }),
    itDepth: () => {
      const side = (): unknown =>
        [1, 2, 3, 4, 5].map((po) => ({ po, p: price(), v: below(100_000) / 10, o: below(100_000) / 10 }));
      return { code: 1, data: { s: symbol(), a: side(), b: side(), type: 'depth' } };
    },
    itKline: () => ({
      code: 1,
      data: {
        tu: volume(),
        c: price(),
        t: time(),
        v: volume(),
        h: price(),
        l: price(),
        o: price(),
        type: 'kline@1',
        s: symbol(),
        r: 'US',
      },
    }),
    itMixed: () => {
      const part = roll();
      return make[part < 0.45 ? 'itTick' : part < 0.7 ? 'itQuote' : part < 0.97 ? 'itDepth' : 'itKline']();
    },
    tfQuotes: () => ({
      op: 'quotes',
      data: [
        {
          symbol: symbol(),
          region: 'CN',
          last_price: price(),
          prev_close: price(),
          open: price(),
          high: price(),
          low: price(),
          volume: volume(),
          amount: volume() * 100,
          timestamp: time(),
          ext: {
            type: 'cn_equity',
            name: '浦发银行',
            change_pct: -0.006135,
            change_amount: -0.06,
            amplitude: 0.010225,
            turnover_rate: 0.001281,
          },
        },
      ],
    }),
    tfDepth: () => {
      const five = (value: () => number): readonly number[] => [value(), value(), value(), value(), value()];
      return {
        op: 'depth',
        data: [
          {
            symbol: symbol(),
            region: 'CN',
            timestamp: time(),
            bid_prices: five(price),
            bid_volumes: five(() => below(30_000)),
            ask_prices: five(price),
            ask_volumes: five(() => below(30_000)),
          },
        ],
      };
    },
    tfMixed: () => make[roll() < 0.5 ? 'tfQuotes' : 'tfDepth'](),
    bnTrade: () =>
      combined('aggTrade', (s) => ({
        e: 'aggTrade',
        E: time(),
        s,
        a: nextId(s),
        p: text(price()),
        q: text(below(1_000) / 1e4),
        f: made,
        l: made,
        T: time(),
        m: roll() < 0.5,
        M: true,
      })),
    bnTicker: () =>
      combined('ticker', (s) => {
        const figures = Object.fromEntries(Array.from('pPwxcQbBaAohlvq').map((name) => [name, text(price())]));
        return { e: '24hrTicker', E: time(), s, ...figures, O: time(), C: time(), F: 1, L: made, n: made };
      }),
    bnBook: () =>
      combined('bookTicker', (s) => ({
        u: made,
        s,
        b: text(price()),
        B: text(1 + below(1e5)),
        a: text(price()),
        A: text(1 + below(1e5)),
      })),
    bnDepth: () =>
      combined('depth@100ms', (s) => {
        const side = (sign: 1 | -1): unknown =>
          Array.from({ length: 10 }, (_, i) => {
            const ticks = 10 * i + 1 + below(10);
            return [text(MIDDLE + (sign * ticks) / 100), text(roll() < 0.3 ? 0 : 1 + below(1e5))];
          });
        const first = (numbers.get(s) ?? 0) + 1;
        const last = first + below(20);
        numbers.set(s, last);
        return { e: 'depthUpdate', E: time(), s, U: first, u: last, b: side(-1), a: side(1) };
      }),
    bnKline: () =>
      combined('kline_1m', (s) => {
        const figures = Object.fromEntries(Array.from('oclhvqVQ').map((name) => [name, text(price())]));
        const k = {
          t: 1_731_689_400_000,
          T: 1_731_689_459_999,
          s,
          i: '1m',
          f: 1,
          L: made,
          ...figures,
          n: made,
          x: false,
        };
        return { e: 'kline', E: time(), s, k: { ...k, B: '0' } };
      }),
    bnMixed: () => {
      const part = roll();
      return make[part < 0.45 ? 'bnTrade' : part < 0.87 ? 'bnBook' : part < 0.97 ? 'bnTicker' : 'bnKline']();
    },
  };
  return Array.from({ length: count }, () => {
    made += 1;
    return JSON.stringify(make[kind]());
  });
};

/** The frames with one in a hundred broken: half of those are no JSON, half lack a price. */
export const withInvalid = (frames: readonly string[]): readonly string[] =>
  frames.map((frame, i) => {
    if (i % 100 !== 0) return frame;
    return i % 200 === 0 ? frame.slice(0, -2) : frame.replace(/"(?:ld|p|c|last_price|bid_prices|b)":/, '"gone":');
  });
