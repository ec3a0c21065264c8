import { catchError, EMPTY, throwError, type Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { stampRule } from '../../model/stamps.js';
import { depths } from '../../model/topic.js';
import { encoded } from '../../session/encoded.js';
import { feedOver } from '../../session/feedOf.js';
import { heartbeat } from '../../session/heartbeat.js';
import { keepSubscribed } from '../../session/keepSubscribed.js';
import { perFeed } from '../../session/perFeed.js';
import { resync } from '../../session/resync.js';
import { rotating } from '../../session/rotate.js';
import { sharding } from '../../session/sharding.js';
import type { Platform } from '../../transport/Platform.js';
import type { BinanceMessage } from './BinanceMessage.js';
import { frameDecoder } from './decodeFrame.js';
import { binanceSettings, type BinanceOptions } from './options.js';
import { checkServed, PROVIDER, STREAMS_PER_SOCKET, streamOf } from './protocol.js';
import { dataReader } from './readData.js';
import { binanceSubscribing, encodeRequest, ping } from './requests.js';
import { binanceRest, isUnknownSymbol, wholeBook } from './rest.js';
import { refuseUnknown } from './unknownSymbols.js';

/** The `binance` factory of a platform. There is no login. */
export const binanceOver =
  (platform: Platform, decoderOf: typeof frameDecoder = frameDecoder) =>
  (options: BinanceOptions): Observable<FeedEvent> => {
    const settings = binanceSettings(options, platform);
    const {
      feed: name,
      endpoint,
      levels,
      every,
      within,
      rotateAfter,
      shards: sockets,
      restUrl,
      limits,
      fetch,
    } = settings;
    const ask = binanceRest(restUrl, limits, fetch);
    const memoryOf = perFeed(() => ({ stamps: stampRule(), known: new Set<string>() }));

    const rotation = rotating({ after: rotateAfter, notice: isLeaving });
    const shards = sharding({ most: STREAMS_PER_SOCKET, sockets, product: streamOf });

    return feedOver(platform)(
      { ...options, name, provider: PROVIDER, check: checkServed, endpoint, rotation, shards },
      ({ wanted, feed, connect }) => {
        const { stamps, known } = memoryOf(wanted);
        const reader = dataReader({ feed, stamps });
        /** Symbols whose book there is not. Where updates come all the same it is asked for again, less and less often. */
        const bookless = new Set<string>();
        return connect().pipe(
          encoded(decoderOf(reader), encodeRequest),
          heartbeat({ every, within, ping: every === undefined ? undefined : ping }),
          keepSubscribed(wanted, binanceSubscribing),
          refuseUnknown(wanted, ask, known),
          resync({
            snapshot: (symbol) =>
              wholeBook(ask, reader, levels, symbol).pipe(
                catchError((error: unknown) => {
                  if (!isUnknownSymbol(error) || bookless.has(symbol)) return throwError(() => error);
                  bookless.add(symbol);
                  wanted.refuse({ topics: depths(symbol), reason: error.reason });
                  return EMPTY;
                }),
              ),
          }),
        );
      },
    );
  };

/** Whether the vendor says that the server goes down. */
const isLeaving = (message: BinanceMessage): boolean => message.kind === 'control' && message.isLeaving === true;
