import { defer, finalize, type Observable } from 'rxjs';
import type { Connected, Disconnected } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import { exponential } from './backoff.js';
import { withCredential, type Credential } from './credential.js';
import type { FeedOptions } from './FeedOptions.js';
import type { KickRules } from './kicks.js';
import type { Ready } from './messages.js';
import { placeOn } from './place.js';
import { reconnect } from './reconnect.js';
import { whileWished, type Topics, type Wish } from './wish.js';

export interface FeedSettings extends Pick<FeedOptions, 'backoff'> {
  readonly provider: string;
  readonly topics: Topics;
  /** Throws `InvalidTopic` for a topic that this vendor can never serve. */
  readonly check?: ((topic: Topic) => void) | undefined;
  readonly credential: Credential;
  /** The address without the credential. */
  readonly endpoint: string;
  /** How many live feeds the endpoint allows with one credential. */
  readonly connections: number;
  readonly kicks?: KickRules | undefined;
}

/**
 * What every provider has around its protocol: waits for the first topic, takes a place on the endpoint, asks for the
 * credential before each attempt, and starts over when the attempt is lost.
 */
export const feedOf = <E extends { readonly kind: string }>(
  { provider, topics, check, credential, endpoint, connections, backoff = exponential(), kicks }: FeedSettings,
  attempt: (wish: Wish, secret: string) => Observable<Ready | E>,
): Observable<E | Connected | Disconnected> =>
  whileWished(
    topics,
    (wish) =>
      defer(() => {
        const place = placeOn(endpoint, connections);
        return withCredential(credential, (secret) => {
          place.take(secret);
          return attempt(wish, secret);
        }).pipe(reconnect({ provider, backoff, kicks, onEnd: place.release }), finalize(place.release));
      }),
    check,
  );
