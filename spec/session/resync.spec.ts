import { map, mergeMap, NEVER, of, take, timer, EMPTY, type Observable } from 'rxjs';
import { InvalidOption, SequenceGap } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Depth } from '../../lib/model/marketEvent.js';
import { depths, quotes } from '../../lib/model/topic.js';
import { resync, type ResyncOptions } from '../../lib/session/resync.js';
import { aDepth, aQuote } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { aSession } from './aSession.js';

const symbol = 'BTCUSDT.BA';
const other = 'ETHUSDT.BA';

const update = (first: number, last = first, of = symbol): Depth =>
  aDepth({ symbol: of, type: 'update', sequence: { first, last } });
const book = (last: number, of = symbol): Depth => aDepth({ symbol: of, sequence: { first: last, last } });
const news = (kind: 'subscribed' | 'unsubscribed' | 'refused', of = symbol): FeedEvent => ({
  kind,
  provider: 'test',
  receivedAt: 0,
  topics: [...depths(of), ...quotes(of)],
  reason: 'no',
});

/** A digit is the update of that number, a capital letter a snapshot: `A` of the number 1, `B` of 2, and so on. */
const events: Readonly<Record<string, FeedEvent>> = {
  s: news('subscribed'),
  g: news('unsubscribed'),
  r: news('refused'),
  q: aQuote({ symbol }),
  w: update(2, 4),
  n: aDepth({ symbol, type: 'update' }),
  t: news('subscribed', other),
  o: update(7, 7, other),
  p: update(9, 9, other),
  Z: book(6, other),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i + 1), update(i + 1)])),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String.fromCharCode(65 + i), book(i + 1)])),
};

const resynced = (said$: Observable<FeedEvent>, options: ResyncOptions<string>): Observable<FeedEvent> =>
  of(aSession(said$).session).pipe(
    resync<FeedEvent, string>({ backoff: () => 2, ...options }),
    mergeMap(({ messages$ }) => messages$),
  );

/** Snapshots of these numbers, one for each call, so many milliseconds after it; a failure in the place of each 0. */
const answering = (wait: number, ...numbers: readonly number[]) => {
  const asked: string[] = [];
  const snapshot = (of: string): Observable<Depth> => {
    const number = numbers[asked.push(of) - 1] ?? 0;
    return timer(wait).pipe(
      map(() => {
        if (number === 0) throw new Error('HTTP 503');
        return of === symbol ? book(number) : book(6, other);
      }),
    );
  };
  return { snapshot, asked };
};

/** When the subscriber leaves: a snapshot that never comes is asked for again and again. */
const unsub = '                 ^-----------------------------!';

