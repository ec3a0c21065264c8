import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { timer } from 'rxjs';
import type { Answer, Rest } from './rest.js';

/** A request for five thousand symbols takes 100 kB. */
const LONGEST_BODY = 2 ** 18;

/** A page of another origin may ask, with a credential of its own. */
const openToPages = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
};
const preflight = {
  ...openToPages,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'token, x-api-key, accept, content-type',
  'access-control-allow-private-network': 'true',
  'access-control-max-age': '600',
};

/** A client may send anything as its path: what makes no URL must not end the process. */
export const urlOf = (path = ''): URL | undefined => {
  try {
    return new URL(`ws://127.0.0.1/${path.replace(/^\/+/u, '')}`);
  } catch {
    return undefined;
  }
};

/** Answers plain requests: those of a vendor's REST interface, and any other with 404. */
export const serveRest =
  (vendors: readonly Rest[]): RequestListener =>
  (request, response) => {
    respond(vendors, request, response).catch(() => response.destroy());
  };

const respond = async (vendors: readonly Rest[], request: IncomingMessage, response: ServerResponse): Promise<void> => {
  response.on('error', () => undefined);
  const url = urlOf(request.url);
  const vendor = url && vendors.find(({ serves }) => serves(url));
  if (vendor === undefined || url === undefined) {
    request.resume();
    return send(response, { status: 404, body: '{"code":"NOT_FOUND","message":"Not Found"}' });
  }
  const { method = 'GET', headers } = request;
  if (method === 'OPTIONS') return void response.writeHead(204, preflight).end();
  const body = await bodyOf(request);
  if (body === undefined) {
    const tooLarge = '{"code":"PAYLOAD_TOO_LARGE","message":"Payload Too Large"}';
    return send(response, { status: 413, headers: { connection: 'close' }, body: tooLarge });
  }
  const answer = vendor.answer({ method, url, headers, body, address: request.socket.remoteAddress ?? '' });
  if (answer === 'never') return;
  if (answer.delay === undefined) return send(response, answer);
  const wait = timer(answer.delay).subscribe(() => send(response, answer));
  response.on('close', () => wait.unsubscribe());
};

/** The text of a request; `undefined` as soon as it is too long. What still comes then is read and forgotten. */
const bodyOf = (request: IncomingMessage): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST_BODY) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });

const send = (response: ServerResponse, { status, headers, body, cut = false }: Answer): void => {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...openToPages,
    ...headers,
    'content-length': bytes.length,
  });
  if (cut) response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy());
  else response.end(bytes);
};
