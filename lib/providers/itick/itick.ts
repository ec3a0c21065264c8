import { asyncScheduler, type Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { defaultKickRules } from '../../model/outage.js';
import { stampRule } from '../../model/stamps.js';
import { authenticate } from '../../session/authenticate.js';
import { encoded } from '../../session/encoded.js';
import { feedOver } from '../../session/feedOf.js';
import { heartbeat } from '../../session/heartbeat.js';
import { keepSubscribed } from '../../session/keepSubscribed.js';
import { perFeed } from '../../session/perFeed.js';
import { sharding } from '../../session/sharding.js';
import type { Platform } from '../../transport/Platform.js';
import { codeThree } from './codeThree.js';
import { frameDecoder } from './decodeFrame.js';
import { itickSettings, type ItickOptions } from './options.js';
import { PRODUCTS_PER_CONNECTION, PROVIDER } from './protocol.js';
import { encodeRequest, itickSubscribing, login, ping, loginResultOf } from './requests.js';
import { spellingOf } from './symbols.js';

/** The `itick` factory of a platform. */
export const itickOver =
  (platform: Platform, decoderOf: typeof frameDecoder = frameDecoder) =>
  (options: ItickOptions): Observable<FeedEvent> => {
    const settings = itickSettings(options, platform);
    const { feed: name, endpoint, auth, connections, sockets, every, within, meaning, check, ...reading } = settings;
    const { token: credential, authTimeout, assumeLogin } = options;
    const memoryOf = perFeed((wanted) => ({ stamps: stampRule(), three: codeThree(meaning, wanted, options.market) }));

    return feedOver(platform)(
      {
        ...options,
        name,
        provider: PROVIDER,
        check,
        credential,
        endpoint,
        connections,
        kicks: defaultKickRules,
        shards:
          sockets > 1
            ? sharding({ most: PRODUCTS_PER_CONNECTION, sockets, product: itickSubscribing.product })
            : undefined,
      },
      ({ wanted, secret, feed, connect }) =>
        connect(auth === 'query' ? `${endpoint}?token=${encodeURIComponent(secret)}` : endpoint, {
          headers: auth === 'header' ? { token: secret } : {},
        }).pipe(
          encoded(decoderOf({ feed, spell: spellingOf(wanted), ...reading, ...memoryOf(wanted) }), encodeRequest),
          authenticate({
            login: auth === 'message' ? () => login(secret) : undefined,
            loginResult: loginResultOf,
            authTimeout,
            optimistic: assumeLogin,
          }),
          heartbeat({ every, within, ping: () => ping(asyncScheduler.now()) }),
          keepSubscribed(wanted, itickSubscribing),
        ),
    );
  };
