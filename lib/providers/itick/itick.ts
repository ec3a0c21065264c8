import { asyncScheduler, defer, finalize, switchMap, tap, type Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { authenticate } from '../../session/authenticate.js';
import { exponential } from '../../session/backoff.js';
import { credential$ } from '../../session/credential.js';
import { encoded } from '../../session/encoded.js';
import { events } from '../../session/events.js';
import { heartbeat } from '../../session/heartbeat.js';
import { keepSubscribed } from '../../session/keepSubscribed.js';
import { defaultKickRules } from '../../session/kicks.js';
import { messages } from '../../session/messages.js';
import { placeOn } from '../../session/place.js';
import { reconnect } from '../../session/reconnect.js';
import { redacting } from '../../session/redacting.js';
import { whileWished } from '../../session/wish.js';
import { connectOver } from '../../transport/connect.js';
import type { Platform } from '../../transport/Platform.js';
import { frameDecoder, type ItickMessage } from './decodeFrame.js';
import { PROVIDER } from './marketEvents.js';
import { itickSettings, type ItickOptions } from './options.js';
import { itickSubscribing, login, ping, type ItickRequest } from './requests.js';
import { spellingOf } from './symbols.js';

/** The `itick` factory of a platform. */
export const itickOver =
  (platform: Platform) =>
  (options: ItickOptions): Observable<FeedEvent> => {
    const { topics, backoff = exponential(), authTimeout, assumeLogin } = options;
    const { token, endpoint, auth, connections, every, within, ...decoding } = itickSettings(options, platform);

    return whileWished(topics, (wish) =>
      defer(() => {
        const place = placeOn(endpoint, connections);
        const spell = spellingOf(wish);
        return credential$(token).pipe(
          tap(place.take),
          switchMap((secret) => {
            const redact = redacting(secret);
            return connectOver(platform)(
              auth === 'query' ? `${endpoint}?token=${encodeURIComponent(secret)}` : endpoint,
              {
                ...options,
                headers: auth === 'header' ? { token: secret } : {},
                redact,
              },
            ).pipe(
              encoded(frameDecoder({ ...decoding, spell, redact }), (request: ItickRequest) => JSON.stringify(request)),
              authenticate<ItickMessage, ItickRequest>({
                login: auth === 'message' ? () => login(secret) : undefined,
                verdict: (message) => (message.kind === 'control' ? message.verdict : undefined),
                within: authTimeout,
                assume: assumeLogin,
              }),
              heartbeat({ every, within, ping: () => ping(asyncScheduler.now()) }),
              keepSubscribed(wish, itickSubscribing),
              messages(),
              events(wish),
            );
          }),
          reconnect({ provider: PROVIDER, backoff, kicks: defaultKickRules }),
          finalize(place.release),
        );
      }),
    );
  };
