import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from './atEnd.js';

const BINARY = 'nats-server';

/** A real server with JetStream and a store of its own. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once. `forget` takes its store away too. */
  readonly stop: (forget?: boolean) => Promise<void>;
  /** Starts it again on the same port, with the store that is there. */
  readonly start: () => Promise<void>;
}

/** What ends each server: a spec that fails before it stops its own must not leave it. */
const servers = new Set<() => void>();
atEnd(() => servers.forEach((end) => end()));

/** `config` are lines of its configuration file's syntax, given by `-c`. */
export const startNats = async (config?: (port: number) => string): Promise<NatsServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'rxtape-nats-'));
  const port = await freePort();
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const words = ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', join(folder, 'store')];
    if (config) {
      const file = join(folder, 'nats.conf');
      writeFileSync(file, config(port));
      words.push('-c', file);
    }
    server = spawn(BINARY, words, { stdio: 'ignore' });
    await answering(port);
  };
  const stop = async (forget = false): Promise<void> => {
    if (server) {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
      server = undefined;
    }
    if (forget) rmSync(join(folder, 'store'), { recursive: true, force: true });
  };
  servers.add(() => server?.kill('SIGKILL'));

  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    start,
    stop: async (forget) => {
      await stop(forget);
      if (forget !== false && forget !== true) rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const answering = async (port: number): Promise<void> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = dial(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(25);
  }
  throw new Error(`nats-server does not answer on port ${port}`);
};
