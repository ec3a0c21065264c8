import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';

interface Level {
  readonly v: number;
  readonly o: number;
}

/** A row of market data of either vendor, as far as specs look into it. */
export interface Row {
  readonly type: string;
  readonly s: string;
  readonly r?: string;
  readonly t: number;
  readonly ld: number;
  readonly v: number;
  readonly d: number;
  readonly te: number;
  readonly ch: number;
  readonly chp: number;
  readonly a: readonly Level[];
  readonly b: readonly Level[];
  readonly k?: unknown;
  readonly params?: unknown;
  readonly symbol: string;
  readonly volume: number;
  readonly ext: { readonly change_pct: number; readonly amplitude: number };
  readonly bid_prices: readonly number[];
  readonly ask_volumes: readonly number[];
}

export interface Frame {
  readonly code?: number;
  readonly resAc?: string;
  readonly op?: string;
  readonly type?: string;
  readonly data?: Row;
}

/** The rows of a frame whose `data` is an array. */
export const rowsOf = ({ data }: Frame): readonly Row[] => data as unknown as readonly Row[];

/** Keys in order, with the type of each value: the shape of a sample. */
export const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? [shapeOf(value[0])]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)])
      : typeof value;

/** A bare `ws` client: keeps every frame until somebody asks for it. */
export interface RawClient {
  readonly ws: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: object | string): void;
  /** The next text frame, as sent. */
  text(): Promise<string>;
  /** The next text frame, parsed. */
  next(): Promise<Frame>;
  /** Skips frames until one fits. */
  until(fits: (message: Frame) => boolean): Promise<Frame>;
  /** Every frame that came and was not asked for; empties the queue. */
  rest(): Frame[];
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
  const next = async (): Promise<Frame> => JSON.parse(await text()) as Frame;
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
    rest: () => queue.splice(0).map((frame) => JSON.parse(frame) as Frame),
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
