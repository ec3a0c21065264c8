import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';

type Json = Record<string, any>;

/** A bare `ws` client: keeps every frame until somebody asks for it. */
export interface RawClient {
  readonly ws: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: Json | string): void;
  /** The next text frame, as sent. */
  text(): Promise<string>;
  /** The next text frame, parsed. */
  next(): Promise<Json>;
  /** Skips frames until one fits. */
  until(fits: (message: Json) => boolean): Promise<Json>;
  /** Every frame that came and was not asked for; empties the queue. */
  rest(): Json[];
}

export const rawClient = async (url: string, options?: ClientOptions): Promise<RawClient> => {
  const ws = new WebSocket(url, options);
  const queue: string[] = [];
  let wake = (): void => undefined;
  ws.on('error', () => undefined);
  ws.on('message', (data: Buffer) => {
    queue.push(data.toString());
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(ws, 'open');
  const text = async (): Promise<string> => {
    while (queue.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return queue.shift()!;
  };
  const next = async (): Promise<Json> => JSON.parse(await text()) as Json;
  return {
    ws,
    closed,
    send: (message) => ws.send(typeof message === 'string' ? message : JSON.stringify(message)),
    text,
    next,
    until: async (fits) => {
      let message = await next();
      while (!fits(message)) message = await next();
      return message;
    },
    rest: () => queue.splice(0).map((frame) => JSON.parse(frame) as Json),
  };
};

/** Tries to connect and gives the HTTP answer of the refusal. */
export const refusedUpgrade = async (url: string): Promise<{ status?: number; retryAfter?: string; body: string }> => {
  const ws = new WebSocket(url);
  ws.on('error', () => undefined);
  const [, response] = (await once(ws, 'unexpected-response')) as [unknown, IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  ws.terminate();
  return {
    ...(response.statusCode !== undefined && { status: response.statusCode }),
    ...(response.headers['retry-after'] !== undefined && { retryAfter: response.headers['retry-after'] }),
    body: Buffer.concat(chunks).toString(),
  };
};
