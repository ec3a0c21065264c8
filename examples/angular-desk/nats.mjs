import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The feeds that the server carries, by their names. */
export const names = ['itick', 'tickflow', 'binance'];

/** Milliseconds that the server has to start. */
const PATIENCE = 10_000;

/**
 * Starts a nats-server of this desk's own, on loopback, with a store that goes with it.
 *
 * `host` is what a connection of this process takes, `pageUrl` the address for pages, with a user that can only read.
 * `stop()` and `start()` are an outage, with the store that is there; `close()` ends it.
 */
export const startNats = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rxtape-desk-nats-'));
  const file = join(folder, 'nats.conf');
  const [port, webPort] = await freePorts(2);
  const [hostPass, readerPass] = [randomUUID(), randomUUID()];
  writeFileSync(file, config({ port, webPort, store: join(folder, 'store'), hostPass, readerPass }), { mode: 0o600 });
  let server;
  let ended;

  const end = () => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const start = async () => {
    server = await spawned(file);
    // Kept, as Ctrl+C in a terminal ends it before us.
    ended = once(server, 'exit');
    const failed = ended.then(() => Promise.reject(new Error('nats-server has ended')));
    await Promise.race([failed, listening(webPort)]);
  };
  const stop = async () => {
    server.kill('SIGKILL');
    await ended;
  };

  process.once('exit', end);
  try {
    await start();
  } catch (error) {
    end();
    throw error;
  }
  return {
    host: { servers: `nats://127.0.0.1:${port}`, user: 'host', pass: hostPass },
    pageUrl: `ws://reader:${readerPass}@127.0.0.1:${webPort}`,
    start,
    stop,
    close: async () => {
      process.off('exit', end);
      await stop();
      end();
    },
  };
};

/**
 * A page may read the feeds, and say what it wants of them; see docs/beyond-one-process.md. JSON is a form of the language
 * of the server.
 */
const config = ({ port, webPort, store, hostPass, readerPass }) => {
  const publish = names.flatMap((name) => [
    `$KV.rxtape-wishes.${name}.*`,
    `$JS.API.DIRECT.GET.rxtape-last.rxtape.v1.${name}.last.>`,
    `$JS.API.DIRECT.GET.KV_rxtape-owners.$KV.rxtape-owners.${name}`,
  ]);
  const subscribe = [...names.map((name) => `rxtape.v1.${name}.>`), '_INBOX_reader.>'];
  const users = [
    { user: 'host', password: hostPass },
    { user: 'reader', password: readerPass, permissions: { publish, subscribe } },
  ];
  return JSON.stringify({
    host: '127.0.0.1',
    port,
    jetstream: { store_dir: store },
    websocket: { host: '127.0.0.1', port: webPort, no_tls: true },
    authorization: { users },
  });
};

const spawned = async (file) => {
  // Debian keeps it where only root looks.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const server = spawn('nats-server', ['-c', file], { stdio: 'ignore', env });
  try {
    await once(server, 'spawn');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(
      'there is no nats-server: `apt-get install nats-server`, or take one from https://nats.io/download',
    );
  }
  return server;
};

const listening = async (port) => {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(25)) {
    // It answers a plain request with 400, which is an answer.
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error(`nats-server does not answer on port ${port}`);
};

const freePorts = async (count) => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
};
