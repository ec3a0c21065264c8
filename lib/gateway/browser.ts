import { browserPlatform } from '../transport/browserPlatform.js';
import type { Feed } from '../share/shareFeed.js';
import { joinFeedOver, type GatewayOptions } from './joinFeed.js';

export type { GatewayClient, GatewaySocket } from './client.js';
export type { GatewayOptions } from './joinFeed.js';
export { serveFeed, type Gateway, type GatewayServer, type ServeOptions } from './serveFeed.js';

/** `joinFeed` over the platform's `WebSocket`. */
export const joinFeed: (options: GatewayOptions) => Feed = /* #__PURE__ */ joinFeedOver(browserPlatform);
