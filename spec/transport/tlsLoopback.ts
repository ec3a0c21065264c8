import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as plainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

/** Certificates that were made for these specs: all of one key, valid from 2020 to 2120, but the expired one. */
export type Certificate = 'localhost' | 'otherName' | 'expired' | 'selfSigned';

const folder = join(__dirname, 'certificates');

export const pemOf = (name: Certificate | 'ca' | 'key'): string => readFileSync(join(folder, `${name}.pem`), 'utf8');

/** A server on a port of loopback whose WebSockets say `greeting` first. */
export interface Listening {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Serves WebSockets over TLS, or without it; `chain` goes behind the certificate. */
export const serving = async (certificate: Certificate | 'none', greeting = '', chain = ''): Promise<Listening> => {
  const server: Server =
    certificate === 'none' ? plainServer() : createServer({ key: pemOf('key'), cert: pemOf(certificate) + chain });
  const lines = new Set<Socket>();
  server.on('connection', (line: Socket) => lines.add(line));
  new WebSocketServer({ server }).on('connection', (ws) => ws.send(greeting));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      lines.forEach((line) => line.destroy());
      server.close();
      await once(server, 'close');
    },
  };
};
