import { asyncScheduler, concat, from, map, NEVER, of, throwError } from 'rxjs';
import { HistoryRefused, HistoryUnavailable } from '../../../lib/history/errors.js';
import type { History } from '../../../lib/history/History.js';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent, Recovered } from '../../../lib/model/feedEvent.js';
import { trades } from '../../../lib/model/topic.js';
import { recoverTrades, type RecoverTradesOptions } from '../../../lib/operators/recoverTrades/recoverTrades.js';
import type { FeedValue } from '../../../lib/testing/feeds.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { historyOf, letterOf, names, SYMBOL, tradeOf } from './stage.js';

const traded = (id: number, facts: Partial<Extract<FeedValue, { kind: 'trade' }>> = {}): FeedValue => ({
  kind: 'trade',
  ...names,
  symbol: SYMBOL,
  id,
  ...facts,
});

/** A digit is the trade of that number; `u` says that trades are not wanted any more; `e` and `E` are of another symbol. */
const values: Readonly<Record<string, FeedValue>> = {
  ...Object.fromEntries(Array.from({ length: 10 }, (_, id) => [String(id), traded(id)])),
  x: { kind: 'disconnected', ...names },
  c: { kind: 'connected', ...names },
  u: { kind: 'unsubscribed', ...names, topics: trades(SYMBOL) },
  r: { kind: 'refused', ...names, topics: trades(SYMBOL), reason: 'no' },
  o: traded(1, { provider: 'other' }),
  O: traded(5, { provider: 'other' }),
  e: traded(1, { symbol: 'ETHUSDT.BA' }),
  E: traded(3, { symbol: 'ETHUSDT.BA' }),
  // Of a shard of the same vendor.
  s: traded(1, { feed: 'test#2' }),
  S: traded(3, { feed: 'test#2' }),
  h: traded(1_000_000),
  i: traded(1_000_002),
  // Repeated long after it was traded.
  w: traded(4, { time: 1 }),
  // Another line of the same vendor takes over, or of another vendor, and it is left again.
  q: { kind: 'switched', ...names, feed: 'test#2', symbols: 'all', from: 'primary', to: 'secondary', left: 'test' },
  t: { kind: 'switched', provider: 'other', symbols: 'all', from: 'primary', to: 'secondary', left: 'test' },
  T: { kind: 'switched', ...names, symbols: 'all', from: 'secondary', to: 'primary', left: 'other' },
  v: { kind: 'switched', ...names, feed: 'test#2', symbols: ['5.HK'], from: 'primary', to: 'secondary', left: 'test' },
  n: traded(NaN),
  f: traded(2.5),
};

type Stage = ReturnType<typeof historyOf>;

/** Plays a drawing; what came, as `time:letters` for each moment, what was asked, and the ends of holes. */
const play = (
  diagram: string,
  check: (heard: string, ends: readonly Recovered[], stage: Stage) => void,
  { make = () => historyOf(), options = {}, until = Infinity } = {},
) =>
  marbles(({ feed, flush }) => {
    const stage = make();
    const heard = new Map<number, string>();
    const ends: Recovered[] = [];
    const hear = (letter: string): void => {
      const at = asyncScheduler.now();
      heard.set(at, (heard.get(at) ?? '') + letter);
    };
    const subscription = feed(diagram, values)
      .pipe(recoverTrades(stage.history, options))
      .subscribe({
        next: (event) => {
          if (event.kind === 'recovered') ends.push(event);
          hear(letterOf(event));
        },
        error: () => hear('#'),
        complete: () => hear('|'),
      });
    if (until < Infinity) asyncScheduler.schedule(() => subscription.unsubscribe(), until);
    flush();
    check([...heard].map(([at, letters]) => `${at}:${letters}`).join(' '), ends, stage);
  });

const asked = ({ asked: queries }: Stage): string =>
  queries.map(({ fromId, toId, at }) => `${at}:${fromId}-${toId}`).join(' ');

const failing =
  (...errors: readonly (Error | undefined)[]) =>
  () =>
    historyOf((_, rows, call) => {
      const error = errors[call - 1];
      return error ? throwError(() => error) : from(rows);
    });
const down = new HistoryUnavailable('down', 503);

