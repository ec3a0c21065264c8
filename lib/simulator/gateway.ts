import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { BehaviorSubject, interval, NEVER, Subscription, timer, type Observable } from 'rxjs';
import { WebSocketServer, type WebSocket } from 'ws';
import type { VendorControl } from './control.js';
import type { RefusalOptions } from './refusal.js';
import type { Change } from './market/instrument.js';
import type { Rest } from './rest/rest.js';
import type { RestControl } from './rest/restControl.js';

/** One connection, as a vendor's protocol sees it. */
export interface Peer {
  /** Sends a text frame; bytes are taken for UTF-8 text. */
  readonly send: (frame: string | Buffer) => void;
  /** Sends a Ping frame, with a payload where one is given; false when nothing was sent. */
  readonly ping: (payload?: string) => boolean;
  readonly close: (code?: number, reason?: string) => void;
  /** Ends the connection without a close frame. */
  readonly terminate: () => void;
  /** Ends with the connection; timers of the connection belong to it. */
  readonly life: Subscription;
}

/** What a protocol does with one connection. */
export interface Conversation {
  readonly receive: (text: string) => void;
  readonly pong?: (payload: string) => void;
  /** The client has sent a Ping frame; the gateway answers it. */
  readonly pinged?: () => void;
}

/** How a vendor talks. */
interface Protocol {
  /** The reason not to accept an upgrade. */
  readonly refusal: (url: URL) => RefusedUpgrade | undefined;
  readonly open: (peer: Peer, url: URL, request: IncomingMessage) => Conversation;
  /** A received frame without credentials. */
  readonly redact: (text: string) => string;
  readonly live: () => number;
  readonly topics: () => readonly string[];
  readonly kickCode: number;
  readonly rest: RestControl;
}

/** A vendor's door: upgrades go in, and all that is sent comes out through it. */
interface Gateway {
  readonly control: VendorControl;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer, url: URL) => void;
  /** Whatever is sent inside leaves in one write per connection. */
  readonly together: (publish: () => void) => void;
}

const COMMANDS_KEPT = 10_000;
/** Characters of all commands that are kept together; the oldest go first. */
const TEXT_KEPT = 2 ** 24;
/** A thousand symbols take 20 kB: a longer text is not a command, and would only cost time. */
const MAX_PAYLOAD = 2 ** 18;
const HALF_A_FRAME = Buffer.concat([Buffer.from([0x81, 0x7e, 0x01, 0x00]), Buffer.from('{"code":1,"data":{"s":"')]);

interface Connection {
  readonly ws: WebSocket;
  readonly socket: Duplex;
  readonly life: Subscription;
}

