import type { Capabilities } from '../../model/capabilities.js';

/** What can be detected with Binance: each missing trade and each missing update of a book. */
export const binanceCapabilities: Capabilities = {
  provider: 'binance',
  channels: { trade: 'ids', depth: 'sequence', quote: 'none', bbo: 'none', kline: 'none' },
  link: 'ping',
  stamps: true,
};
