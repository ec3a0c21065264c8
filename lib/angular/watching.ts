import {
  computed,
  DestroyRef,
  effect,
  inject,
  linkedSignal,
  NgZone,
  PLATFORM_ID,
  signal,
  untracked,
} from '@angular/core';
import type { Observable, OperatorFunction } from 'rxjs';
import { InvalidTopic } from '../model/errors.js';
import { topicKey } from '../model/topic.js';
import { noFacts, type Facts } from './facts.js';
import type { FeedResource, FeedSnapshot, FeedStatus } from './ResourceState.js';
import { injectFeed } from './injectFeed.js';
import { paced } from './paced.js';
import { pipeline, type Pipeline, type Run } from './pipeline.js';
import type { WatchOptions } from './WatchOptions.js';
import { hasCommon, wishOf, type RefusedTopic, type Wish } from './wish.js';

/**
 * A feed through operators, watched until the current injection context ends. What is read is pulled from the topics of now,
 * so that not even a read before the next effect sees the value of topics that are gone.
 */
export const watching = (
  { topics: watched, initial, every = 'frame', feed: token }: WatchOptions<unknown>,
  operators: readonly OperatorFunction<never, unknown>[],
  report: (error: unknown) => void,
): FeedResource<unknown> => {
  const pace = paced<unknown>(every);
  let isDestroyed = false;
  const isServer = inject(PLATFORM_ID) === 'server';
  const feed = injectFeed(token);
  const zone = inject(NgZone);
  const through = (events$: Observable<unknown>): Observable<unknown> =>
    operators.reduce<Observable<unknown>>(
      (source$, operator) => (operator as OperatorFunction<unknown, unknown>)(source$),
      events$,
    );

  const wish = computed(() => wishOf(watched));
  const run = linkedSignal<Wish, Run>({
    source: wish,
    computation: (next, before) =>
      before && hasCommon(before.source, next)
        ? before.value
        : { value: signal<unknown>(initial), facts: signal(noFacts) },
  });
  let running: Run | undefined;
  let pipe: Pipeline | undefined;

  const start = (refused?: ReadonlySet<string>): void => {
    pipe?.stop();
    const { topics } = wish();
    running = run();
    pipe = topics.length > 0 ? pipeline({ feed, through, pace, onFailure: report }, running) : undefined;
    pipe?.start(topics, refused);
  };
  const follow = (): void => {
    if (run() !== running || !pipe || pipe.hasEnded()) start();
    else pipe.want(wish().topics);
  };

  /** What was wrong with the last wish, so that it is said once. */
  let complained: readonly string[] = [];
  const complain = ({ malformed, failure }: Wish): void => {
    const errors = [...(failure ? [failure] : []), ...malformed.map(({ error }) => error)];
    for (const error of errors) if (!complained.includes(error.message)) report(error);
    complained = errors.map(({ message }) => message);
  };

  const outside = (work: () => void): void => untracked(() => zone.runOutsideAngular(work));
  const watch = (): void => {
    const next = wish();
    outside(() => {
      complain(next);
      follow();
    });
  };
  const revive = (): void => {
    if (pipe?.isOver()) start();
  };
  if (!isServer) {
    const revival = feed.revival$.subscribe(revive);
    inject(DestroyRef).onDestroy(() => {
      revival.unsubscribe();
      outside(() => pipe?.stop());
      isDestroyed = true;
    });
    if (typeof watched === 'function') untracked(() => effect(watch));
    else watch();
  }

  const refused = computed(() => [...wish().malformed.map(refusalOf), ...run().facts().refused]);
  const error = computed(() => (isServer ? undefined : errorIn(wish(), run().facts())));
  const status = computed((): FeedStatus => {
    if (isServer) return 'server';
    if (error()) return 'error';
    if (wish().topics.length === 0) return 'idle';
    const { isLoaded, isKept, isHoled } = run().facts();
    if (isLoaded) return isHoled ? 'reloading' : 'resolved';
    return isKept ? 'reloading' : 'loading';
  });
  const value = computed(() => run().value());
  const isLoading = computed(() => ['loading', 'reloading'].includes(status()));
  const snapshot = computed((): FeedSnapshot<unknown> => {
    const failed = error();
    if (failed) return { status: 'error', error: failed };
    const now = status();
    return { status: now === 'server' || now === 'error' ? 'idle' : now, value: value() };
  });
  const hasIt = computed(() => !error() && value() !== undefined);

  return {
    value,
    status,
    error,
    isLoading,
    refused,
    snapshot,
    hasValue: (): this is FeedResource<unknown> => hasIt(),
    reload: () =>
      untracked(() => {
        if (isServer || isDestroyed || wish().topics.length === 0 || status() === 'loading') return false;
        if (!pipe?.isOver() || !feed.reload()) outside(() => start(run().facts().dead));
        return true;
      }),
  };
};

const refusalOf = ({ topic, error }: Wish['malformed'][number]): RefusedTopic => ({ topic, reason: error.message });

const errorIn = ({ topics, malformed, failure }: Wish, { error, dead, refused }: Facts): Error | undefined => {
  const known = failure ?? error;
  if (known || !topics.every((topic) => dead.has(topicKey(topic)))) return known;
  const [first] = refused;
  return malformed[0]?.error ?? (first && new InvalidTopic(first.topic, first.reason));
};
