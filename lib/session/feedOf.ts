import { BehaviorSubject, defer, EMPTY, finalize, ignoreElements, tap, type Observable } from 'rxjs';
import type { Connected, Disconnected } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import type { PageState, Platform } from '../transport/Platform.js';
import { exponential } from './backoff.js';
import { withCredential, type Credential } from './credential.js';
import type { FeedOptions } from './FeedOptions.js';
import { joinedBy } from './joinedBy.js';
import type { KickRules } from './kicks.js';
import type { Ready } from './messages.js';
import { opening, type Opening } from './opening.js';
import { placeOn } from './place.js';
import { reconnect } from './reconnect.js';
import { redacting } from './redacting.js';
import { mended } from './undecodable.js';
import { whileWished, type Topics, type Wish } from './wish.js';

/** What a provider tells `feedOf` of itself. */
export interface FeedSettings extends Pick<
  FeedOptions,
  'name' | 'backoff' | 'maxRetryAfter' | 'connectAttempts' | 'probe'
> {
  /** Its name, which goes into the events. */
  readonly provider: string;
  /** The wish, as the caller gave it. */
  readonly topics: Topics;
  /** Throws `InvalidTopic` for a topic that this vendor can never serve. */
  readonly check?: ((topic: Topic) => void) | undefined;
  /** What to log in with, or who supplies it before each attempt. */
  readonly credential: Credential;
  /** The address without the credential. */
  readonly endpoint: string;
  /** How many live feeds the endpoint allows with one credential. */
  readonly connections: number;
  /** Set for vendors that end the older of two connections with one credential. */
  readonly kicks?: KickRules | undefined;
  /** What refused upgrades look like there, and the life of the page; without it, as in Node. */
  readonly platform?: Platform | undefined;
}

/**
 * What every provider has around its protocol: waits for the first topic, takes a place on the endpoint, asks for the
 * credential before each attempt, and starts over when the attempt is lost or the page comes back to life.
 *
 * `attempt` puts the `opening` it is given behind `connect`, for refused upgrades that the platform hides.
 */
export const feedOf = <E extends { readonly kind: string }>(
  { topics, check, credential, endpoint, connections, ...settings }: FeedSettings,
  attempt: (wish: Wish, secret: string, opening: Opening) => Observable<Ready | E>,
): Observable<E | Connected | Disconnected> =>
  whileWished(
    topics,
    (wish) =>
      defer(() => {
        const { provider, name: feed = provider, backoff = exponential(), maxRetryAfter, kicks, platform } = settings;
        const place = placeOn(endpoint, connections);
        let redact = (text: string): string => text;
        const page$ = new BehaviorSubject<PageState>('live');
        const opened = opening({ ...settings, page$ });
        const upkeep$ = (platform?.page$ ?? EMPTY).pipe(
          tap((state) => page$.next(state)),
          ignoreElements(),
        );
        return withCredential(credential, (secret) => {
          place.take(secret);
          redact = redacting(secret);
          return attempt(wish, secret, opened);
        }).pipe(
          reconnect({
            provider,
            feed,
            backoff,
            maxRetryAfter,
            kicks,
            onEnd: place.release,
            finish: (event) => mended(event, provider, redact),
            page$,
          }),
          joinedBy(upkeep$),
          finalize(place.release),
        );
      }),
    check,
  );
