import { EMPTY, map, merge, NEVER, of, Subject, switchMap, type Observable } from 'rxjs';
import { InvalidTopic } from '../../lib/model/errors.js';
import { quotes, topicKey, type Topic } from '../../lib/model/topic.js';
import { whileWished, type Topics, type Wish } from '../../lib/session/wish.js';
import { refusing } from '../../lib/session/wanted.js';
import { marbles } from '../../lib/testing/marbles.js';

const lists = { o: [], a: quotes('AAPL.US'), b: quotes('AAPL.US', 'MSFT.US') };

/** A feed that says how many topics are wanted, at each change. */
const counting = ({ topics$ }: Wish): Observable<string> => topics$.pipe(map(({ length }) => 'oab'.charAt(length)));

const invalidOf = (topics$: Observable<unknown>): unknown => {
  let caught: unknown;
  whileWished(topics$ as Observable<readonly Topic[]>, () => NEVER).subscribe({
    error: (error: unknown) => (caught = error),
  });
  return caught;
};

describe('whileWished', () => {
  it(
    'runs the feed for a fixed list of topics',
    marbles(({ expectObservable }) => {
      expectObservable(whileWished(lists.b, counting)).toBe('(b|)');
      expectObservable(whileWished(lists.b, () => NEVER)).toBe('-');
    }),
  );

  it(
    'waits for the first topic, and stays when there is none any more',
    marbles(({ hot, expectObservable }) => {
      const topics = hot(' -o-a-b-o-', lists);
      const unsub = '      ^--------!';
      const expected = '   ---a-b-o-';
      expectObservable(whileWished(topics, counting), unsub).toBe(expected);
    }),
  );

  it(
    'keeps the wish between two sessions, from a source that is subscribed to once',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const topics = hot('  -a-----b-o-a---b---', lists);
      const unsub = '       ^------------------!';
      const subs = '        ^------------------!';
      //                     session, pause, session
      const phases = cold('  s---p-------s------');
      const expected = '    -a-----------a-b---';
      const feed = (wish: Wish): Observable<string> =>
        phases.pipe(switchMap((phase) => (phase === 's' ? counting(wish) : NEVER)));
      expectObservable(whileWished(topics, feed), unsub).toBe(expected);
      expectSubscriptions(topics.subscriptions).toBe(subs);
    }),
  );

  it(
    'completes with a source that never wishes for anything',
    marbles(({ cold, expectObservable }) => {
      expectObservable(whileWished(EMPTY, counting)).toBe('|');
      expectObservable(whileWished(cold('-o-|', lists), counting)).toBe('---|');
    }),
  );

  it(
    'goes on with the last wish when the source completes',
    marbles(({ cold, expectObservable }) => {
      const topics = cold('-a-b|', lists);
      const expected = '   -a-b-';
      const feed = (wish: Wish): Observable<string> => merge(counting(wish), NEVER);
      expectObservable(whileWished(topics, feed), '^----!').toBe(expected);
    }),
  );

  it(
    'fails with its source',
    marbles(({ cold, expectObservable }) => {
      expectObservable(whileWished(cold('-a-#', lists), counting)).toBe('-a-#');
      expectObservable(whileWished(cold('#', lists), counting)).toBe('#');
    }),
  );

  it('knows the set of wanted topics, one of each instrument', () => {
    let wish: Wish | undefined;
    const twice = quotes('700.HK', '00700.HK', 'AAPL.US');
    whileWished(twice, (made) => ((wish = made), EMPTY)).subscribe();
    expect(wish?.current).toEqual(quotes('700.HK', 'AAPL.US'));
  });

  it(
    'knows what left the wish and did not come back, and what was refused and did not leave',
    marbles(({ hot, flush }) => {
      const [apple = '', microsoft = ''] = lists.b.map(topicKey);
      const log: string[] = [];
      let wish: Wish | undefined;
      const note = (): void =>
        void log.push([...(wish?.wanted.withdrawn.keys() ?? []), '/', ...(wish?.wanted.refused ?? [])].join(' '));
      const topics = hot('b-a-b-o|', lists);
      whileWished(topics, (made) => {
        wish = made;
        made.set(refusing(made.wanted, { topics: lists.b, reason: 'no' })[0]);
        return made.topics$;
      }).subscribe(note);
      flush();
      expect(log).toEqual([
        `/ ${apple} ${microsoft}`,
        `${microsoft} / ${apple}`,
        `/ ${apple}`,
        `${apple} ${microsoft} /`,
      ]);
    }),
  );

  describe('of topics that make no sense', () => {
    const malformed = [{ channel: 'quote', symbol: 'AAPL' }] as readonly Topic[];

    it.each<[string, unknown]>([
      ['malformed', malformed],
      ['empty', []],
      ['no list', 'AAPL.US'],
    ])('throws at call time when they are %s', (_, topics) => {
      expect(() => whileWished(topics as Topics, counting)).toThrow(InvalidTopic);
    });

    it.each<[string, unknown]>([
      ['malformed', malformed],
      ['no list', 'AAPL.US'],
    ])('fails when an Observable emits %s', (_, topics) => {
      expect(invalidOf(of(topics))).toBeInstanceOf(InvalidTopic);
    });

    it('asks the vendor too', () => {
      const check = ({ symbol }: Topic): void => {
        throw new InvalidTopic(symbol, 'not sold here');
      };
      expect(() => whileWished(lists.a, counting, check)).toThrow('not sold here');
    });
  });

  it('remembers the ten thousand topics that were withdrawn last', () => {
    const topics$ = new Subject<readonly Topic[]>();
    let wish: Wish | undefined;
    const subscription = whileWished(topics$, (given) => {
      wish = given;
      return NEVER;
    }).subscribe();
    topics$.next(quotes(...Array.from({ length: 10_050 }, (_, i) => `S${i}.US`)));
    topics$.next(quotes('AAPL.US'));
    const withdrawn = [...(wish?.wanted.withdrawn.values() ?? [])];
    subscription.unsubscribe();
    expect(withdrawn).toHaveLength(10_000);
    expect(withdrawn.at(-1)).toEqual(quotes('S10049.US')[0]);
  });
});
