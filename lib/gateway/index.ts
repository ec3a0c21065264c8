import { nodePlatform } from '../transport/nodePlatform.js';
import type { Feed } from '../share/shareFeed.js';
import { joinFeedOver, type GatewayOptions } from './joinFeed.js';

export type { GatewayClient, GatewaySocket } from './client.js';
export type { GatewayOptions } from './joinFeed.js';
export { serveFeed, type Gateway, type GatewayServer, type ServeOptions } from './serveFeed.js';

/**
 * A feed that `serveFeed` serves, in any process or browser: the same events as at the gateway, and the same gaps.
 *
 * Cold, and safe for late joiners: it begins with how the link is and the last value of each topic, and a whole book. A gateway
 * that is lost, or silent for `maxSilence`, is a gap of the vendor's feed, `disconnected` and then `connected` with `resumed`, and
 * it is connected to again by itself. So is what this client was too slow for; `resumed.lost` is then how many events that were. What
 * the gateway does not permit is `refused`. A final error of the vendor arrives as its class. Throws `InvalidTopic` and
 * `InvalidOption` for what is malformed.
 *
 * @example
 * joinFeed({ url: 'wss://desk.example.org/feed', topics: quotes('AAPL.US') }).pipe(gaps()).subscribe(console.log);
 */
export const joinFeed: (options: GatewayOptions) => Feed = joinFeedOver(nodePlatform);
