import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { browserPlatform } from '../../transport/browserPlatform.js';
import { itickOver } from './itick.js';
import type { ItickOptions } from './options.js';

export { itickCapabilities } from './capabilities.js';
export { itickHistory, type ItickHistoryOptions } from './history.js';
export type { CodeThreeMeaning } from './codeThree.js';
export type { ItickAuth, ItickOptions } from './options.js';
export type { ItickMarket } from './protocol.js';
export type { TickVolume } from './marketEvents.js';

/** `itick` over the platform's `WebSocket`: the token travels in the query or in a message, as headers are impossible. */
export const itick: (options: ItickOptions) => Observable<FeedEvent> = /* #__PURE__ */ itickOver(browserPlatform);
