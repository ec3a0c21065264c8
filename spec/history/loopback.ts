import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Runs a body against a real HTTP server of this machine. */
export const served = async (
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  body: (url: string) => Promise<void>,
): Promise<void> => {
  const server = createServer((request, response) => {
    let sent = '';
    request.on('data', (chunk: Buffer) => (sent += String(chunk)));
    request.on('end', () => answer(request, response, sent));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
};
