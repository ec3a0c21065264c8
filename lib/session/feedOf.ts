import { BehaviorSubject, defer, EMPTY, finalize, ignoreElements, tap, type Observable } from 'rxjs';
import type { Connected, Disconnected } from '../model/feedEvent.js';
import type { KickRules } from '../model/outage.js';
import type { Topic } from '../model/topic.js';
import { connectOver, type ConnectOptions } from '../transport/connect.js';
import type { PageState, Platform } from '../transport/Platform.js';
import type { Session } from '../transport/Session.js';
import { exponential } from './backoff.js';
import type { Control } from './Control.js';
import { withCredential, type Credential } from './credential.js';
import { events } from './events.js';
import type { FeedOptions } from './FeedOptions.js';
import { joinedBy } from './joinedBy.js';
import { messages } from './messages.js';
import { detectRefusal } from './detectRefusal.js';
import { connectionSlot, type ConnectionSlot } from './connectionSlot.js';
import { reconnect } from './reconnect.js';
import { redacting } from './redacting.js';
import type { Rotation } from './Rotation.js';
import { scrubbing, type Scrub } from './scrub.js';
import type { Redact } from './undecodable.js';
import type { Sharding } from './sharding.js';
import { whileWanted, type Topics, type WantedTopics } from './wanted.js';

/** The facts of a provider and the options of its caller: hand on all of them. */
export interface FeedSettings extends Omit<FeedOptions, 'heartbeat' | 'authTimeout'> {
  /** Its name, which goes into the events. */
  readonly provider: string;
  /** The wanted topics, as the caller gave them. */
  readonly topics: Topics;
  /** Throws `InvalidTopic` for a topic that this vendor can never serve. */
  readonly check?: ((topic: Topic) => void) | undefined;
  /** What to log in with, or who supplies it before each attempt; absent for a vendor without logins. */
  readonly credential?: Credential | undefined;
  /** The address without the credential. */
  readonly endpoint: string;
  /**
   * How many live feeds the endpoint allows with one credential.
   *
   * @defaultValue `Infinity`
   */
  readonly connections?: number | undefined;
  /** Set for vendors that end the older of two connections with one credential. */
  readonly kicks?: KickRules | undefined;
  /**
   * Set for vendors that end a session after a time: `rotating({ … })` has it succeeded before. It takes two
   * of the `connections` for a while: with one, the feed ends with `InvalidOption`.
   *
   * @defaultValue a session goes on until it is lost
   */
  readonly rotation?: Rotation | undefined;
  /**
   * Set for vendors whose sockets take only so much: `sharding({ … })` spreads the topics over several of the `connections`.
   *
   * @defaultValue all topics are asked for on one socket
   */
  readonly shards?: Sharding | undefined;
}

/** What an attempt to get a session is made with. */
export interface Attempt {
  /** What is wanted, for `keepSubscribed`. */
  readonly wanted: WantedTopics;
  /** The credential of this attempt; empty for a vendor that takes none. */
  readonly secret: string;
  /** The name of the feed in the events of this link: of the settings, and behind the first of several sockets with a number. */
  readonly feed: string;
  /**
   * Opens a socket with the options of the caller, to the `endpoint` unless another address is given. It sees to
   * refused upgrades, to the page a browser shows, and takes the credential out of the texts of the peer and the
   * platform.
   */
  readonly connect: (url?: string, options?: Pick<ConnectOptions, 'headers'>) => Observable<Session>;
}

/**
 * What every provider has around its protocol: waits for the first topic, takes a connection slot of the endpoint, asks for the
 * credential before each attempt, and starts over when the attempt is lost or the page comes back to life.
 *
 * `attempt` returns the sessions. What their messages say becomes the events of the feed: without control messages and
 * without data of topics that are not wanted, each with the name of the feed, and without the credential.
 */
export const feedOver =
  (platform: Platform) =>
  <In extends { readonly kind: string }>(
    settings: FeedSettings,
    attempt: (given: Attempt) => Observable<Session<In, never>>,
  ): Observable<Exclude<In, Control> | Connected | Disconnected> => {
    const {
      topics,
      check,
      credential,
      endpoint,
      connections = Infinity,
      provider,
      rotation,
      shards,
      ...options
    } = settings;
    const { name = provider, backoff = exponential(), maxRetryAfter, kicks } = options;
    const open = connectOver(platform);
    const feedFor = (feed: string) => (wanted: WantedTopics) =>
      defer(() => {
        const slot = connectionSlot(endpoint, connections);
        let redact: Redact = (text) => text;
        let scrub: Scrub = scrubbing(provider, redact);
        const page$ = new BehaviorSubject<PageState>('live');
        const detected = detectRefusal({ ...options, platform, page$ });
        const upkeep$ = (platform.page$ ?? EMPTY).pipe(
          tap((state) => page$.next(state)),
          ignoreElements(),
        );
        const sessionOf = (of: WantedTopics, place: Pick<ConnectionSlot, 'take'> = slot) =>
          withCredential(credential, (secret) => {
            place.take(secret);
            // The session before may have been opened with another one, and live on for a while.
            const before = redact;
            const clean = (redact = redacting(secret));
            scrub = scrubbing(provider, (text) => clean(before(text)));
            const connect: Attempt['connect'] = (url = endpoint, request) =>
              open(url, { ...options, ...request, redact: clean }).pipe(detected);
            return attempt({ wanted: of, secret, feed, connect }).pipe(messages());
          });
        const events$ = rotation
          ? rotation({ wanted, session: sessionOf, slot, endpoint, connections, policy: { backoff, maxRetryAfter } })
          : sessionOf(wanted).pipe(events(wanted));
        return events$.pipe(
          reconnect({
            provider,
            feed,
            backoff,
            maxRetryAfter,
            kicks,
            onEnd: slot.release,
            scrub: { event: (event) => scrub.event(event), error: (error) => scrub.error(error) },
            page$,
          }),
          joinedBy(upkeep$),
          finalize(slot.release),
        );
      });
    if (!shards) return whileWanted(topics, feedFor(name), check);
    const shardOf = (topics$: WantedTopics['topics$'], i: number) =>
      whileWanted(topics$, feedFor(i > 0 ? `${name}#${i + 1}` : name));
    return whileWanted(topics, ({ topics$ }) => shards(topics$, shardOf), check);
  };