export const createGateway = ({ refusal, open, redact, live, topics, kickCode, rest }: Protocol): Gateway => {
  const server = new WebSocketServer({
    noServer: true,
    autoPong: false,
    clientTracking: false,
    maxPayload: MAX_PAYLOAD,
  });
  const lines = new Set<Connection>();
  const commands: string[] = [];
  let kept = 0;
  const live$ = new BehaviorSubject(0);
  let accepted = 0;
  let sent = 0;
  let muted = false;
  let limit = 8 * 2 ** 20;
  let refusing: { readonly status: number; readonly options: RefusalOptions; left: number } | undefined;

  const transmit = (ws: WebSocket, frame: string | Uint8Array, binary: boolean): void => {
    if (muted || ws.readyState !== ws.OPEN) return;
    ws.send(frame, { binary });
    sent += 1;
    if (ws.bufferedAmount > limit) ws.terminate();
  };

  const count = (): void => {
    if (live() !== live$.value) live$.next(live());
  };

  /** A connection that we end is no longer live, whenever the other side notices. */
  const end = (line: Connection, how: (line: Connection) => void): void => {
    how(line);
    line.life.unsubscribe();
    count();
  };
  const endAll = (how: (line: Connection) => void): void => lines.forEach((line) => end(line, how));

  const remember = (command: string): void => {
    commands.push(command);
    kept += command.length;
    if (commands.length <= 2 * COMMANDS_KEPT && kept <= TEXT_KEPT) return;
    let gone = Math.max(0, commands.length - COMMANDS_KEPT);
    kept = commands.slice(gone).reduce((sum, { length }) => sum + length, 0);
    for (; kept > TEXT_KEPT / 2; gone += 1) kept -= commands[gone]?.length ?? kept;
    commands.splice(0, gone);
  };

  const accept = (ws: WebSocket, socket: Duplex, url: URL, request: IncomingMessage): void => {
    const life = new Subscription();
    const peer: Peer = {
      send: (frame) => transmit(ws, frame, false),
      ping: (payload) => {
        if (!muted) ws.ping(payload);
        return !muted;
      },
      close: (code, reason) => {
        if (!muted) end(line, () => ws.close(code, reason));
      },
      terminate: () => ws.terminate(),
      life,
    };
    const line: Connection = { ws, socket, life };
    lines.add(line);
    accepted += 1;
    life.add(() => lines.delete(line));
    // A reset or a protocol error is always followed by 'close'; without a listener it would end the process.
    ws.on('error', () => undefined);
    ws.on('close', () => {
      life.unsubscribe();
      count();
    });
    const conversation = open(peer, url, request);
    count();
    ws.on('ping', (payload) => {
      if (!muted) ws.pong(payload);
      if (ws.bufferedAmount > limit) ws.terminate();
      if (!life.closed) conversation.pinged?.();
    });
    ws.on('pong', (payload) => {
      if (!life.closed) conversation.pong?.(payload.toString());
    });
    ws.on('message', (data: Buffer) => {
      try {
        const text = data.toString();
        remember(redact(text));
        // Frames still come in while a close is on its way out; they are not acted on.
        if (!life.closed) conversation.receive(text);
      } catch {
        // What cannot be answered, as JSON that is nested too deep, costs its connection and nothing else.
        ws.terminate();
      }
      count();
    });
  };

  const upgrade: Gateway['upgrade'] = (request, socket, head, url) => {
    if (refusing !== undefined) {
      const { status, options } = refusing;
      refusing.left -= 1;
      if (refusing.left <= 0) refusing = undefined;
      refuse(socket, { status, ...options });
      return;
    }
    const refused = refusal(url);
    if (refused !== undefined) refuse(socket, refused);
    else server.handleUpgrade(request, socket, head, (ws) => accept(ws, socket, url, request));
  };

  const control: VendorControl = {
    rest,
    live$: live$.asObservable(),
    get live() {
      return live();
    },
    get accepted() {
      return accepted;
    },
    get sent() {
      return sent;
    },
    get commands() {
      return commands.slice(-COMMANDS_KEPT);
    },
    get topics() {
      return topics();
    },
    drop: () => endAll(({ ws }) => ws.terminate()),
    close: (code = 1000, reason) => endAll(({ ws }) => ws.close(code, reason)),
    kick: () => endAll(({ ws }) => ws.close(kickCode)),
    mute: (on = true) => {
      muted = on;
    },
    say: (frame) => lines.forEach(({ ws }) => transmit(ws, frame, typeof frame !== 'string')),
    cut: () => endAll(({ socket }) => socket.write(HALF_A_FRAME, () => socket.destroy())),
    refuseUpgrades: (status, options = {}) => {
      refusing = { status, options, left: options.times ?? Infinity };
    },
    allowUpgrades: () => {
      refusing = undefined;
    },
    slowConsumer: (limitBytes) => {
      limit = limitBytes;
    },
  };

  return {
    control,
    upgrade,
    together: (publish) => {
      const corked = [...lines].map(({ socket }) => socket);
      corked.forEach((socket) => socket.cork());
      publish();
      corked.forEach((socket) => socket.uncork());
    },
  };
};

/** One vendor: its gateway, and what it sends its clients about the market. */
export interface VendorServer extends Gateway {
  /** Whether an upgrade to this path is for this vendor. */
  readonly serves: (url: URL) => boolean;
  readonly publish: (changes: readonly Change[]) => void;
  /** Its answers to plain HTTP. */
  readonly rest: Rest;
}

/** An HTTP answer to an upgrade that is not accepted. */
interface RefusedUpgrade {
  readonly status: number;
  readonly retryAfter?: number | string;
  readonly body?: string;
}

/** Answers an upgrade with an HTTP status and a JSON body, and ends the connection. */
export const refuse = (socket: Duplex, { status, retryAfter, body }: RefusedUpgrade): void => {
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

/** Node takes a longer delay for none at all. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** `timer`, for which `Infinity` means never, and so does a delay of more than 24 days. */
export const after = (delay: number): Observable<unknown> => (delay > LONGEST_DELAY ? NEVER : timer(delay));

/** `interval`, likewise. */
export const every = (period: number): Observable<unknown> => (period > LONGEST_DELAY ? NEVER : interval(period));
