import fc from 'fast-check';
import { asyncScheduler, map, mergeMap, of, timer, type Observable } from 'rxjs';
import { checkLimits, withBudget, type Budget, type Limits } from '../../lib/history/budget.js';
import { InvalidOption } from '../../lib/model/errors.js';
import { marbles } from '../../lib/testing/marbles.js';
import { heard, ownCredential } from './fakeRest.js';

const limits: Limits = { calls: 2, per: 10 };

const turnAt = (
  credential: string,
  use: (budget: Budget) => Observable<unknown> = (budget) => budget.turn(),
  own = limits,
) => withBudget('acme', credential, own, use).pipe(map(() => asyncScheduler.now()));

describe('the budget of a credential', () => {
  it(
    'lets so many requests through at once, and one more when the first token is back',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const seen = Array.from({ length: 5 }, () => heard(turnAt(credential)));
      flush();
      expect(seen.map(({ values }) => values)).toEqual([[0], [0], [10], [10], [20]]);
    }),
  );

  it.each([1, 2, 3, 4])(
    'is full again in each test in virtual time: %d',
    marbles(({ flush }) => {
      const seen = Array.from({ length: 3 }, () => heard(turnAt('the same')));
      flush();
      expect(seen.map(({ values }) => values)).toEqual([[0], [0], [10]]);
    }),
  );

  it(
    'spends as many calls as a request weighs, and all of them for one that weighs more',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const weighing = (weight: number) => turnAt(credential, (budget) => budget.turn(weight), { calls: 5, per: 10 });
      const seen = [3, 2, 1, 9, 1].map((weight) => heard(weighing(weight)));
      flush();
      expect(seen.map(({ values }) => values)).toEqual([[0], [0], [10], [20], [30]]);
    }),
  );

  it(
    'is no other credential’s, and no other vendor’s',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const others = ['acme', 'other'].map((provider) =>
        withBudget(provider, credential, { calls: 1, per: 10 }, (budget) => budget.turn()).pipe(
          map(() => asyncScheduler.now()),
        ),
      );
      const seen = [...others, turnAt(ownCredential('k'))].map(heard);
      flush();
      expect(seen.map(({ values }) => values)).toEqual([[0], [0], [0]]);
    }),
  );

  it(
    'is left by unsubscribing, without a token',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const [, , third, fourth] = Array.from({ length: 4 }, () =>
        heard(turnAt(credential, undefined, { calls: 2, per: 10 })),
      );
      asyncScheduler.schedule(() => third!.subscription.unsubscribe(), 5);
      const last = heard(timer(6).pipe(mergeMap(() => turnAt(credential))));
      flush();
      expect([third!.values, fourth!.values, last.values]).toEqual([[], [10], [10]]);
    }),
  );

  it(
    'is the smaller one of two',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const seen = [limits, { calls: 5, per: 10 }, limits, { calls: 5, per: 10 }].map((own) =>
        heard(turnAt(credential, undefined, own)),
      );
      flush();
      expect(seen.map(({ values }) => values)).toEqual([[0], [0], [10], [10]]);
    }),
  );

  it(
    'stops for the longest of the wait that is asked for and a backoff, which grows',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const waits: number[] = [];
      const slow = (asked: number | undefined) => (budget: Budget) =>
        budget.turn().pipe(map(() => waits.push(budget.slowDown(asked))));
      const seen = [
        heard(turnAt(credential, slow(undefined))),
        heard(timer(1).pipe(mergeMap(() => turnAt(credential, slow(undefined))))),
        heard(timer(2).pipe(mergeMap(() => turnAt(credential, slow(90_000))))),
        heard(
          timer(3).pipe(
            mergeMap(() => turnAt(credential, (budget) => budget.turn().pipe(map(() => budget.answered())))),
          ),
        ),
        heard(timer(100_000).pipe(mergeMap(() => turnAt(credential, slow(undefined))))),
      ];
      flush();
      expect(waits).toEqual([1_000, 2_000, 90_000, 1_000]);
      expect(seen.map(({ values }) => values)).toEqual([[0], [1_000], [3_000], [93_000], [100_000]]);
    }),
  );

  it(
    'takes refusals of requests that were under way together for one',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const waits: number[] = [];
      const slow = (budget: Budget) =>
        budget.turn().pipe(
          mergeMap(() => timer(1)),
          map(() => waits.push(budget.slowDown(undefined))),
        );
      const seen = [heard(turnAt(credential, slow)), heard(turnAt(credential, slow)), heard(turnAt(credential))];
      flush();
      expect(waits).toEqual([1_000, 1_000]);
      expect(seen[2]!.values).toEqual([1_001]);
    }),
  );

  it(
    'believes no wait of more than three days',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      heard(turnAt(credential, (budget) => budget.turn().pipe(map(() => budget.slowDown(Number.MAX_VALUE)))));
      const next = heard(timer(1).pipe(mergeMap(() => turnAt(credential))));
      flush();
      expect(next.values).toEqual([259_200_000]);
    }),
  );

  it('is exceeded in no stretch of time, by any number of users', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(
          fc.record({
            at: fc.nat(100),
            takes: fc.nat(60),
            gone: fc.option(fc.nat(100), { nil: undefined }),
            slow: fc.option(fc.nat(3_000), { nil: undefined, freq: 20 }),
          }),
          { maxLength: 40 },
        ),
        (calls, per, users) =>
          marbles(({ flush }) => {
            const credential = ownCredential('k');
            const sent: number[] = [];
            const pauses: (readonly [number, number])[] = [];
            for (const { at, takes, gone, slow } of users) {
              const user$ = timer(at).pipe(
                mergeMap(() =>
                  withBudget('acme', credential, { calls, per }, (budget) =>
                    budget.turn().pipe(
                      mergeMap(() => {
                        sent.push(asyncScheduler.now());
                        return timer(takes);
                      }),
                      map(() => {
                        const now = asyncScheduler.now();
                        if (slow !== undefined) pauses.push([now, now + budget.slowDown(slow)]);
                      }),
                    ),
                  ),
                ),
              );
              const { subscription } = heard(user$);
              if (gone !== undefined) asyncScheduler.schedule(() => subscription.unsubscribe(), gone);
            }
            flush();
            for (const start of sent) {
              expect(sent.filter((time) => time >= start && time < start + per).length).toBeLessThanOrEqual(calls);
              expect(pauses.filter(([from, to]) => start > from && start < to)).toEqual([]);
            }
            const stayed = users.filter(({ gone }) => gone === undefined).length;
            expect(sent.length).toBeGreaterThanOrEqual(stayed);
          })(),
      ),
      { numRuns: 200 },
    );
  });

  it('goes on when the clock of the machine is set back', () => {
    const credential = ownCredential('k');
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    try {
      const seen = Array.from({ length: 3 }, () =>
        heard(withBudget('acme', credential, limits, (budget) => budget.turn())),
      );
      jest.setSystemTime(1_700_000_000_000);
      jest.advanceTimersByTime(11);
      expect(seen.map(({ end }) => end.complete)).toEqual([true, true, true]);
    } finally {
      jest.useRealTimers();
    }
  });

  it(
    'serves one after the other also where a request is answered at once',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const order: string[] = [];
      const once = (name: string) =>
        withBudget('acme', credential, limits, (budget) => budget.turn().pipe(map(() => order.push(name))));
      heard(once('a').pipe(mergeMap(() => once('c'))));
      heard(once('b'));
      heard(of(1).pipe(mergeMap(() => once('d'))));
      flush();
      expect(order).toEqual(['a', 'c', 'b', 'd']);
    }),
  );

  it(
    'may be without limit',
    marbles(({ flush }) => {
      const credential = ownCredential('k');
      const seen = Array.from({ length: 50 }, () => heard(turnAt(credential, undefined, { calls: Infinity, per: 10 })));
      flush();
      expect(seen.flatMap(({ values }) => values)).toEqual(seen.map(() => 0));
    }),
  );

  it(
    'of one credential among many is kept as long as it is in use',
    marbles(({ flush }) => {
      const credentials = Array.from({ length: 150 }, () => ownCredential('k'));
      const seen = [...credentials, ...credentials].map((credential) =>
        heard(turnAt(credential, undefined, { calls: 1, per: 10 })),
      );
      flush();
      expect(seen.flatMap(({ values }) => values)).toEqual(seen.map((_, i) => (i < credentials.length ? 0 : 10)));
    }),
  );

  it.each([0, 1.5, -1, NaN])('is refused with %d calls', (calls) => {
    expect(() => checkLimits({ calls, per: 1 })).toThrow(InvalidOption);
  });

  it.each([0, -1, NaN, Infinity, 2 ** 31])('is refused for %d milliseconds', (per) => {
    expect(() => checkLimits({ calls: 1, per })).toThrow(InvalidOption);
  });
});
