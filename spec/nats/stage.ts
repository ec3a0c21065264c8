import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Subscription, type Observable } from 'rxjs';
import type { HostState } from '../../lib/nats/index.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../lib/simulator/index.js';
import { startNats, type NatsServer } from './natsServer.js';
import { ownProcess } from './ownProcess.js';

/** Waits until something is true. It fails by the time limit of the spec, or its own. */
export const until = async (isSo: () => boolean, within = 15_000): Promise<void> => {
  const end = performance.now() + within;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** What a feed has said so far. */
export interface Listener {
  readonly events: FeedEvent[];
  readonly of: <K extends FeedEvent['kind']>(kind: K) => readonly Extract<FeedEvent, { readonly kind: K }>[];
  readonly ended: { error?: unknown; completed?: true };
  readonly leave: () => void;
}

export const listen = (feed$: Observable<FeedEvent>): Listener => {
  const events: FeedEvent[] = [];
  const ended: Listener['ended'] = {};
  const subscription = feed$.subscribe({
    next: (event) => events.push(event),
    error: (error: unknown) => (ended.error = error),
    complete: () => (ended.completed = true),
  });
  return {
    events,
    of: (kind) => events.filter((event): event is never => event.kind === kind),
    ended,
    leave: () => subscription.unsubscribe(),
  };
};

/** A host in a process of its own. */
export interface HostProcess {
  readonly child: ChildProcess;
  readonly states: readonly HostState[];
  /** The last thing it said, or how it ended. */
  readonly error: () => string | undefined;
  readonly isOwner: () => boolean;
  readonly kill: (signal: NodeJS.Signals) => void;
}

export interface Stage {
  readonly server: NatsServer;
  readonly vendor: Simulator;
  readonly connect: (options?: Parameters<typeof connect>[0]) => Promise<NatsConnection>;
  readonly host: (options?: HostSettings) => HostProcess;
  /** The most connections that the vendor had at once. */
  readonly most: () => number;
  readonly close: () => Promise<void>;
}

export interface HostSettings {
  readonly lease?: number;
  readonly token?: string;
  readonly name?: string;
}

/** A vendor, a NATS server, and what is started on them; all of it ends with `close`. */
export const stage = async (
  options: SimulatorOptions = {},
  config?: Parameters<typeof startNats>[0],
): Promise<Stage> => {
  const server = await startNats(config);
  const vendor = await startSimulator({ speed: 4, ...options });
  const connections: NatsConnection[] = [];
  const children: ChildProcess[] = [];
  const work = new Subscription();
  let most = 0;
  work.add(vendor.itick.live$.subscribe((live) => (most = Math.max(most, live))));

  return {
    server,
    vendor,
    connect: async (more = {}) => {
      const connection = await connect({
        servers: server.url,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 100,
        ...more,
      });
      connections.push(connection);
      return connection;
    },
    host: (settings = {}) => {
      const host = hostProcess({ nats: server.url, vendor: vendor.url, ...settings });
      children.push(host.child);
      return host;
    },
    most: () => most,
    close: async () => {
      work.unsubscribe();
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(connections.map((connection) => connection.close()));
      await vendor.close();
      await server.stop();
    },
  };
};

const hostProcess = (settings: HostSettings & { readonly nats: string; readonly vendor: string }): HostProcess => {
  const states: HostState[] = [];
  let error: string | undefined;
  const child = ownProcess('nats/hostProcess', settings, {
    line: (line) => states.push(JSON.parse(line) as HostState),
    error: (line) => (error = line),
  });
  let hasEnded = false;
  void once(child, 'exit').then(() => (hasEnded = true));
  return {
    child,
    states,
    error: () => error,
    isOwner: () => !hasEnded && states.at(-1)?.role === 'owner',
    kill: (signal) => child.kill(signal),
  };
};
