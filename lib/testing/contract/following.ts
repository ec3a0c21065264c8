import {
  asyncScheduler,
  defer,
  filter,
  first,
  ignoreElements,
  map,
  merge,
  observeOn,
  scan,
  takeWhile,
  type Observable,
} from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { topicKey, type Topic } from '../../model/topic.js';
import type { ContractVendor } from './ContractStage.js';

/** Whether a moment has come; asked at each event, and without one whenever a connection comes or goes. */
export type When = (event: FeedEvent | undefined) => boolean;

/** A moment to wait for, and what to do then. */
export interface Step {
  readonly when: When;
  readonly then?: (event: FeedEvent | undefined) => void;
}

/**
 * Waits for one step after the other; completes after the last. What a step does may cause the next at once, so each
 * event is looked at in a turn of its own.
 */
export const following = (
  events$: Observable<FeedEvent>,
  { live$ }: ContractVendor,
  steps: readonly Step[],
): Observable<never> =>
  defer(() =>
    merge(events$, live$.pipe(map(() => undefined))).pipe(
      observeOn(asyncScheduler),
      scan((done, event) => {
        const step = steps[done];
        if (!step?.when(event)) return done;
        step.then?.(event);
        return done + 1;
      }, 0),
      takeWhile((done) => done < steps.length),
      ignoreElements(),
    ),
  );

/** The moment an event of a kind comes. */
export const heard =
  (kind: FeedEvent['kind']): When =>
  (event) =>
    event?.kind === kind;

/** The moment data of a topic come. */
export const dataOf =
  (topic: Topic): When =>
  (event) =>
    event !== undefined && 'symbol' in event && event.kind === topic.channel && sameInstrument(event.symbol, topic);

const sameInstrument = (symbol: string, topic: Topic): boolean => topicKey({ ...topic, symbol }) === topicKey(topic);

/** Completes when the vendor has no connection left. */
export const nobodyLeft = ({ live$ }: ContractVendor): Observable<never> =>
  live$.pipe(
    filter((live) => live === 0),
    first(),
    ignoreElements(),
  );
