import { repairedBy } from '../../lib/bin/past.js';
import { repairWords } from '../../lib/bin/repairs.js';
import { clock } from '../../lib/bin/format.js';
import type { SourceEvent } from '../../lib/bin/sources.js';
import { barRowAfter, holes, newBarRow } from '../../lib/bin/views/barRow.js';
import { jsonBars, liveBars, plainBars, withBars } from '../../lib/bin/views/klines.js';
import {
  ConnectionLost,
  HistoryRefused,
  trades,
  type Backfilled,
  type FeedEvent,
  type History,
  type HistoryQuery,
  type Interval,
  type Topic,
} from '../../lib/index.js';
import { aKline, aTrade, marbles } from '../../lib/testing/index.js';
import { defer, EMPTY, from, ignoreElements, map, NEVER, of, tap, throwError, type ObservedValueOf } from 'rxjs';
import { fakeIo, FakeOutput } from './fakeIo.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SOURCE = { name: 'itick:crypto', topics: trades('BTCUSDT.BA') };
const names = { provider: 'itick', feed: 'itick:crypto' };
/** What the vendor has of a minute, and what is traded in it: one trade. */
const price = (minute: number): number => 100 + minute;
const bar = (minute: number) =>
  aKline({
    ...names,
    symbol: 'BTCUSDT.BA',
    interval: '1m',
    openTime: minute * MINUTE,
    closeTime: (minute + 1) * MINUTE,
    open: price(minute),
    high: price(minute),
    low: price(minute),
    close: price(minute),
    volume: 5,
    closed: true,
    source: 'provider',
  });
const vendorOf = (klines: History['klines']): History => ({
  provider: 'itick',
  budget: { calls: 100, per: MINUTE },
  settle: 1_000,
  klines,
});
const sound = vendorOf(({ from, to }) =>
  of(...Array.from({ length: 100 }, (_, minute) => bar(minute - 60)).filter(({ openTime: t }) => from <= t && t < to)),
);
const refusing = vendorOf(() => throwError(() => new HistoryRefused({ status: 403, reason: 'no such plan' })));

const trade = (minute: number, volume: number): FeedEvent =>
  aTrade({
    ...names,
    symbol: 'BTCUSDT.BA',
    price: price(minute),
    size: 5,
    volume,
    time: minute * MINUTE,
    receivedAt: minute * MINUTE,
  });
const link = { ...names, receivedAt: 0 };
const events = {
  a: trade(0, 5),
  b: trade(1, 10),
  d: {
    ...link,
    kind: 'disconnected',
    receivedAt: 2 * MINUTE,
    cause: new ConnectionLost(1006),
    attempt: 1,
    retryAt: 5 * MINUTE,
  },
  c: {
    ...link,
    kind: 'connected',
    receivedAt: 5 * MINUTE,
    attempt: 1,
    resumed: { from: 2 * MINUTE, to: 5 * MINUTE },
  },
  e: trade(5, 30),
  f: trade(6, 35),
  g: trade(7, 40),
} satisfies Record<string, FeedEvent>;
/** Three whole minutes are lost; the first trade behind them tells of their volume. */
const FEED = 'a 59999ms b 59999ms d 179999ms (ce) 59996ms f 59999ms g 3m |';

/** The events of a feed that a history repairs, and what is made of them. */
const made = (history: History): readonly Made[] => {
  const values: Made[] = [];
  marbles(({ cold, expectObservable }) => {
    const made$ = cold(FEED, events).pipe(
      repairedBy(history, SOURCE, '1m', true),
      map((event): SourceEvent => ({ source: SOURCE.name, event })),
      withBars({ interval: '1m', simulated: true, forming: false }),
      tap((value) => values.push(value)),
      ignoreElements(),
    );
    expectObservable(made$).toBe('600001ms |');
  })();
  return values;
};
type Made = ObservedValueOf<ReturnType<ReturnType<typeof withBars>>>;

/** What is left of them on a terminal. */
const tableOf = (history: History): readonly string[] => {
  const io = fakeIo({ terminal: true });
  const values = made(history);
  const source = { ...SOURCE, vendor: 'itick', variant: 'crypto', credential: 'demo', url: undefined };
  marbles(({ expectObservable }) => {
    const display = liveBars({ sources: [source], title: '1m', colors: 'none', blocks: true, note: 'a note' }, io);
    expectObservable(from(values).pipe(display)).toBe('|');
  })();
  return io.stdout.text.split('\u001b[?1049l')[1]?.split('\n') ?? [];
};
const written = async (history: History, display: 'plain' | 'json'): Promise<string[]> => {
  const out = new FakeOutput();
  from(made(history))
    .pipe(display === 'json' ? jsonBars(out) : plainBars(out))
    .subscribe();
  await Promise.resolve();
  return out.lines();
};
const span = (from: number, to: number): string =>
  `${clock(from * MINUTE).slice(0, 5)}-${clock(to * MINUTE).slice(0, 5)}`;

