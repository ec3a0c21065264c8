import { EMPTY, map, merge, NEVER, of, Subject, switchMap, type Observable } from 'rxjs';
import { InvalidTopic } from '../../lib/model/errors.js';
import { quotes, topicKey, type Topic } from '../../lib/model/topic.js';
import { refusing, whileWanted, type Topics, type WantedTopics } from '../../lib/session/wanted.js';
import { marbles } from '../../lib/testing/marbles.js';

const lists = { o: [], a: quotes('AAPL.US'), b: quotes('AAPL.US', 'MSFT.US') };

/** A feed that says how many topics are wanted, at each change. */
const counting = ({ topics$ }: WantedTopics): Observable<string> =>
  topics$.pipe(map(({ length }) => 'oab'.charAt(length)));

const invalidOf = (topics$: Observable<unknown>): unknown => {
  let caught: unknown;
  whileWanted(topics$ as Observable<readonly Topic[]>, () => NEVER).subscribe({
    error: (error: unknown) => (caught = error),
  });
  return caught;
};

describe('whileWanted', () => {
  it(
    'runs the feed for a fixed list of topics',
    marbles(({ expectObservable }) => {
      expectObservable(whileWanted(lists.b, counting)).toBe('(b|)');
      expectObservable(whileWanted(lists.b, () => NEVER)).toBe('-');
    }),
  );

  it(
    'waits for the first topic, and stays when there is none any more',
    marbles(({ hot, expectObservable }) => {
      const topics = hot(' -o-a-b-o-', lists);
      const unsub = '      ^--------!';
      const expected = '   ---a-b-o-';
      expectObservable(whileWanted(topics, counting), unsub).toBe(expected);
    }),
  );

  it(
    'keeps what is wanted between two sessions, from a source that is subscribed to once',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const topics = hot('  -a-----b-o-a---b---', lists);
      const unsub = '       ^------------------!';
      const subs = '        ^------------------!';
      //                     session, pause, session
      const phases = cold('  s---p-------s------');
      const expected = '    -a-----------a-b---';
      const feed = (wanted: WantedTopics): Observable<string> =>
        phases.pipe(switchMap((phase) => (phase === 's' ? counting(wanted) : NEVER)));
      expectObservable(whileWanted(topics, feed), unsub).toBe(expected);
      expectSubscriptions(topics.subscriptions).toBe(subs);
    }),
  );

  it(
    'completes with a source that never lists for anything',
    marbles(({ cold, expectObservable }) => {
      expectObservable(whileWanted(EMPTY, counting)).toBe('|');
      expectObservable(whileWanted(cold('-o-|', lists), counting)).toBe('---|');
    }),
  );

  it(
    'goes on with the last wanted when the source completes',
    marbles(({ cold, expectObservable }) => {
      const topics = cold('-a-b|', lists);
      const expected = '   -a-b-';
      const feed = (wanted: WantedTopics): Observable<string> => merge(counting(wanted), NEVER);
      expectObservable(whileWanted(topics, feed), '^----!').toBe(expected);
    }),
  );

  it(
    'fails with its source',
    marbles(({ cold, expectObservable }) => {
      expectObservable(whileWanted(cold('-a-#', lists), counting)).toBe('-a-#');
      expectObservable(whileWanted(cold('#', lists), counting)).toBe('#');
    }),
  );

  it('knows the set of wanted topics, one of each instrument', () => {
    let wanted: WantedTopics | undefined;
    const twice = quotes('700.HK', '00700.HK', 'AAPL.US');
    whileWanted(twice, (made) => ((wanted = made), EMPTY)).subscribe();
    expect(wanted?.current).toEqual(quotes('700.HK', 'AAPL.US'));
  });

  it(
    'knows what ceased to be wanted and did not come back, and what was refused and did not leave',
    marbles(({ hot, flush }) => {
      const [apple = '', microsoft = ''] = lists.b.map(topicKey);
      const log: string[] = [];
      let wanted: WantedTopics | undefined;
      const note = (): void =>
        void log.push([...(wanted?.state.unsubscribed.keys() ?? []), '/', ...(wanted?.state.refused ?? [])].join(' '));
      const topics = hot('b-a-b-o|', lists);
      whileWanted(topics, (made) => {
        wanted = made;
        made.set(refusing(made.state, { topics: lists.b, reason: 'no' })[0]);
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
      expect(() => whileWanted(topics as Topics, counting)).toThrow(InvalidTopic);
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
      expect(() => whileWanted(lists.a, counting, check)).toThrow('not sold here');
    });
  });

  it('remembers the ten thousand topics that were unsubscribed last', () => {
    const topics$ = new Subject<readonly Topic[]>();
    let wanted: WantedTopics | undefined;
    const subscription = whileWanted(topics$, (given) => {
      wanted = given;
      return NEVER;
    }).subscribe();
    topics$.next(quotes(...Array.from({ length: 10_050 }, (_, i) => `S${i}.US`)));
    topics$.next(quotes('AAPL.US'));
    const unsubscribed = [...(wanted?.state.unsubscribed.values() ?? [])];
    subscription.unsubscribe();
    expect(unsubscribed).toHaveLength(10_000);
    expect(unsubscribed.at(-1)).toEqual(quotes('S10049.US')[0]);
  });
});