describe('recoverTrades', () => {
  it(
    'passes all at once, and the missing trades later, oldest first',
    marbles(({ feed, expectObservable, expectSubscriptions }) => {
      const feed$ = feed('     1-2-x---c-6-----------7-|', values);
      const letters$ = feed$.pipe(recoverTrades(historyOf().history), map(letterOf));
      expectObservable(letters$).toBe('1-2-x---c-6---(345W)--7-|', undefined);
      expectSubscriptions(feed$.subscriptions).toBe(' ^-----------------------!');
    }),
  );

  it(
    'ends each hole with one event that says whose it is, and what is there',
    play('1-5---9----|', (heard, ends) => {
      expect(heard).toBe('0:1 2:5 6:9234W 10:678W 11:|');
      expect(ends[0]).toEqual({
        kind: 'recovered',
        ...names,
        symbol: SYMBOL,
        receivedAt: 6,
        fromId: 2,
        toId: 4,
        outcome: 'whole',
        trades: 3,
        attempts: 1,
      });
    }),
  );

  it(
    'gives the recovered trades the names of the live ones, the time of the vendor and that of their receipt',
    marbles(({ feed, flush }) => {
      const { history } = historyOf((_, rows) =>
        from(rows.map((row) => ({ ...row, feed: 'elsewhere', time: 7, receivedAt: 1 }))),
      );
      const heard: FeedEvent[] = [];
      const feed$ = feed('s-S--------|', values);
      feed$.pipe(recoverTrades(history)).subscribe((event) => heard.push(event));
      flush();
      expect(heard[2]).toEqual(tradeOf(2, { feed: 'test#2', time: 7, receivedAt: 6 }));
      expect(heard[3]).toMatchObject({ kind: 'recovered', provider: 'test', feed: 'test#2', symbol: SYMBOL });
    }),
  );

  it(
    'asks for nothing where nothing is missing, and of no other vendor, nor where trades have no number',
    play('c-1-2-x-c-3-o-O-4-n-f-5-|', (heard, ends, stage) => {
      expect([asked(stage), ends]).toEqual(['', []]);
      expect(heard).toBe('0:c 2:1 4:2 6:x 8:c 10:3 12:1 14:5 16:4 18:NaN 20:2.5 22:5 24:|');
    }),
  );

  it(
    'asks for the holes of one symbol one after the other, and for those of two symbols and two feeds at once',
    play('(es)-1-3-5E-(S)7-------------------------|', (_, ends, stage) => {
      expect(asked(stage)).toBe('7:2-2 10:2-2 11:4-4 12:2-2 15:6-6');
      expect(ends.map(({ outcome }) => outcome)).toEqual(Array(5).fill('whole'));
    }),
  );

  it(
    'asks again with a backoff that doubles, and says how often it asked',
    play(
      '1-4 99s |',
      (heard, ends, stage) => {
        expect(asked(stage)).toBe('2:2-3 5006:2-3 15010:2-3');
        expect(heard).toBe('0:1 2:4 15014:23W 99003:|');
        expect(ends).toMatchObject([{ outcome: 'whole', attempts: 3, trades: 2 }]);
        expect(ends[0]).not.toHaveProperty('reason');
      },
      { make: failing(down, down) },
    ),
  );

  it(
    'asks only for what it has not, after an answer that broke off',
    play(
      '1-6 99s |',
      (heard, ends, stage) => {
        expect(asked(stage)).toBe('2:2-5 5006:4-5');
        expect(heard).toBe('0:1 2:6 6:23 5010:45W 99003:|');
        expect(ends).toMatchObject([{ outcome: 'whole', attempts: 2, trades: 4 }]);
      },
      { make: () => historyOf((_, rows, call) => (call === 1 ? from(rows.slice(0, 2)) : from(rows))) },
    ),
  );

  it(
    'gives up after its attempts, says why, and goes on to the next hole',
    play(
      '1-4-6 99s |',
      (heard, ends, stage) => {
        expect(asked(stage)).toBe('2:2-3 5006:2-3 5010:5-5');
        expect(heard).toBe('0:1 2:4 4:6 5010:N 5014:5W 99005:|');
        expect(ends[0]).toMatchObject({
          fromId: 2,
          toId: 3,
          outcome: 'none',
          trades: 0,
          attempts: 2,
          reason: down.message,
        });
      },
      { make: failing(down, down), options: { attempts: 2 } },
    ),
  );

  it(
    'says which part of a hole the history lacks',
    play(
      '1-6 99s |',
      (_, ends) => {
        expect(ends).toMatchObject([
          { outcome: 'partial', trades: 3, attempts: 5, reason: 'the history lacks 1 of the trades' },
        ]);
      },
      { make: () => historyOf((_, rows) => from(rows.filter(({ id }) => id !== 3))) },
    ),
  );

  it.each([
    ['the credential', new HistoryRefused({ status: 401, reason: 'bad key' })],
    ['the symbol', new HistoryRefused({ status: 400, code: '-1121', reason: 'Invalid symbol.' })],
  ])('ends a hole at once when the vendor refuses %s', (_, error) =>
    play(
      '1-4-------6------|',
      (_heard, ends, stage) => {
        expect(asked(stage)).toBe('2:2-3 10:5-5');
        expect(ends).toMatchObject([{ outcome: 'none', attempts: 1, reason: error.message }, { outcome: 'whole' }]);
      },
      { make: failing(error) },
    )(),
  );

  it(
    'waits as long as the vendor says',
    play(
      '1-4 99s |',
      (_, ends, stage) => {
        expect(asked(stage)).toBe('2:2-3 20006:2-3');
        expect(ends).toMatchObject([{ outcome: 'whole', attempts: 2 }]);
      },
      { make: failing(new HistoryRefused({ status: 429, retryAfter: 20_000, reason: 'slow down' })) },
    ),
  );

  it(
    'asks for the newest trades of a hole that is too large, and says that the others are missing',
    play(
      '1-8-------|',
      (heard, ends, stage) => {
        expect(asked(stage)).toBe('2:5-7');
        expect(heard).toBe('0:1 2:8 6:567P 10:|');
        expect(ends).toMatchObject([{ fromId: 2, toId: 7, outcome: 'partial', trades: 3, attempts: 1 }]);
        expect(ends[0]?.reason).toContain('its oldest 3 are not asked for; give a larger `maxHole`');
      },
      { options: { maxHole: 3 } },
    ),
  );

  it(
    'passes what is behind untouched, and asks for nothing twice that comes late',
    play('1-6-2-5-3-3-6-|', (heard, ends, stage) => {
      // Asked for at 2; 2 comes late before the answer at 6, 3 after it.
      expect(heard).toBe('0:1 2:6 4:2 6:534W 8:3 10:3 12:6 14:|');
      expect(asked(stage)).toBe('2:2-5');
      expect(ends).toMatchObject([{ outcome: 'whole', trades: 2 }]);
    }),
  );

  it(
    'does not ask for what came late while the hole had to wait',
    play('1-3-7-4-6--|', (_, ends, stage) => {
      expect(asked(stage)).toBe('2:2-2 6:5-6');
      expect(ends).toMatchObject([
        { fromId: 2, outcome: 'whole' },
        { fromId: 4, outcome: 'whole', trades: 1 },
      ]);
    }),
  );

  it(
    'takes the request back when all of a hole has come late',
    play('1-4-(23)----|', (heard, ends, { live }) => {
      expect(heard).toBe('0:1 2:4 4:23W 12:|');
      expect(ends).toMatchObject([{ outcome: 'whole', trades: 0, attempts: 1 }]);
      expect(live.now).toBe(0);
    }),
  );

  it(
    'begins anew where the vendor numbers its trades anew, and not for a repeated trade',
    play('h-i-------w-(i)-1-3-------|', (heard, ends, stage) => {
      expect(asked(stage)).toBe('2:1000001-1000001 18:2-2');
      expect(heard).toBe('0:0 2:2 6:1W 10:4 12:2 16:1 18:3 22:2W 26:|');
      expect(ends).toHaveLength(2);
    }),
  );

  it(
    'gives up the holes of the numbers before',
    play('h-i-1-3-------|', (_, ends, stage) => {
      expect(asked(stage)).toBe('2:1000001-1000001 6:2-2');
      expect(ends).toMatchObject([
        { outcome: 'none', fromId: 1_000_001, reason: 'the vendor numbers its trades anew' },
        { outcome: 'whole', fromId: 2 },
      ]);
    }),
  );

  it.each(['u', 'r'])('takes what is traded while nobody asks for it for no hole: %s', (left) =>
    play(`1-2-${left}-6-8-${left}-9---|`, (_, ends, stage) => {
      expect(asked(stage)).toBe('8:7-7');
      expect(ends).toMatchObject([{ outcome: 'none', reason: 'the trades are not wanted any more' }]);
    })(),
  );

  it(
    'takes the requests back on unsubscription, and says nothing more',
    play(
      '1-4-6------------',
      (heard, ends, { live, asked: queries }) => {
        expect([heard, ends, live.now, queries.length]).toEqual(['0:1 2:4 4:6', [], 0, 1]);
      },
      { until: 5 },
    ),
  );

  it(
    'ends open holes with what there is when the feed completes',
    play(
      '1-4-6-|',
      (heard, ends, { live }) => {
        expect(heard).toBe('0:1 2:4 4:6 6:NN|');
        expect(ends.map(({ reason }) => reason)).toEqual(Array(2).fill('the feed ended before the history answered'));
        expect(live.now).toBe(0);
      },
      { make: () => historyOf(undefined, { delay: 40 }) },
    ),
  );

  it(
    'passes an error of the feed on, and asks no more',
    play('1-4-#', (heard, ends, { live }) => expect([heard, ends, live.now]).toEqual(['0:1 2:4 4:#', [], 0])),
  );

  it(
    'believes no trade that it has not asked for, and none twice',
    play('1-4-------|', (heard) => expect(heard).toBe('0:1 2:4 6:32W 10:|'), {
      make: () =>
        historyOf((_, rows) =>
          from([tradeOf(9), tradeOf(3, { symbol: 'ETHUSDT.BA' }), ...[...rows, ...rows].reverse(), tradeOf(4)]),
        ),
    }),
  );

  it(
    'survives a history that answers within the call, throws, or never answers',
    marbles(({ feed, flush }) => {
      const answers = [() => of(tradeOf(2), tradeOf(3)), () => NEVER];
      let call = 0;
      const history: History = {
        ...historyOf().history,
        trades: () => {
          const answer = answers[call++];
          if (!answer) throw new TypeError('x is not a function');
          return answer();
        },
      };
      const heard: string[] = [];
      const ends: Recovered[] = [];
      feed('1-4-6-8 999s |', values)
        .pipe(recoverTrades(history, { attempts: 1 }))
        .subscribe((event) => {
          heard.push(letterOf(event));
          if (event.kind === 'recovered') ends.push(event);
        });
      flush();
      expect(heard.join('')).toBe('1423W68NN');
      expect(ends.map(({ reason }) => reason)).toEqual([
        undefined,
        expect.stringContaining('Timeout'),
        'x is not a function',
      ]);
      expect(ends[1]?.receivedAt).toBe(300_004);
    }),
  );

  it(
    'asks for four holes of many symbols at a time, and keeps to the budget',
    marbles(({ flush }) => {
      const {
        history,
        asked: queries,
        live,
      } = historyOf(undefined, { budget: { calls: 3, per: 1_000 }, delay: 2_500 });
      const symbols = Array.from({ length: 12 }, (_, at) => `S${at}.BA`);
      let whole = 0;
      const events = symbols.flatMap((symbol) => [tradeOf(1, { symbol }), tradeOf(3, { symbol })]);
      const kept = concat(from(events), NEVER)
        .pipe(recoverTrades(history))
        .subscribe((event) => {
          if (event.kind === 'recovered' && event.outcome === 'whole') whole += 1;
        });
      asyncScheduler.schedule(() => kept.unsubscribe(), 60_000);
      flush();
      expect(whole).toBe(12);
      expect(live.most).toBe(4);
      for (const { at } of queries)
        expect(queries.filter((other) => other.at > at - 1_000 && other.at <= at).length).toBeLessThanOrEqual(3);
    }),
  );

  it(
    'lets a hundred holes of a symbol wait, and gives up the oldest of more',
    marbles(({ flush }) => {
      const { history } = historyOf(() => NEVER);
      const ends: Recovered[] = [];
      const subscription = concat(from(Array.from({ length: 150 }, (_, at) => tradeOf(2 * at + 1))), NEVER)
        .pipe(recoverTrades(history))
        .subscribe((event) => event.kind === 'recovered' && ends.push(event));
      asyncScheduler.schedule(() => subscription.unsubscribe(), 1_000);
      flush();
      expect(ends.map(({ fromId }) => fromId)).toEqual(Array.from({ length: 49 }, (_, at) => 2 * at + 4));
      expect(ends[0]).toMatchObject({ outcome: 'none', attempts: 0, reason: expect.stringContaining('100') as string });
    }),
  );

  it.each<readonly [string, RecoverTradesOptions]>([
    ['maxHole', { maxHole: 0 }],
    ['maxHole', { maxHole: 1.5 }],
    ['attempts', { attempts: 0 }],
  ])('refuses a wrong %s at once', (_, options) => {
    expect(() => recoverTrades(historyOf().history, options)).toThrow(InvalidOption);
  });

  it(
    'counts on over another line of its vendor: what neither had is recovered in the name of the one that serves',
    marbles(({ feed, flush }) => {
      const heard: string[] = [];
      const feed$ = feed('1-q-S----------|', values);
      feed$.pipe(recoverTrades(historyOf().history)).subscribe((event) => {
        if (event.kind === 'trade') heard.push(`${event.feed} ${event.id}`);
        if (event.kind === 'recovered') heard.push(`${event.feed} ${event.outcome}`);
      });
      flush();
      expect(heard).toEqual(['test 1', 'test#2 3', 'test#2 2', 'test#2 whole']);
    }),
  );

  it(
    'asks for nothing that another vendor served, and gives up what it asked for',
    play('1-3t-o-O-T-7-8-9----|', (_, ends, stage) => {
      expect(asked(stage)).toBe('2:2-2');
      expect(ends).toMatchObject([{ outcome: 'none', reason: 'a line of another vendor serves it now' }]);
    }),
  );

  it(
    'goes on with the symbols that stay',
    play('1-v-3------|', (_, ends) => expect(ends).toMatchObject([{ feed: 'test', outcome: 'whole' }])),
  );

  it('refuses a history that gives no trades at once', () => {
    expect(() => recoverTrades({ ...historyOf().history, trades: undefined })).toThrow(/no trades by their ids/);
  });
});
