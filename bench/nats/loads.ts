import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNats } from '../../spec/nats/natsServer.js';
import { endAll, isOwner, line, start, until, type Child } from './processes.js';

/** How long a new process waits for all last values. */
export const late = async (topics: number): Promise<void> => {
  const server = await startNats();
  const base = { nats: server.url, name: 'many', topics } as const;
  start({ ...base, role: 'host', rate: 5_000 });
  const first = start({ ...base, role: 'join' });
  await until(() => first.last('whole') !== undefined, 20_000);
  const waits: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    const joiner = start({ ...base, role: 'join' });
    await until(() => joiner.last('whole') !== undefined, 20_000);
    waits.push(Number(joiner.last('whole')?.['after']));
    joiner.process.kill('SIGKILL');
  }
  line(`${topics} last values for a late joiner, at 5,000 events a second`, waits);
  await endAll(server);
};

/** Twenty joiners in four processes: whether all is equal, and what it costs. */
export const load = async (seconds: number): Promise<void> => {
  const server = await startNats();
  const base = { nats: server.url, name: 'busy', topics: 200 } as const;
  const host = start({ ...base, role: 'host', rate: 5_000 });
  await until(() => isOwner(host), 10_000);
  const joiners = Array.from({ length: 4 }, () => start({ ...base, role: 'join', joiners: 5 }));
  await sleep(5_000);
  const used = (child: Child): readonly [micros: number, events: number] => [
    Number(child.last('cpu')?.['micros']),
    Number(child.last('cpu')?.['events']),
  ];
  const all = [host, ...joiners];
  const before = all.map(used);
  await sleep(seconds * 1_000);
  const after = all.map(used);
  const costs = all.map((_, n) => {
    const [micros, events] = [0, 1].map((i) => (after[n]?.[i as 0] ?? 0) - (before[n]?.[i as 0] ?? 0));
    return { each: (micros ?? 0) / (events ?? 1), rate: (events ?? 0) / seconds };
  });
  console.log(
    `  owner: ${costs[0]?.each.toFixed(1) ?? ''} µs CPU an event at ${costs[0]?.rate.toFixed(0) ?? ''} a second`,
  );
  console.log(
    `  joiners: ${costs
      .slice(1)
      .map(({ each, rate }) => `${each.toFixed(1)} µs at ${rate.toFixed(0)} a second (5 joiners)`)
      .join(', ')}`,
  );
  const lost = joiners.reduce((sum, joiner) => sum + Number(joiner.last('cpu')?.['lost']), 0);
  const cuts = joiners.flatMap((joiner) => joiner.lines.filter(({ kind }) => kind === 'cut'));
  console.log(`  lost: ${lost}; gaps: ${cuts.length}${cuts.length > 0 ? ` (${String(cuts[0]?.['cause'])})` : ''}`);
  console.log(
    `  renewals: the owner had ${host.lines.filter(({ role }) => role === 'owner').length > 0 && host.last('state')?.['role'] === 'owner' ? 'its lease all the time' : 'lost its lease'}`,
  );
  await endAll(server);
};

/** CPU of a plain `shareFeed`, of an owner with one joiner, and of one without. */
export const idle = async (seconds: number): Promise<void> => {
  const server = await startNats();
  const base = { nats: server.url, name: 'idle', topics: 200 } as const;
  const cost = async (child: Child): Promise<string> => {
    await sleep(3_000);
    const from = child.last('cpu');
    await sleep(seconds * 1_000);
    const to = child.last('cpu');
    const micros = Number(to?.['micros']) - Number(from?.['micros']);
    const events = Number(to?.['events']) - Number(from?.['events']);
    return `${(micros / seconds / 1_000).toFixed(1)} ms CPU a second${events > 0 ? `, ${(micros / events).toFixed(2)} µs an event` : ''}`;
  };
  const plain = start({ ...base, role: 'share', rate: 5_000 });
  console.log(`  plain shareFeed: ${await cost(plain)}`);
  plain.process.kill('SIGKILL');
  const host = start({ ...base, role: 'host', rate: 5_000 });
  console.log(`  owner without joiners: ${await cost(host)}`);
  start({ ...base, role: 'join' });
  console.log(`  owner with one: ${await cost(host)}`);
  await endAll(server);
};

/** What many symbols take: memory of the server, the owner and a joiner, and the wait of a late joiner. */
export const sizes = async (topics: number): Promise<void> => {
  const server = await startNats();
  const base = { nats: server.url, name: 'many', topics } as const;
  const host = start({ ...base, role: 'host', rate: 5_000 });
  const joiner = start({ ...base, role: 'join' });
  await until(() => joiner.last('whole') !== undefined, 60_000);
  await sleep(5_000);
  const second = start({ ...base, role: 'join' });
  await until(() => second.last('whole') !== undefined, 60_000);
  const nats = await connect({ servers: server.url });
  const { state } = await (await jetstreamManager(nats)).streams.info('rxtape-last');
  await nats.close();
  const memory = (child: Child): string => `${(Number(child.last('cpu')?.['memory']) / 2 ** 20).toFixed(0)} MiB`;
  console.log(
    `  ${topics} topics at 5,000 events a second: ${state.messages} last values of ${(state.bytes / 2 ** 20).toFixed(1)} MiB in the server, the owner's process has ${memory(host)}, a joiner's ${memory(joiner)}`,
  );
  line('all last values for a late joiner', [Number(second.last('whole')?.['after'])]);
  await endAll(server);
};
