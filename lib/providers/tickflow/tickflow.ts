import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { stampRule } from '../../model/stamps.js';
import { encoded } from '../../session/encoded.js';
import { events } from '../../session/events.js';
import { feedOf } from '../../session/feedOf.js';
import { heartbeat } from '../../session/heartbeat.js';
import { keepSubscribed } from '../../session/keepSubscribed.js';
import { messages } from '../../session/messages.js';
import { perFeed } from '../../session/perFeed.js';
import { redacting } from '../../session/redacting.js';
import { connectOver } from '../../transport/connect.js';
import type { Platform } from '../../transport/Platform.js';
import { frameDecoder } from './decodeFrame.js';
import { tickflowSettings, type TickflowOptions } from './options.js';
import { checkServed, PROVIDER } from './protocol.js';
import { encodeRequest, tickflowSubscribing } from './requests.js';
import { spellingOf } from './symbols.js';

/** The `tickflow` factory of a platform. There is no login: the vendor refuses the upgrade of a bad key. */
export const tickflowOver =
  (platform: Platform) =>
  (options: TickflowOptions): Observable<FeedEvent> => {
    const { endpoint, address, connections, within, unheard } = tickflowSettings(options);
    const { apiKey, name: feed = PROVIDER } = options;
    const connect = connectOver(platform);
    const stampsOf = perFeed(stampRule);

    return feedOf(
      {
        ...options,
        provider: PROVIDER,
        check: checkServed(endpoint),
        credential: apiKey,
        endpoint: address,
        connections,
        platform,
      },
      (wish, secret, opening) => {
        const redact = redacting(secret);
        return connect(`${address}?api_key=${encodeURIComponent(secret)}`, { ...options, redact }).pipe(
          opening,
          encoded(
            frameDecoder({ feed, spell: spellingOf(wish, redact), stamps: stampsOf(wish), redact }),
            encodeRequest,
          ),
          heartbeat({ within, unheard }),
          keepSubscribed(wish, tickflowSubscribing(endpoint)),
          messages(),
          events(wish),
        );
      },
    );
  };
