import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** An HTTP answer to an upgrade that is not accepted. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter?: number | string;
  readonly body?: string;
}

/** Answers an upgrade with an HTTP status and a JSON body, and ends the connection. */
export const refuse = (socket: Duplex, { status, retryAfter, body }: Refusal): void => {
  const reason = STATUS_CODES[status] ?? 'Refused';
  const text = body ?? JSON.stringify({ code: reason.toUpperCase().replace(/\W+/gu, '_'), message: reason });
  socket.on('error', () => undefined);
  socket.end(
    [
      `HTTP/1.1 ${status} ${reason}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
      ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
      '',
      text,
    ].join('\r\n'),
  );
};