describe('resync', () => {
  it.each<readonly [title: string, said: string, expected: string, wait: number, numbers: readonly number[]]>([
    ['asks with the ack, also for a quiet symbol', 's------', 's--A', 3, [1]],
    ['lets newer updates follow the snapshot', '    s-1-2-----3', 's----(A2)-3', 5, [1]],
    ['joins an update that began before it', '      s-w-----5', 's---(Cw)5', 4, [3]],
    ['takes what follows it exactly', '             s-3-----4', 's---(B3)4', 4, [2]],
    ['drops what was seen', '                       s--2-2-1-3', 'sA-2-----3', 1, [1]],
    ['shows a hole, and mends it', '                s--2---4-----6', 's-A2---4-E---6', 2, [1, 5]],
    ['says again what the snapshot lacks', '        s--2---4-----5', 's-A2---4-(C4)5', 2, [1, 3]],
    ['needs a snapshot of the last hole', '         s---2--4-6----', 's--A2--4-------(E6)', 3, [1, 4, 5]],
    ['asks again for one that is too old', '        s--2---5------', 's-A2---5-----(D5)', 2, [1, 3, 4]],
    ['asks again after a failure', '                s-------------', 's-------A', 3, [0, 1]],
    ['passes depth without numbers', '              s-n---2-------', 's-n-A-2', 4, [1]],
    ['passes other data', '                         q-s-q---------', 'q-s-q-A', 4, [1]],
    ['passes updates of what is not served', '      o-s-o---------', 'o-s-o--A', 5, [1]],
    ['forgets a symbol that is left', '             s-2-g---------', 's---g', 5, [1]],
    ['forgets a symbol that is refused', '          s-2-r---------', 's---r', 5, [1]],
    ['begins anew for one that is back', '          s-g-s---------', 's-g-s--A', 3, [1, 1]],
    ['leaves other symbols alone', '                s--t--2-4--o-p----5', 's-At-Z2-4-Do-p----5', 2, [1, 6, 4]],
  ])('%s', (_, said, expected, wait, numbers) => {
    marbles(({ hot, expectObservable }) => {
      const { snapshot } = answering(wait, ...numbers);
      expectObservable(resynced(hot(said.trim(), events), { snapshot }), unsub).toBe(expected, events);
    })();
  });

  it(
    'forgets the oldest of too many updates, and waits for a newer snapshot',
    marbles(({ hot, expectObservable }) => {
      const { snapshot } = answering(7, 1, 3);
      const said = '    s-2-3-4';
      const expected = 's---------------(C4)';
      expectObservable(resynced(hot(said, events), { snapshot, held: 2 }), unsub).toBe(expected, events);
    }),
  );

  it(
    'waits for a snapshot in the stream, and sends the command again where none comes',
    marbles(({ hot, expectObservable }) => {
      const sent: unknown[] = [];
      const snapshot = (of: string, send: (message: string) => void): Observable<Depth> => {
        send(`again ${of}`);
        return EMPTY;
      };
      const said = '    s-5-B--D------7---------H';
      const expected = 's------(D5)---7---------H';
      const source = hot(said, events);
      const { session, sent$ } = aSession(source);
      sent$.subscribe((message) => sent.push(message));
      const again = '   a----a--------a----a------';
      expectObservable(sent$).toBe(again, { a: `again ${symbol}` });
      const result$ = of(session).pipe(
        resync<FeedEvent, string>({ snapshot, within: 3, backoff: () => 2 }),
        mergeMap(({ messages$ }) => messages$),
      );
      expectObservable(result$, unsub).toBe(expected, events);
    }),
  );

  it(
    'takes a book that is pushed before the answer, and asks for none',
    marbles(({ hot, expectObservable, flush }) => {
      const { snapshot, asked } = answering(1, 6);
      const said = '    B-3-3-s-4-----6';
      const expected = 'B-3-3-s-4-----6F';
      expectObservable(resynced(hot(said, events), { snapshot, pushed: true, within: 2 }), unsub).toBe(
        expected,
        events,
      );
      flush();
      expect(asked).toEqual([symbol]);
    }),
  );

  it(
    'waits for a book that is pushed, and asks where it does not come',
    marbles(({ hot, expectObservable, flush }) => {
      const { snapshot, asked } = answering(1, 2);
      const said = '    s---B-3';
      const expected = 's---B-3';
      expectObservable(resynced(hot(said, events), { snapshot, pushed: true, within: 5 }), unsub).toBe(
        expected,
        events,
      );
      expectObservable(resynced(hot('s', events), { snapshot, pushed: true, within: 5 }), unsub).toBe(
        's-----B',
        events,
      );
      flush();
      expect(asked).toEqual([symbol]);
    }),
  );

  it(
    'takes numbers that begin anew for a hole where the first of them is missing',
    marbles(({ hot, expectObservable }) => {
      const chained = (previous: number, last: number, type: Depth['type'] = 'update'): Depth =>
        aDepth({ symbol, type, sequence: { previous, last } });
      const values = {
        s: news('subscribed'),
        a: chained(-1, 1_000, 'snapshot'),
        b: chained(1_000, 3),
        c: chained(3, 8),
        d: chained(8, 13),
        e: chained(-1, 13, 'snapshot'),
        f: chained(13, 14),
      };
      const kept = '    s-a-b-c-d-f';
      const lost = '    s-a---c-d---e-f';
      const expected = 's-a---c-----e-f';
      const options = { snapshot: () => NEVER, pushed: true };
      expectObservable(resynced(hot(kept, values), options)).toBe(kept, values);
      expectObservable(resynced(hot(lost, values), options)).toBe(expected, values);
    }),
  );

  it(
    'ends the session at a hole where no snapshot can be asked for',
    marbles(({ hot, expectObservable }) => {
      const said = '    s-B-3-5';
      const expected = 's-B-3-#';
      const gap = new SequenceGap(symbol, 3, { first: 5, last: 5 });
      expectObservable(resynced(hot(said, events), {})).toBe(expected, events, gap);
    }),
  );

  it(
    'fails where a snapshot has no numbers, which is a mistake of the provider',
    marbles(({ hot, expectObservable }) => {
      const said = '    s----';
      const expected = 's-#';
      const snapshot = (): Observable<Depth> => timer(2).pipe(map(() => aDepth({ symbol })));
      const mistake = new InvalidOption('snapshot', symbol, 'its book has no `sequence`');
      expectObservable(resynced(hot(said, events), { snapshot })).toBe(expected, events, mistake);
    }),
  );

  it(
    'gives requests up when it is unsubscribed, and when the session ends',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const said = '      s-----|';
      const first = cold<Depth>(' -----------a');
      const second = cold<Depth>('-----------a');
      expectObservable(resynced(hot(said, events), { snapshot: () => first }), '^--!').toBe('s', events);
      expectSubscriptions(first.subscriptions).toBe('^--!');
      expectObservable(resynced(hot(said, events), { snapshot: () => second })).toBe('s-----|', events);
      expectSubscriptions(second.subscriptions).toBe('^-----!');
    }),
  );

  it(
    'says nothing after an unsubscription inside `next`',
    marbles(({ hot, expectObservable }) => {
      const { snapshot } = answering(5, 1);
      const said = '    s-2-3';
      const expected = 's----(A|)';
      expectObservable(resynced(hot(said, events), { snapshot }).pipe(take(2))).toBe(expected, events);
    }),
  );

  it(
    'reads the numbers by `range`',
    marbles(({ hot, expectObservable }) => {
      const range = ({ time }: Depth) => ({ previous: time - 5, last: time });
      const chained = (time: number, type: Depth['type'] = 'update'): Depth => aDepth({ symbol, type, time });
      const values = { s: news('subscribed'), a: chained(10, 'snapshot'), b: chained(15), c: chained(25) };
      const said = '    s-a-b-b-c';
      const expected = 's-a-b---c';
      expectObservable(resynced(hot(said, values), { snapshot: () => NEVER, range })).toBe(expected, values);
    }),
  );

  it.each([
    ['held', { held: 0 }],
    ['within', { within: 0 }],
    ['snapshot', { snapshot: 'https://api.example.org' }],
  ])('throws for a malformed `%s`', (option, options) => {
    expect(() => resync(options as never)).toThrow(`invalid option \`${option}\``);
  });
});
