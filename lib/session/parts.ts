export { explain } from '../codec/explain.js';
export { guardOf, readerOf } from '../codec/reader.js';
export {
  restClient,
  type Ask,
  type Objection,
  type RestAnswer,
  type RestOptions,
  type RestQuery,
} from '../history/restClient.js';
export { isRecord } from '../codec/json.js';
export { numeric, optional } from '../codec/fields.js';
export { defaultKickRules, type Backoff, type KickRules } from '../model/outage.js';
export { stampRule, type StampRule } from '../model/stamps.js';
export type { NodeSocketOptions, Pem } from '../transport/NodeSocketOptions.js';
export type { PageState, Platform } from '../transport/Platform.js';
export type { Sends, Session } from '../transport/Session.js';
export type { OpenSocket, Refusal, SocketLike, SocketOptions } from '../transport/SocketLike.js';
export { connectOver, type ConnectOptions } from '../transport/connect.js';
export { authenticate, type AuthenticateOptions } from './authenticate.js';
export { exponential, type ExponentialOptions } from './backoff.js';
export { chunks } from './chunks.js';
export type { Control } from './Control.js';
export { checkCredential, credential$, type Credential } from './credential.js';
export { encoded, type Decode, type Encode } from './encoded.js';
export { events } from './events.js';
export { checkConnections, checkFeedOptions, checkOneOf, checkUrl, type FeedOptions } from './FeedOptions.js';
export { feedOver, type Attempt, type FeedSettings } from './feedOf.js';
export { heartbeat, type HeartbeatOptions } from './heartbeat.js';
export { keepSubscribed, type SubscribeProtocol, type TopicNews } from './keepSubscribed.js';
export type { Answer, Command, CommandRules } from './ledger.js';
export { messages, type Ready } from './messages.js';
export type { Probe } from './detectRefusal.js';
export { perFeed } from './perFeed.js';
export { connectionSlot, type ConnectionSlot } from './connectionSlot.js';
export { reconnect, type ReconnectOptions } from './reconnect.js';
export { redacting } from './redacting.js';
export { resync, type ResyncOptions } from './resync.js';
export { rotating } from './rotate.js';
export type { Rotated, Rotation, RotationOptions } from './Rotation.js';
export { sharding, type Sharding, type ShardingOptions } from './sharding.js';
export { scrubbing, type Scrub } from './scrub.js';
export type { Rate } from './sends.js';
export { undecodable, type Problems, type Redact } from './undecodable.js';
export { withVendorTime } from './vendorTime.js';
export { whileWanted, type Rejection, type Topics, type WantedTopics } from './wanted.js';
