export type {
  Backfilled,
  BackfillProof,
  CaughtUp,
  Connected,
  Disconnected,
  Diverged,
  FeedEvent,
  FeedEventKind,
  Lagging,
  Latency,
  Line,
  LinkEvent,
  Recovered,
  Refused,
  StandbyLost,
  Subscribed,
  Switched,
  SwitchReason,
  Undecodable,
  Unexpected,
  Unsubscribed,
} from './model/feedEvent.js';
export { feedNameOf, isLinkEvent, isMarketEvent } from './model/feedEvent.js';
export type {
  Bbo,
  Depth,
  Kline,
  Level,
  MarketEvent,
  MarketFacts,
  Quote,
  QuoteStatus,
  RollingFigures,
  SizeUnit,
  Trade,
  TradingPhase,
} from './model/marketEvent.js';
export type { DepthSequence } from './model/sequence.js';
// By a star, as TypeScript adds declarations of others only to what is exported so.
export * from './model/ownEvents.js';
export {
  AuthTimeout,
  ConnectionLost,
  ConnectTimeout,
  FeedInUse,
  HandshakeRefused,
  HeartbeatMissed,
  SequenceGap,
  InvalidOption,
  InvalidTopic,
  KickedRepeatedly,
  TokenUnavailable,
  Unauthorized,
  type FeedError,
} from './model/errors.js';
export { flattenError, reviveError, type FeedErrorData, type OtherErrorData } from './model/errorData.js';
export {
  HistoryRefused,
  HistoryUnavailable,
  isHistoryRefused,
  isHistoryUnavailable,
  type HistoryRefusal,
} from './history/errors.js';
export type { History, HistoryQuery, TradesQuery } from './history/History.js';
export { polled, type PolledOptions } from './history/polled.js';
export type { HistoryAnswer, HistoryFetch, HistoryRequest } from './history/HistoryFetch.js';
export type { Capabilities, Evidence } from './model/capabilities.js';
export type { Gap } from './model/link.js';
export { bucketing, nextBucket, type Bucket } from './model/calendar/bucketing.js';
export type { Calendar, TradingSpan } from './model/calendar/Calendar.js';
export type { CalendarChoice } from './model/calendar/CalendarChoice.js';
export { calendarOf, calendars } from './model/calendar/calendars.js';
export type { Span } from './model/calendar/sessionDays.js';
export { isOpen, tradingTime } from './model/calendar/tradingTime.js';
export { withHolidays, type Holidays } from './model/calendar/withHolidays.js';
export { isFeedError, isRecoverable } from './model/isRecoverable.js';
export { askOrd, bidOrd, gapOrd, gapSemigroup, levelEq, topicEq } from './model/instances.js';
export { intervals, isInterval, type Interval } from './model/interval.js';
export { isLevel } from './model/level.js';
export { klineSemigroup } from './model/kline.js';
export type { Backoff } from './model/outage.js';
export { canonicalSymbol, parseSymbol, type SymbolParts } from './model/symbol.js';
export {
  bbos,
  depths,
  klines,
  quotes,
  topicKey,
  trades,
  type Channel,
  type Symbols,
  type Topic,
} from './model/topic.js';
export type { ConsolidatedBook, ConsolidatedLevel, SourceSize } from './operators/depth/ConsolidatedBook.js';
export type { BookChanges, BookSide, LevelChange } from './operators/depth/BookChanges.js';
export { consolidateDepth } from './operators/depth/consolidateDepth.js';
export { keepBook, type BookKeeper, type OrderBook, type OrderBookOptions } from './operators/depth/keepBook.js';
export { keepConsolidated, type ConsolidateOptions, type Consolidation } from './operators/depth/keepConsolidated.js';
export type { LadderView } from './operators/depth/LadderView.js';
export { imbalance, microprice, mid, spread, type Sides, type Touch } from './operators/depth/measures.js';
export { mutableBook, type MutableBook } from './operators/depth/mutableBook.js';
export { orderBook } from './operators/depth/orderBook.js';
export { sweepCost, type Sweep, type SweepCost } from './operators/depth/sweepCost.js';
export { topOfBook } from './operators/depth/topOfBook.js';
export { klinesOf, type KlinesOfOptions } from './operators/klinesOf.js';
export { addOrReplace, type KlineChange } from './operators/klines/addOrReplace.js';
export { chartBars, type ChartBar } from './operators/klines/chartBars.js';
export { chartEdits, type ChartEdit, type ChartEditOptions, type ChartSpace } from './operators/klines/chartEdits.js';
export type { CountedInterval, CountedLength, CountedOptions } from './operators/klines/boundary.js';
export type { KlineOptions } from './operators/klines/KlineOptions.js';
export { onceClosed } from './operators/klines/onceClosed.js';
export { resampleKlines } from './operators/klines/resampleKlines.js';
export type { ResampleOptions } from './operators/klines/klineResampler.js';
export { toKlines } from './operators/klines/toKlines.js';
export { backfill } from './operators/backfill/backfill.js';
export type { BackfillOptions } from './operators/backfill/BackfillOptions.js';
export { recoverTrades, type RecoverTradesOptions } from './operators/recoverTrades/recoverTrades.js';
export { watchLag, type WatchLagOptions } from './operators/watchLag.js';
export { gaps } from './operators/gaps.js';
export { feedHealth, type FeedHealthOptions } from './operators/health/feedHealth.js';
export type {
  BufferHealth,
  CountedLoss,
  CountedSwitch,
  Delay,
  Health,
  HealthFigures,
  HealthOptions,
  OneFeedHealth,
  Outcomes,
  VolumeByUnit,
} from './operators/health/Health.js';
export type { HealthEvent } from './operators/health/healthFold.js';
export { linkState, type LinkState } from './operators/linkState.js';
export { ofKind, type OfKind } from './operators/ofKind.js';
export type { WithLink, WithoutLink } from './operators/WithLink.js';
export { ofSymbol } from './operators/ofSymbol.js';
export {
  keepStaleness,
  type LinkStaleness,
  type Staleness,
  type StalenessKeeper,
  type SymbolStaleness,
} from './operators/staleness/keepStaleness.js';
export { staleness } from './operators/staleness/staleness.js';
export type { AdaptiveSilence, StalenessOptions } from './operators/staleness/StalenessOptions.js';
export type { SymbolState } from './operators/staleness/symbolWatch.js';
export { keepTradable, type TradableKeeper } from './operators/tradable/keepTradable.js';
export type { Tradable, TradableOptions, TradableReason } from './operators/tradable/TradableOptions.js';
export { tradable } from './operators/tradable/tradable.js';
export { mergeQuotes } from './operators/throttling/mergeQuotes.js';
export { conflate, type Conflated, type ConflateOptions } from './operators/throttling/conflate.js';
export type { Beat } from './operators/throttling/beat.js';
export { bounded } from './operators/throttling/bounded.js';
export type { BoundedOptions } from './operators/throttling/BoundedOptions.js';
export type { DropPolicy } from './operators/throttling/boundedQueue.js';
export type { BufferEvent, Dropped, SlowConsumer, SlowConsumerCleared } from './operators/throttling/BufferEvent.js';
export { batchTrades, type BatchTradesOptions, type TradeBatch } from './operators/throttling/batchTrades.js';
export { perSymbol, type PerSymbolOptions } from './operators/perSymbol.js';
export { perConnection } from './operators/perConnection.js';
export { exponential, type ExponentialOptions } from './session/backoff.js';
export { race } from './standby/race.js';
export { standby } from './standby/standby.js';
export type { StandbyOptions } from './standby/StandbyOptions.js';
export { shareAcrossTabs, type TabsOptions } from './share/shareAcrossTabs.js';
export { shareFeed, type Feed, type MakeFeed, type SharedFeed, type ShareOptions } from './share/shareFeed.js';
export type { TabChannel, TabLocks, TabTools } from './share/tabs/TabTools.js';
