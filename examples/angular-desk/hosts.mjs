import { connect } from '@nats-io/transport-node';
import { merge } from 'rxjs';
import { exponential } from 'rxtape';
import { itick } from 'rxtape/itick';
import { hostFeed } from 'rxtape/nats';
import { tickflow } from 'rxtape/tickflow';

const backoff = exponential({ cap: 5_000 });

/** Owns the sockets to both vendors, and sends what comes to all who joined. `close()` ends that. */
export const hostVendors = async ({ host, url, token, apiKey }) => {
  const nats = await connect({ ...host, maxReconnectAttempts: -1 });
  const hosting = merge(
    hostFeed({
      nats,
      name: 'itick',
      makeFeed: (topics) => itick({ url, token, market: 'stock', topics, backoff }),
    }),
    hostFeed({
      nats,
      name: 'tickflow',
      makeFeed: (topics) => tickflow({ url, apiKey, topics, backoff }),
    }),
  ).subscribe({ error: (error) => console.error('a host has ended:', error.message) });
  return {
    close: async () => {
      hosting.unsubscribe();
      await nats.close();
    },
  };
};
