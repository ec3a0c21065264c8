export { injectEvents, type InjectEvents, type WatchedTopics, type WatchOptions } from './injectEvents.js';
export { injectFeed } from './injectFeed.js';
export { injectLink } from './injectLink.js';
export type { LinkState } from './LinkState.js';
export type { Pace } from './paced.js';
export type { ProvidedFeed, WatchableFeed } from './ProvidedFeed.js';
export { provideFeed, type ProvideFeedOptions } from './provideFeed.js';
