import { connect } from '@nats-io/transport-node';
import { hostFeed } from '../../lib/nats/index.js';
import { itick } from '../../lib/providers/itick/index.js';

/** A host as a process of its own: it says its states, a line each, and its error on stderr. */
interface Settings {
  readonly nats: string;
  readonly vendor: string;
  readonly lease?: number;
  readonly token?: string;
  readonly name?: string;
}

const run = async ({ nats: servers, vendor: url, lease, token = 'demo', name = 'us' }: Settings): Promise<void> => {
  const nats = await connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  hostFeed({
    nats,
    name,
    lease,
    makeFeed: (topics) => itick({ token, market: 'stock', topics, url, backoff: () => 50 }),
  }).subscribe({
    next: (state) => console.log(JSON.stringify(state)),
    error: (error: unknown) => {
      console.error(error instanceof Error ? error.constructor.name : String(error));
      process.exit(3);
    },
  });
};

void run(JSON.parse(process.argv[2] ?? '{}') as Settings);
