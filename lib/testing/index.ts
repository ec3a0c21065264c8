export { aDepth, aKline, aQuote, aTrade } from './builders.js';
export { fakeNetwork, type FakeConnection, type FakeNetwork, type FakeNetworkOptions } from './fakeNetwork.js';
export { marbles, type MarketHelpers } from './marbles.js';
export type { FeedValue, MarketValue } from './anEvent.js';
export type { DrawFeed, FeedValues, MarbleFeed } from './feeds.js';
export { like, type Like, type Part } from './diff/like.js';
export { gapsIn, type Gap } from './matchers/gaps.js';
export type { Expectations } from './matchers/judgeEvents.js';
export type { KlineTolerance } from './matchers/judgeKlines.js';
export {
  assertEmitsEvents,
  assertEqualKlines,
  assertHasGap,
  matchers,
  type MarketMatchers,
} from './matchers/matchers.js';
export type { Emitting, Verdict } from './matchers/seen.js';
export type { MarbleServer, MarbleVendor } from './server/marbleServer.js';
export { scriptedVendor } from './server/scriptedVendor.js';
export type {
  ItickScript,
  ScriptedVendor,
  TickflowScript,
  VendorAct,
  VendorScript,
  VendorScripts,
} from './server/VendorScript.js';
export { sameError } from './sameError.js';
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
export type { ContractStage, ContractVendor } from './contract/ContractStage.js';
export { describeFeed, type TestRunner } from './contract/describeFeed.js';
export type { Clause } from './contract/Clause.js';
export { feedContract } from './contract/feedContract.js';
export { provenLive, provenVirtually } from './contract/proven.js';
