export { aDepth, aKline, aQuote, aTrade } from './builders.js';
export { fakeNetwork, type FakeConnection, type FakeNetwork, type FakeNetworkOptions } from './fakeNetwork.js';
export { marbles } from './marbles.js';
export { sameError } from './sameError.js';
