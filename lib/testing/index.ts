export { aBbo, aDepth, aKline, aQuote, aTrade } from './builders.js';
export { fakeNetwork, type FakeConnection, type FakeNetwork, type FakeNetworkOptions } from './fakeNetwork.js';
export { marbles, type MarketHelpers } from './marbles.js';
export type { DrawFeed, FeedValue, FeedValues, MarbleFeed, MarketValue } from './feeds.js';
export { like, sameError, type Like, type Part } from './diff/values.js';
export {
  gapsIn,
  type Emitting,
  type Expectations,
  type GapFacts,
  type KlineTolerance,
  type MatcherResult,
} from './matchers/checks.js';
export {
  assertEmitsEvents,
  assertEqualKlines,
  assertHasGap,
  matchers,
  type MarketMatchers,
} from './matchers/matchers.js';
export { scriptedVendor, type MarbleServer, type MarbleVendor } from './server/scriptedVendor.js';
export type {
  BinanceScript,
  ItickScript,
  ScriptedFetch,
  ScriptedVendor,
  TickflowScript,
  VendorAct,
  VendorScript,
  VendorScripts,
} from './server/Dialect.js';
export {
  delayBy,
  dropAfter,
  halfOpen,
  type DelayOptions,
  type DropOptions,
  type MomentOptions,
} from './faults/connectionFaults.js';
export { skewClock, slowConsumer, type SkewOptions, type SlowOptions } from './faults/feedFaults.js';
export {
  duplicate,
  garble,
  reorderWithin,
  truncateFrames,
  type ChanceOptions,
  type GarbleOptions,
  type ReorderOptions,
} from './faults/frameFaults.js';
export { faulty, type Direction, type Fault, type FaultOptions } from './faults/intercept.js';
export type { ContractCase, ContractStage, ContractVendor } from './contract/stage.js';
export { describeFeed, runLive, runVirtually, type TestRunner } from './contract/describeFeed.js';
export { feedContract } from './contract/feedContract.js';
