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

/** The vendor a provider is tested against: a script on a fake network, or a server. It keeps sending data. */
export interface ContractVendor {
  /** How many sockets were asked for, refused ones included. */
  readonly attempts: number;
  /** Connections that are logged in now. */
  readonly live: number;
  /** `live`, now and whenever it changes: at once, before the vendor has answered the login. */
  readonly live$: Observable<number>;
  /** Keys of the topics asked for, before a login too, oldest first, over all connections; see `topicKey`. */
  readonly asked: readonly string[];
  /** Keys of the topics unsubscribed, likewise. */
  readonly unsubscribed: readonly string[];
  /** Ends all connections without a close frame. */
  readonly drop: () => void;
  /** Closes all connections cleanly. */
  readonly close: () => void;
  /** Sends a frame to all connections. */
  readonly say: (frame: string) => void;
}

/** One provider with a vendor of its own, set up anew for each case. */
export interface ContractStage {
  readonly vendor: ContractVendor;
  /** Makes a feed of the provider, with a backoff of milliseconds; the credential defaults to the right one. */
  readonly feed: (
    topics: readonly Topic[] | Observable<readonly Topic[]>,
    credential?: string,
  ) => Observable<FeedEvent>;
  /** The right credential, to look for in all that is emitted; absent for a vendor that serves everybody. */
  readonly credential?: string | undefined;
  /** Two topics the vendor serves. */
  readonly topics: readonly [Topic, Topic];
  /** A topic the vendor does not serve. */
  readonly unserved: Topic;
  /**
   * A frame with data of another topic, as a vendor pushes it that nothing asked for. Without it the contract shows less:
   * only that no such data come by themselves.
   */
  readonly stray?: string | undefined;
}

/** One promise of every provider: `run` completes when the promise is seen to be kept, and fails when it is broken. */
export interface ContractCase {
  readonly name: string;
  /** Whether it is about the credential: a vendor that serves everybody has no such contractCase. */
  readonly secret?: boolean | undefined;
  readonly run: (stage: ContractStage) => Observable<unknown>;
}

/** Whether a moment has come; asked at each event, and without one whenever a connection comes or goes. */
type When = (event: FeedEvent | undefined) => boolean;

/** A moment to wait for, and what to do then. */
interface ContractStep {
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
  steps: readonly ContractStep[],
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
export const eventOf =
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
export const allDisconnected = ({ live$ }: ContractVendor): Observable<never> =>
  live$.pipe(
    filter((live) => live === 0),
    first(),
    ignoreElements(),
  );

/** Throws when two values differ as JSON; works in every test runner. */
export const expectEqual = (what: string, found: unknown, expected: unknown): void => {
  const [is, ought] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== ought) throw new Error(`${what}: expected ${ought}, found ${is}`);
};

/** The keys of topics, in their order. */
export const keys = (...topics: readonly Topic[]): readonly string[] => topics.map(topicKey);

/** All that a value would show in a log: as JSON, as text, and with its stack. */
export const logged = (value: unknown): string => {
  const stack = value instanceof Error ? (value.stack ?? '') : '';
  return `${JSON.stringify(value)} ${String(value)} ${stack}`;
};

/** Whether a log of a value would give a text away: as it is, in a URL, in JSON, or in JSON inside of JSON. */
export const reveals = (value: unknown, text: string): boolean => {
  const escaped = inJson(text);
  const revealed = logged(value);
  return [text, encodeURIComponent(text), escaped, inJson(escaped)].some((form) => revealed.includes(form));
};

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
