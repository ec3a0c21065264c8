import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { nodePlatform } from '../../transport/nodePlatform.js';
import { bytesDecoder } from './bytesDecoder.js';
import { binanceOver } from './binance.js';
import type { BinanceOptions } from './options.js';

export { binanceCapabilities } from './capabilities.js';
export { binanceHistory, type BinanceHistory, type BinanceHistoryOptions } from './history.js';
export type { BinanceOptions } from './options.js';

/**
 * Binance's public spot market, as a cold Observable: trades, quotes, depth, best bid and offer, and bars, without an account.
 *
 * Symbols are those of the venue BA, such as `BTCUSDT.BA`. Trades are the vendor's aggregate trades, with an `id` that counts up by one.
 * Quotes are of the last 24 hours (`rolling`), and have no figures of a day. A book is whole from its first event on, and is mended by itself
 * where updates are missing. A lost link is a `disconnected` in the stream and comes back by itself, with all its topics. Throws
 * `InvalidOption` and `InvalidTopic` at once.
 *
 * @example
 * binance({ topics: [...trades('BTCUSDT.BA'), ...depths('ETHUSDT.BA')] })
 *   .pipe(ofKind('trade'))
 *   .subscribe(({ symbol, price, size }) => console.log(symbol, price, size));
 */
export const binance: (options: BinanceOptions) => Observable<FeedEvent> = binanceOver(nodePlatform, bytesDecoder);
