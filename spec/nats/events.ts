import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import type { Connected, Disconnected } from '../../lib/model/feedEvent.js';
import type { Quote } from '../../lib/model/marketEvent.js';

const names = { provider: 'itick', feed: 'itick:stock' } as const;

export const quote = (receivedAt: number, symbol = 'AAPL.US'): Quote => ({
  kind: 'quote',
  ...names,
  symbol,
  time: receivedAt,
  receivedAt,
  last: receivedAt,
});

export const connected = (receivedAt: number, resumed?: Connected['resumed']): Connected => ({
  kind: 'connected',
  ...names,
  receivedAt,
  attempt: 1,
  resumed,
});

export const disconnected = (receivedAt: number, attempt = 1): Disconnected => ({
  kind: 'disconnected',
  ...names,
  receivedAt,
  cause: flattenError(new ConnectionLost(1006, 'gone')),
  attempt,
  retryAt: receivedAt,
});