describe('bars with a history', () => {
  it('begin with those of before, and heal after a drop, with a line for each', async () => {
    const lines = await written(sound, 'plain');
    const told = lines.filter((line) => !line.includes(' kline ')).map((line) => line.slice('12:00:00.000 '.length));
    expect(told).toEqual([
      expect.stringMatching(
        /^itick:crypto from the history BTCUSDT\.BA 1m .*: 480 bars$|^itick:crypto from the history/,
      ),
      expect.stringContaining('disconnected'),
      expect.stringContaining('connected again'),
      `itick:crypto repaired BTCUSDT.BA 1m ${span(2, 4)}: 3 bars, volume proved`,
    ]);
    const repaired = lines.filter((line) => / kline .* of the history/.test(line));
    for (const minute of [2, 3, 4, 5]) {
      expect(repaired.at(minute - 6)).toContain(`kline 1m ${clock(minute * MINUTE).slice(0, 5)} o ${price(minute)} `);
    }
  });

  it('write as JSON the bars, and what became of each hole', async () => {
    const all = (await written(sound, 'json')).map((line) => JSON.parse(line) as Backfilled | { kind: 'kline' });
    const holes = all.filter((each): each is Backfilled => each.kind === 'backfilled');
    expect(holes.at(-1)).toMatchObject({ outcome: 'whole', bars: 3, from: 2 * MINUTE, to: 5 * MINUTE, missing: [] });
    expect(all.filter(({ kind }) => kind === 'kline').at(-2)).toMatchObject({ source: 'backfill', closed: true });
  });

  it('stand below one symbol on a terminal, newest first, with what became of the last holes', () => {
    const table = tableOf(sound);
    const at = (minute: number): string => clock(minute * MINUTE).slice(0, 5);
    const begin = table.findIndex((line) => line.startsWith('  BTCUSDT.BA'));
    const list = table.slice(begin + 1, begin + 31).map((line) => line.trim().split(/ +/).slice(0, 2).join(' '));
    expect(list.slice(0, 6)).toEqual([
      `history ${at(5)}`,
      `history ${at(4)}`,
      `history ${at(3)}`,
      `history ${at(2)}`,
      `${at(1)} 101`,
      `${at(0)} 100`,
    ]);
    expect(list).toHaveLength(30);
    expect(list.slice(6).every((line) => line.startsWith('history '))).toBe(true);
    expect(table.find((line) => line.includes('repaired'))).toMatch(
      new RegExp(`^  \\d\\d:\\d\\d:\\d\\d repaired BTCUSDT\\.BA 1m ${span(2, 4)}: 3 bars, volume proved$`),
    );
    expect(table.filter((line) => line.includes('from the history'))).toEqual([]);
    expect(table).toContain('  a note');
  });

  it('cost a line, and no bar, where the vendor gives none', async () => {
    const lines = await written(refusing, 'plain');
    const told = lines.filter((line) => line.includes('not repaired'));
    expect(told).toEqual([
      expect.stringMatching(/ itick:crypto not repaired BTCUSDT\.BA 1m .*: the vendor refused .*no such plan/),
      expect.stringContaining(`1m ${span(2, 4)}: `),
    ]);
    expect(lines.filter((line) => line.includes(' kline '))).toHaveLength(4);
    const table = tableOf(refusing);
    expect(table.join(' ')).toContain('HTTP 403, no such plan');
  });
});

describe('a day of bars', () => {
  /** What a history is asked for while nothing is received, from the beginning of 1970 on: a Thursday. */
  const askedOf = (name: string, topics: readonly Topic[], interval: Interval): readonly HistoryQuery[] => {
    const queries: HistoryQuery[] = [];
    const asked = vendorOf((query) => {
      queries.push(query);
      return EMPTY;
    });
    marbles(({ expectObservable }) => {
      const feed$ = defer(() => NEVER.pipe(repairedBy(asked, { name, topics }, interval, false)));
      expectObservable(feed$, '1s !').toBe('');
    })();
    return queries;
  };

  it('is asked for at once where the market is closed, by its trading hours', () => {
    const night = Date.UTC(1969, 11, 31);
    expect(askedOf('itick:stock', trades('AAPL.US'), '1m')).toEqual([
      { interval: '1m', symbols: ['AAPL.US'], from: night + 14.5 * HOUR, to: night + 21 * HOUR },
    ]);
    expect(askedOf('itick:stock', trades('AAPL.US'), '5m')).toMatchObject([{ from: night + 14.5 * HOUR }]);
  });

  it('has at least 30 bars of any length', () => {
    const days = askedOf('itick:stock', trades('AAPL.US'), '1d').map(({ from, to }) => (to - from) / (24 * HOUR));
    expect(days.map((count) => count >= 40)).toEqual([true]);
  });

  it('is asked for at once where the market is open, too', () => {
    expect(askedOf('itick:stock', trades('600000.SH', 'AAPL.US'), '1m').flatMap(({ symbols }) => symbols)).toEqual([
      'AAPL.US',
      '600000.SH',
    ]);
  });
});

