import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { browserPlatform } from '../../transport/browserPlatform.js';
import { binanceOver } from './binance.js';
import type { BinanceOptions } from './options.js';

export { binanceCapabilities } from './capabilities.js';
export { binanceHistory, type BinanceHistory, type BinanceHistoryOptions } from './history.js';
export type { BinanceOptions } from './options.js';

/** `binance` over the platform's `WebSocket`, which hides the vendor's pings: it asks something every 25 s instead. */
export const binance: (options: BinanceOptions) => Observable<FeedEvent> = /* #__PURE__ */ binanceOver(browserPlatform);
