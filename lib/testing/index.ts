export { aDepth, aKline, aQuote, aTrade } from './builders.js';
export { fakeNetwork, type FakeConnection, type FakeNetwork, type FakeNetworkOptions } from './fakeNetwork.js';
export { marbles } from './marbles.js';
export { sameError } from './sameError.js';
export type { ContractStage, ContractVendor } from './contract/ContractStage.js';
export { feedContract, type Clause } from './contract/feedContract.js';
export { provenLive, provenVirtually } from './contract/proven.js';
