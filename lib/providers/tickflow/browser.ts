import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { browserPlatform } from '../../transport/browserPlatform.js';
import type { TickflowOptions } from './options.js';
import { tickflowOver } from './tickflow.js';

export { tickflowCapabilities } from './capabilities.js';
export { tickflowHistory, type TickflowHistoryOptions } from './history.js';
export type { TickflowOptions } from './options.js';
export type { TickflowEndpoint } from './protocol.js';

/** `tickflow` over the platform's `WebSocket`, which hides the vendor's pings and the status of a refused upgrade. */
export const tickflow: (options: TickflowOptions) => Observable<FeedEvent> =
  /* #__PURE__ */ tickflowOver(browserPlatform);
