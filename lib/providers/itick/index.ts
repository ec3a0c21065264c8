import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { nodePlatform } from '../../transport/nodePlatform.js';
import { bytesDecoder } from './bytesDecoder.js';
import { itickOver } from './itick.js';
import type { ItickOptions } from './options.js';

export { itickCapabilities } from './capabilities.js';
export { itickHistory, type ItickHistoryOptions } from './history.js';
export type { CodeThreeMeaning } from './codeThree.js';
export type { ItickAuth, ItickOptions } from './options.js';
export type { ItickMarket } from './protocol.js';
export type { TickVolume } from './marketEvents.js';

/**
 * iTick's stream of one market, as a cold Observable: trades, quotes, depth and bars, and what the connection has to say.
 *
 * Each subscription opens a connection of its own, and iTick allows one per market and plan: share it with `shareFeed`.
 * A lost link is a `disconnected` in the stream and comes back by itself, with all its topics. Bad credentials
 * (`Unauthorized`), a second feed (`FeedInUse`) and a kick war (`KickedRepeatedly`) end it. Throws `InvalidOption` and
 * `InvalidTopic` at once.
 *
 * @example
 * itick({ token, market: 'stock', topics: quotes('AAPL.US', '700.HK') })
 *   .pipe(ofKind('quote'))
 *   .subscribe(({ symbol, last }) => console.log(symbol, last));
 */
export const itick: (options: ItickOptions) => Observable<FeedEvent> = itickOver(nodePlatform, bytesDecoder);