describe('repairsOf', () => {
  it('tells of holes together that are given up for one reason at nearly the same time', async () => {
    const out = new FakeOutput();
    const hole = (symbol: string, facts: Partial<Backfilled> = {}): SourceEvent => ({
      source: SOURCE.name,
      event: {
        ...names,
        kind: 'backfilled',
        symbol,
        receivedAt: 0,
        interval: '1m',
        from: 0,
        to: MINUTE,
        outcome: 'none',
        bars: 0,
        missing: [0],
        proof: { volume: 'none', overlap: { compared: 0, agreed: 0 } },
        attempts: 1,
        reason: 'no plan',
        ...facts,
      },
    });
    const told = { a: hole('A.US'), b: hole('B.US'), c: hole('C.US', { reason: 'no line' }), d: hole('D.US') };
    marbles(({ cold, expectObservable }) => {
      const bars = withBars({ interval: '1m', simulated: true, forming: false });
      expectObservable(cold('a 99ms bc 1s d|', told).pipe(bars, plainBars(out))).toBe('1103ms |');
    })();
    await Promise.resolve();
    expect(out.lines().map((line) => line.slice('12:00:00.000 '.length))).toEqual([
      expect.stringMatching(/^itick:crypto not repaired A\.US, B\.US 1m .*: no plan$/),
      expect.stringMatching(/^itick:crypto not repaired C\.US 1m .*: no line$/),
      expect.stringMatching(/^itick:crypto not repaired D\.US 1m .*: no plan$/),
    ]);
  });
});

describe('repairWords', () => {
  const hole: Backfilled = {
    kind: 'backfilled',
    provider: 'itick',
    symbol: 'AAPL.US',
    receivedAt: new Date(2026, 10, 27, 12).getTime(),
    interval: '1m',
    from: new Date(2026, 10, 27, 10, 1).getTime(),
    to: new Date(2026, 10, 27, 10, 4).getTime(),
    outcome: 'whole',
    bars: 3,
    missing: [],
    proof: { volume: 'whole', overlap: { compared: 2, agreed: 2 } },
    attempts: 1,
  };
  const none = { volume: 'none', overlap: { compared: 0, agreed: 0 } } as const;
  const lost: Partial<Backfilled> = { outcome: 'none', bars: 0, missing: [1, 2, 3], proof: none, reason: 'no plan' };
  it.each<[string, Partial<Backfilled>]>([
    ['repaired AAPL.US 1m 10:01-10:03: 3 bars, volume proved', {}],
    ['repaired AAPL.US 1m 10:01: 1 bar, volume proved', { bars: 1, to: hole.from + MINUTE }],
    [
      'repaired AAPL.US 1m 10:01-10:03: 3 bars, 1 of 2 bars beside it agree',
      { proof: { volume: 'none', overlap: { compared: 2, agreed: 1 } } },
    ],
    [
      'partly repaired AAPL.US 1m 10:01-10:03: 2 bars, 1 missing, volume not proved: 1,200 unexplained; no trades',
      {
        outcome: 'partial',
        bars: 2,
        missing: [1],
        reason: 'no trades',
        proof: { volume: 'short', unexplained: 1200, overlap: { compared: 2, agreed: 2 } },
      },
    ],
    [
      'from the history AAPL.US 1m 2026-11-26 15:00 to 2026-11-27 10:03: 390 bars',
      {
        bars: 390,
        proof: none,
        from: new Date(2026, 10, 26, 15).getTime(),
      },
    ],
    [
      'repaired AAPL.US 1d 2026-11-24 to 2026-11-26: 3 bars, volume proved',
      {
        interval: '1d',
        from: Date.UTC(2026, 10, 24, 5),
        to: Date.UTC(2026, 10, 27, 5),
      },
    ],
    ['not repaired AAPL.US 1m 10:01-10:03: no plan', lost],
  ])('%s', (words, facts) => {
    expect(repairWords([{ ...hole, ...facts }])).toBe(words);
  });

  it('names all that are given up for one reason, and their time where it is the same', () => {
    const [one, other] = [
      { ...hole, ...lost },
      { ...hole, ...lost, symbol: '700.HK' },
    ];
    expect(repairWords([one, other])).toBe('not repaired AAPL.US, 700.HK 1m 10:01-10:03: no plan');
    expect(repairWords([one, { ...other, from: 0 }])).toBe('not repaired AAPL.US, 700.HK 1m: no plan');
  });
});

describe('holes', () => {
  it('are none where the history has what the link did not see', () => {
    const row = barRowAfter(newBarRow('A.US'), aKline({ closed: true, coverage: 0, source: 'backfill' }));
    expect(holes(row)).toBe(0);
    expect(holes(barRowAfter(row, aKline({ closed: true, openTime: 60_000, coverage: 0.5, source: 'trades' })))).toBe(
      1,
    );
  });
});
