import { connect } from '@nats-io/transport-node';
import { merge } from 'rxjs';
import { exponential } from 'rxtape';
import { binance } from 'rxtape/binance';
import { itick } from 'rxtape/itick';
import { hostFeed } from 'rxtape/nats';
import { tickflow } from 'rxtape/tickflow';

const backoff = exponential({ cap: 5_000 });

/** Owns the sockets to the vendors, and sends what comes to all who joined. `coins` has the two addresses of Binance. `close()` ends that. */
export const hostVendors = async ({ host, url, token, apiKey, coins }) => {
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
    hostFeed({
      nats,
      name: 'binance',
      makeFeed: (topics) => binance({ ...coins, topics, levels: 100, backoff }),
    }),
  ).subscribe({ error: (error) => console.error('a host has ended:', error.message) });
  return {
    close: async () => {
      hosting.unsubscribe();
      await nats.close();
    },
  };
};
