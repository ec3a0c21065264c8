import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Topic } from '../../model/topic.js';

/** The vendor a provider is proven against: a script on a fake network, or a server. It keeps sending data. */
export interface ContractVendor {
  /** How many sockets were asked for, refused ones included. */
  readonly attempts: number;
  /** Connections that are logged in now. */
  readonly live: number;
  /** `live`, now and whenever it changes: at once, before the vendor has answered the login. */
  readonly live$: Observable<number>;
  /** Keys of the topics asked for, before a login too, oldest first, over all connections; see `topicKey`. */
  readonly asked: readonly string[];
  /** Keys of the topics withdrawn, likewise. */
  readonly withdrawn: readonly string[];
  /** Ends all connections without a close frame. */
  readonly drop: () => void;
  /** Closes all connections cleanly. */
  readonly close: () => void;
  /** Sends a frame to all connections. */
  readonly say: (frame: string) => void;
}

/** One provider with a vendor of its own, set up anew for each clause. */
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
