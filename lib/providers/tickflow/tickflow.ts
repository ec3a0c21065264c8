import { tap, type Observable } from 'rxjs';
import { InvalidOption } from '../../model/errors.js';
import type { FeedEvent } from '../../model/feedEvent.js';
import { stampRule } from '../../model/stamps.js';
import { encoded } from '../../session/encoded.js';
import { feedOver } from '../../session/feedOf.js';
import { heartbeat } from '../../session/heartbeat.js';
import { keepSubscribed } from '../../session/keepSubscribed.js';
import { perFeed } from '../../session/perFeed.js';
import type { Platform } from '../../transport/Platform.js';
import type { Session } from '../../transport/Session.js';
import { frameDecoder } from './decodeFrame.js';
import { tickflowSettings, type TickflowOptions } from './options.js';
import { checkServed, PROVIDER } from './protocol.js';
import { encodeRequest, tickflowSubscribing } from './requests.js';
import { spellingOf } from './symbols.js';

/** The `tickflow` factory of a platform. There is no login: the vendor refuses the upgrade of a bad key. */
export const tickflowOver =
  (platform: Platform, decoderOf: typeof frameDecoder = frameDecoder) =>
  (options: TickflowOptions): Observable<FeedEvent> => {
    const { endpoint, address, connections, within, watchSilence } = tickflowSettings(options);
    const { apiKey: credential, name: feed = PROVIDER } = options;
    const stampsOf = perFeed(stampRule);

    return feedOver(platform)(
      { ...options, provider: PROVIDER, check: checkServed(endpoint), credential, endpoint: address, connections },
      ({ wanted, secret, connect }) =>
        connect(`${address}?api_key=${encodeURIComponent(secret)}`).pipe(
          encoded(decoderOf({ feed, spell: spellingOf(wanted), stamps: stampsOf(wanted) }), encodeRequest),
          tap((session) => watchSilence && checkPings(platform, session)),
          heartbeat({ within, watchSilence }),
          keepSubscribed(wanted, tickflowSubscribing(endpoint)),
        ),
    );
  };

/** In Node a socket that hides pings is one of the caller's, and every quiet market would look dead. Browsers have no other. */
const checkPings = (platform: Platform, { seesPings }: Pick<Session, 'seesPings'>): void => {
  if (seesPings || platform.hidesRefusals) return;
  throw new InvalidOption(
    'heartbeat.within',
    undefined,
    '`openSocket` hides the pings; use nodeSocket, call `onping`, or leave it out',
  );
};
