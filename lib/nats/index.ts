export { hostFeed, type HostOptions, type HostState } from './hostFeed.js';
export { joinFeed, type JoinOptions } from './joinFeed.js';
