/**
 * What `rxtape/nats` promises, on a real server, with real processes that are really killed.
 *
 *     npm run prove:nats                       all of it, some ten minutes
 *     npm run prove:nats -- kills losses       one by one: kills, freezes, losses, late, load, idle, sizes
 */
import { connect, type Msg } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { setTimeout as sleep } from 'node:timers/promises';
import { share } from 'rxjs';
import { gaps, quotes, type FeedEvent, type Gap } from '../../lib/index.js';
import { joinFeed } from '../../lib/nats/index.js';
import { startSimulator } from '../../lib/simulator/index.js';
import { lossy } from '../../spec/nats/lossy.js';
import { startNats } from '../../spec/nats/natsServer.js';
import type { Job } from './child.js';
import { idle, late, load, sizes } from './loads.js';
import { children, isOwner, line, start, until } from './processes.js';

const TOKEN = 'tell-nobody-2abf6c0';
const LEASE = 3_000;
const symbols = ['600000.SH', '600001.SH', '600002.SH', '600003.SH'];

const stage = async () => {
  const server = await startNats();
  const vendor = await startSimulator({ speed: 10, itick: { token: TOKEN } });
  let most = 0;
  vendor.itick.live$.subscribe((live) => (most = Math.max(most, live)));
  const nats = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  let seen = 0;
  let found = 0;
  nats.subscribe('>', {
    callback: (_, message: Msg) => {
      seen += 1;
      if (`${message.subject} ${message.string()}`.includes(TOKEN)) found += 1;
    },
  });
  const searchStore = async (): Promise<void> => {
    const manager = await jetstreamManager(nats);
    for await (const { config } of manager.streams.list()) {
      const info = await manager.streams.info(config.name, { subjects_filter: '>' });
      for (const subject of Object.keys(info.state.subjects ?? {})) {
        const stored = await manager.streams.getMessage(config.name, { last_by_subj: subject });
        seen += 1;
        if (`${subject} ${stored?.string() ?? ''}`.includes(TOKEN)) found += 1;
      }
    }
  };
  return {
    server,
    vendor,
    nats,
    most: () => most,
    host: (more: Partial<Job> = {}) =>
      start({
        role: 'host',
        nats: server.url,
        name: 'us',
        lease: LEASE,
        vendor: vendor.url,
        token: TOKEN,
        topics: 0,
        ...more,
      }),
    close: async () => {
      await searchStore();
      console.log(`  the token was searched in ${seen} subjects and messages, and found ${found} times`);
      for (const child of children) child.kill('SIGKILL');
      await nats.close();
      await vendor.close();
      await server.stop();
    },
  };
};

/** What one joiner in this process hears. */
const listen = (nats: Parameters<typeof joinFeed>[0]['nats']) => {
  const events: FeedEvent[] = [];
  const found: Gap[] = [];
  const feed$ = joinFeed({ nats, name: 'us', topics: quotes(...symbols) }).pipe(share());
  const work = feed$.pipe(gaps()).subscribe((gap) => found.push(gap));
  let count = 0;
  work.add(
    feed$.subscribe((event) => {
      if (event.kind === 'quote') count += 1;
      else events.push(event);
    }),
  );
  return { events, gaps: found, count: () => count, leave: () => work.unsubscribe() };
};

const takeovers = async (times: number, signal: 'SIGKILL' | 'SIGSTOP'): Promise<void> => {
  const set = await stage();
  let hosts = [set.host(), set.host()];
  await until(() => hosts.some(isOwner), 10_000);
  const joiners = await Promise.all([1, 2, 3].map(async () => listen(await connect({ servers: set.server.url }))));
  const hear = async (): Promise<void> => {
    const before = joiners.map(({ count }) => count());
    await until(() => joiners.every(({ count }, n) => count() > (before[n] ?? 0) + 8), 15_000);
  };
  await hear();
  for (let n = 1; n <= times; n += 1) {
    const owner = hosts.find(isOwner);
    const others = hosts.filter((host) => host !== owner);
    owner?.process.kill(signal);
    await until(() => others.some(isOwner), 3 * LEASE);
    await until(() => joiners.every((joiner) => joiner.gaps.length >= n), 3 * LEASE);
    if (signal === 'SIGSTOP') {
      await sleep(3 * LEASE);
      owner?.process.kill('SIGCONT');
      await until(() => owner?.last('state')?.['role'] === 'standby', LEASE);
    } else hosts = [...others, set.host()];
    await until(() => hosts.every((host) => host.last('state') !== undefined), 30_000);
    await hear();
  }
  line(
    `${signal} of the owner, gaps of ${joiners.length} joiners`,
    joiners.flatMap((joiner) => joiner.gaps.map(({ from, to }) => to - from)),
  );
  console.log(
    `  gaps a joiner: ${joiners.map((joiner) => joiner.gaps.length).join(', ')} of ${times}; the vendor had ${set.most()} connection(s) at most, ${set.vendor.itick.accepted} in all`,
  );
  await set.close();
};

const losses = async (times: number): Promise<void> => {
  const set = await stage();
  set.host();
  const lost: { at: number; since: number }[] = [];
  let due = 0;
  const nats = await connect({ servers: set.server.url });
  const joiner = listen(
    lossy(nats, (message) => {
      if (due === 0 || !message.subject.includes('.live.')) return false;
      due -= 1;
      const [event] = message.json<readonly { readonly receivedAt: number }[]>();
      lost.push({ at: event?.receivedAt ?? NaN, since: performance.now() });
      return true;
    }),
  );
  await until(() => joiner.count() > 20, 10_000);
  const waits: number[] = [];
  let covered = 0;
  for (let n = 0; n < times; n += 1) {
    const before = joiner.gaps.length;
    due = 1;
    await until(() => due === 0, 20_000);
    const { at, since } = lost.at(-1) ?? { at: NaN, since: NaN };
    await until(() => joiner.gaps.length > before, 5_000);
    waits.push(performance.now() - since);
    if (joiner.gaps.slice(before).some(({ from, to }) => from <= at && at <= to)) covered += 1;
  }
  line('lost messages, until the gap is said', waits);
  const counted = joiner.events.reduce(
    (sum, event) => sum + (event.kind === 'connected' ? (event.resumed?.lost ?? 0) : 0),
    0,
  );
  console.log(`  ${covered} of ${times} lie in a gap; ${counted} events were said to be lost`);
  joiner.leave();
  await nats.close();
  await set.close();
};

const proofs: Readonly<Record<string, () => Promise<void>>> = {
  kills: () => takeovers(50, 'SIGKILL'),
  freezes: () => takeovers(5, 'SIGSTOP'),
  losses: () => losses(1_000),
  late: () => late(500),
  load: () => load(60),
  idle: () => idle(10),
  sizes: () => sizes(5_000),
};

const main = async (): Promise<void> => {
  const asked = process.argv.slice(2);
  for (const [name, proof] of Object.entries(proofs)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(name);
    await proof();
  }
  process.exit();
};

void main();
