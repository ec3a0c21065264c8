export { observeFeed, type ObserveFeedOptions } from './observeFeed.js';
