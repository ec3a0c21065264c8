import type { Capabilities } from '../../model/capabilities.js';

/**
 * What can be detected with iTick: trades have a cumulative volume only where `tickVolume` is `cumulative`, as for stocks, and
 * depth mostly has no stamp.
 */
export const itickCapabilities: Capabilities = {
  provider: 'itick',
  channels: { trade: 'figures', quote: 'figures', depth: 'none', kline: 'none' },
  link: 'pong',
  stamps: true,
};
