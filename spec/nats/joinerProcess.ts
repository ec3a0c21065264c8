import { connect } from '@nats-io/transport-node';
import { quotes } from '../../lib/model/topic.js';
import { joinFeed } from '../../lib/nats/index.js';

/** A joiner as a process of its own: it says what it hears, a line each. */
const run = async ({ nats: servers, symbol }: { readonly nats: string; readonly symbol: string }): Promise<void> => {
  const nats = await connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  joinFeed({ nats, name: 'us', topics: quotes(symbol) }).subscribe((event) => {
    const { kind, receivedAt } = event;
    const facts = kind === 'quote' ? { last: event.last } : kind === 'connected' ? { resumed: event.resumed } : {};
    console.log(JSON.stringify({ kind, receivedAt, ...facts }));
  });
};

void run(JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof run>[0]);
