import { ignoreElements, merge, Observable, of, switchMap, tap } from 'rxjs';
import { isMarketEvent, type FeedEvent } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import { checkMaxSilence, joining, MAX_SILENCE } from '../nats/joining.js';
import type { End } from '../nats/wire.js';
import type { Control } from '../session/Control.js';
import { encoded } from '../session/encoded.js';
import { checkFeedOptions, checkUrl, type FeedOptions } from '../session/FeedOptions.js';
import { feedOver } from '../session/feedOf.js';
import { heartbeat } from '../session/heartbeat.js';
import { undecodable } from '../session/undecodable.js';
import type { Topics, WantedTopics } from '../session/wanted.js';
import type { Feed } from '../share/shareFeed.js';
import { isRepair } from '../share/topicMap.js';
import type { Platform } from '../transport/Platform.js';
import type { Session } from '../transport/Session.js';
import { twoLinks } from './twoLinks.js';
import { readSaid, writeWish, type Said } from './wire.js';

/** Which gateway is joined, and what is wanted of it. */
export interface GatewayOptions extends Pick<
  FeedOptions,
  'name' | 'backoff' | 'connectTimeout' | 'maxFrameBytes' | 'openSocket'
> {
  /** The address of the gateway, `wss://desk.example.org/feed`. It holds no credential; a cookie or `openSocket` brings one. */
  readonly url: string;
  /** What is wanted: a list, or an Observable of lists, each of which replaces the one before. */
  readonly topics: Topics;
  /**
   * Milliseconds without a word of the gateway after which it is taken for dead. It beats each second.
   *
   * @defaultValue 3,000
   */
  readonly maxSilence?: number | undefined;
}

const PROVIDER = 'gateway';

/** What the gateway said, on its way past what is done with the events of a vendor. */
interface Heard {
  readonly kind: 'heard';
  readonly said: Exclude<Said, { readonly kind: 'events' }> | { readonly kind: 'event'; readonly event: FeedEvent };
}

/** The `joinFeed` of a platform. */
export const joinFeedOver = (platform: Platform): ((options: GatewayOptions) => Feed) => {
  const connect = feedOver(platform);
  return (options) => {
    const { topics, maxSilence = MAX_SILENCE, name = PROVIDER, ...rest } = options;
    checkFeedOptions(options);
    const endpoint = checkUrl(options.url);
    checkMaxSilence(maxSilence, 'gateway');
    const joined = (topics$: Observable<readonly Topic[]>): Feed =>
      new Observable((subscriber) => {
        const link = twoLinks();
        const settings = { ...rest, name, provider: PROVIDER, topics: topics$, endpoint, connectAttempts: Infinity };
        const heard$ = connect(settings, ({ wanted, connect: open }) =>
          open().pipe(
            encoded(decoder(link.heard), writeWish),
            heartbeat({ within: maxSilence, watchSilence: true }),
            asking(wanted),
          ),
        );
        const emit = (event: FeedEvent): void => subscriber.next(event);
        const finish = (end: End): void => ('failed' in end ? subscriber.error(end.failed) : subscriber.complete());
        const hear = ({ said }: Heard): void => {
          switch (said.kind) {
            case 'event':
              return link.told(said.event).forEach(emit);
            case 'beat':
              return link.beat(said.at);
            case 'gap':
              return link.gap(said.lost, said.from).forEach(emit);
            case 'end':
              return finish(said.end);
          }
        };
        return heard$.subscribe({
          next: (event) => {
            if (event.kind === 'heard') hear(event);
            else if (event.kind === 'connected' || event.kind === 'disconnected') link.own(event).forEach(emit);
            else emit(event);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
      });
    return joining(joined, topics);
  };
};

type Message = FeedEvent | Heard | Control;

/** Data go the way of a vendor's, so that they prove a session and are dropped when nothing asks for them. */
const decoder =
  (heard: (at: number) => void) =>
  (frame: string, receivedAt: number): Message | readonly Message[] => {
    const said = readSaid(frame);
    if (said === undefined) return undecodable(PROVIDER, frame, ['it is no message of this version'], receivedAt);
    heard(receivedAt);
    if (said.kind !== 'events') return { kind: 'heard', said };
    const { events, problems } = said.batch;
    const messages = events.map((event): Message =>
      isMarketEvent(event) && !isRepair(event) ? event : { kind: 'heard', said: { kind: 'event', event } },
    );
    return problems.length === 0 ? messages : [...messages, undecodable(PROVIDER, frame, problems, receivedAt)];
  };

/** Says all that is wanted, at once and at each change. */
const asking = ({ topics$ }: WantedTopics) =>
  switchMap((session: Session<Message, readonly Topic[]>): Observable<Session<Message, never>> => {
    const asked$ = topics$.pipe(
      tap((topics) => session.send(topics)),
      ignoreElements(),
    );
    return merge(of(session), asked$);
  });
