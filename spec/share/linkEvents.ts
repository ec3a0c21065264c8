import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import type { Connected, Disconnected, Latency, Refused, Undecodable } from '../../lib/model/feedEvent.js';

const link = { provider: 'test', receivedAt: 0 } as const;

export const connected: Connected = { ...link, kind: 'connected', attempt: 1, resumed: undefined };
export const resumed: Connected = { ...connected, attempt: 2, resumed: { from: 1, to: 2 } };
export const disconnected: Disconnected = {
  ...link,
  kind: 'disconnected',
  cause: flattenError(new ConnectionLost(1006)),
  attempt: 1,
  retryAt: 500,
};
export const undecodable: Undecodable = { ...link, kind: 'undecodable', frame: '{', problems: ['not JSON'] };
export const latency: Latency = { ...link, kind: 'latency', roundTrip: 12 };
export const refused = (...topics: Refused['topics']): Refused => ({
  ...link,
  kind: 'refused',
  topics,
  reason: 'not in your plan',
});
