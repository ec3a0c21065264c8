import type { Capabilities } from '../../model/capabilities.js';

/** What can be detected with TickFlow. Browsers hide its pings, so that silence alone shows a dead link there. */
export const tickflowCapabilities: Capabilities = {
  provider: 'tickflow',
  channels: { quote: 'figures', depth: 'none' },
  link: 'ping',
  stamps: true,
};
