import { asyncScheduler, type Observable } from 'rxjs';
import type { FeedEvent } from '../../model/feedEvent.js';
import { stampRule } from '../../model/stamps.js';
import { authenticate } from '../../session/authenticate.js';
import { encoded } from '../../session/encoded.js';
import { events } from '../../session/events.js';
import { feedOf } from '../../session/feedOf.js';
import { heartbeat } from '../../session/heartbeat.js';
import { keepSubscribed } from '../../session/keepSubscribed.js';
import { defaultKickRules } from '../../session/kicks.js';
import { messages } from '../../session/messages.js';
import { perFeed } from '../../session/perFeed.js';
import { redacting } from '../../session/redacting.js';
import { connectOver } from '../../transport/connect.js';
import type { Platform } from '../../transport/Platform.js';
import { codeThree } from './codeThree.js';
import { frameDecoder } from './decodeFrame.js';
import { itickSettings, type ItickOptions } from './options.js';
import { PROVIDER } from './protocol.js';
import { encodeRequest, itickSubscribing, login, ping, verdictOf } from './requests.js';
import { spellingOf } from './symbols.js';

/** The `itick` factory of a platform. */
export const itickOver =
  (platform: Platform) =>
  (options: ItickOptions): Observable<FeedEvent> => {
    const { feed, endpoint, auth, connections, every, within, meaning, check, ...reading } = itickSettings(
      options,
      platform,
    );
    const { token, authTimeout, assumeLogin } = options;
    const connect = connectOver(platform);
    const memoryOf = perFeed((wish) => ({ stamps: stampRule(), three: codeThree(meaning, wish) }));

    return feedOf(
      {
        ...options,
        name: feed,
        provider: PROVIDER,
        check,
        credential: token,
        endpoint,
        connections,
        kicks: defaultKickRules,
        platform,
      },
      (wish, secret, opening) => {
        const redact = redacting(secret);
        const url = auth === 'query' ? `${endpoint}?token=${encodeURIComponent(secret)}` : endpoint;
        const headers = auth === 'header' ? { token: secret } : {};
        return connect(url, { ...options, headers, redact }).pipe(
          opening,
          encoded(
            frameDecoder({ feed, spell: spellingOf(wish, redact), ...reading, ...memoryOf(wish), redact }),
            encodeRequest,
          ),
          authenticate({
            login: auth === 'message' ? () => login(secret) : undefined,
            verdict: verdictOf,
            within: authTimeout,
            assume: assumeLogin,
          }),
          heartbeat({ every, within, ping: () => ping(asyncScheduler.now()) }),
          keepSubscribed(wish, itickSubscribing),
          messages(),
          events(wish),
        );
      },
    );
  };
