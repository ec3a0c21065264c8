export { aDepth, aKline, aQuote, aTrade } from './builders.js';
export { marbles } from './marbles.js';
export { sameError } from './sameError.js';
