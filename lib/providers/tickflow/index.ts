import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { nodePlatform } from '../../transport/nodePlatform.js';
import type { TickflowOptions } from './options.js';
import { bytesDecoder } from './bytesDecoder.js';
import { tickflowOver } from './tickflow.js';

export { tickflowCapabilities } from './capabilities.js';
export { tickflowHistory, type TickflowHistoryOptions } from './history.js';
export type { TickflowOptions } from './options.js';
export type { TickflowEndpoint } from './protocol.js';

/**
 * TickFlow's stream, as a cold Observable: quotes and depth, and what the connection has to say.
 *
 * Sizes and volumes keep the vendor's unit, and `sizeUnit` says which: lots of 100 shares on SH, SZ and BJ. It pushes
 * no trades and no bars; asking for them throws `InvalidTopic`. A lost link is a `disconnected` in the stream and comes
 * back by itself, with all its topics; HTTP 401, 403 and 404 end it.
 *
 * @example
 * tickflow({ apiKey, topics: [...quotes('600000.SH'), ...depths('600000.SH')] })
 *   .pipe(ofKind('depth'))
 *   .subscribe(({ bids, asks }) => console.log(bids[0], asks[0]));
 */
export const tickflow: (options: TickflowOptions) => Observable<FeedEvent> = tickflowOver(nodePlatform, bytesDecoder);
