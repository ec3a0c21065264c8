import type { DepthSequence } from './sequence.js';
import { Tagged } from './Tagged.js';

/** The vendor does not accept the credential. Final: a new connection would be refused as well. */
export class Unauthorized extends Tagged<'Unauthorized'> {
  constructor(
    readonly reason: string,
    /** HTTP status of the refused upgrade or of the probe; absent when the refusal came as a message. */
    readonly status?: number,
  ) {
    super('Unauthorized', `the vendor refused the credential (${reason}); check the token and what its plan covers`);
  }
}

/**
 * The server answered the WebSocket upgrade with an HTTP status other than 101, 401 or 403. Final when it is 404, and
 * when it is 0: no socket of the feed has ever opened, and the platform, a browser, hides why.
 */
export class HandshakeRefused extends Tagged<'HandshakeRefused'> {
  constructor(
    readonly status: number,
    /** Milliseconds the server asked us to wait, by its `Retry-After` header or in the text of its answer. */
    readonly retryAfter?: number,
    readonly reason = '',
  ) {
    const detail = reason && ` (${reason})`;
    const remedy =
      status === 404 ? '; check the url' : retryAfter === undefined ? '' : `; retry after ${retryAfter} ms`;
    super(
      'HandshakeRefused',
      status === 0
        ? `no socket ever opened${detail}, and the platform does not say why; ` +
            'check the key, the url, and whether a proxy blocks WebSockets'
        : `the server refused the connection with HTTP ${status}${detail}${remedy}`,
    );
  }
}

/** An open connection ended, or could not be opened. A clean close by the vendor is one too. */
export class ConnectionLost extends Tagged<'ConnectionLost'> {
  constructor(
    /** The close code: 1000 is clean, 1006 means that no close frame came. */
    readonly code: number,
    readonly reason = '',
    /** What helps, where the reason is a known one of TLS, DNS or the network. Given once in an outage. */
    readonly remedy?: string,
  ) {
    super(
      'ConnectionLost',
      `the connection was lost (close code ${code}${reason && `, ${reason}`})${remedy === undefined ? '' : `; ${remedy}`}`,
    );
  }
}

/** The socket did not open in time. */
export class ConnectTimeout extends Tagged<'ConnectTimeout'> {
  /** @param within the deadline, in milliseconds */
  constructor(readonly within: number) {
    super(
      'ConnectTimeout',
      `the socket did not open within ${within} ms; ` +
        'check the network and the proxy, and raise `connectTimeout` on a slow link',
    );
  }
}

/** The vendor neither accepted nor refused the login in time. */
export class AuthTimeout extends Tagged<'AuthTimeout'> {
  /** @param within the deadline, in milliseconds */
  constructor(readonly within: number) {
    super(
      'AuthTimeout',
      `the vendor did not answer the login within ${within} ms; ` +
        'if it accepts without an answer, as some clusters of iTick do, set `assumeLogin: true`',
    );
  }
}

/** The peer sent nothing for too long. The link is taken for dead. */
export class HeartbeatMissed extends Tagged<'HeartbeatMissed'> {
  /** @param silence how long nothing arrived, in milliseconds */
  constructor(readonly silence: number) {
    super('HeartbeatMissed', `nothing was heard for ${silence} ms`);
  }
}

/** Numbers of a book are missing, and the vendor gives no snapshot within a session: only a new one can have it. */
export class SequenceGap extends Tagged<'SequenceGap'> {
  constructor(
    readonly symbol: string,
    /** The last number of the book. */
    readonly last: number,
    /** The numbers of the update that does not follow it. */
    readonly sequence: DepthSequence,
  ) {
    const from = 'first' in sequence ? sequence.first : sequence.previous;
    super(
      'SequenceGap',
      `updates of the book of ${symbol} are missing: ${from} to ${sequence.last} do not follow ${last}; ` +
        'the link is made anew, as only that brings a whole book',
    );
  }
}

/** The function that supplies the credential threw or rejected. It is asked again with the next attempt. */
export class TokenUnavailable extends Tagged<'TokenUnavailable'> {
  constructor(readonly reason: string) {
    super('TokenUnavailable', `the function that supplies the credential failed (${reason})`);
  }
}

/** The vendor closed the connection again and again right after login: another client uses the same credential. */
export class KickedRepeatedly extends Tagged<'KickedRepeatedly'> {
  /** @param kicks how many times in a row */
  constructor(readonly kicks: number) {
    super(
      'KickedRepeatedly',
      `the vendor ended the connection ${kicks} times in a row right after login; ` +
        'another program is using the same credential',
    );
  }
}

/** This process already has as many live feeds on this endpoint and credential as the plan allows. */
export class FeedInUse extends Tagged<'FeedInUse'> {
  constructor(
    readonly endpoint: string,
    /** How many connections the plan allows, as stated in the `connections` option. */
    readonly connections: number,
  ) {
    super(
      'FeedInUse',
      `${endpoint} already has ${connections} live feed(s) with this credential, and one more would kick the first; ` +
        'share one feed with shareFeed(), or raise `connections` if the plan allows more',
    );
  }
}

/** A topic, symbol or interval that no vendor could serve. Thrown where it was written. */
export class InvalidTopic extends Tagged<'InvalidTopic'> {
  constructor(
    readonly value: unknown,
    readonly problem: string,
  ) {
    super('InvalidTopic', `invalid topic ${shown(value)}: ${problem}`);
  }
}

/** An option that makes no sense. Thrown where the factory is called. */
export class InvalidOption extends Tagged<'InvalidOption'> {
  constructor(
    readonly option: string,
    /** What was given; left out for credentials. */
    readonly value: unknown,
    readonly problem: string,
  ) {
    super(
      'InvalidOption',
      `invalid option \`${option}\`${value === undefined ? '' : ` (${shown(value)})`}: ${problem}`,
    );
  }
}

/** Everything that can end a connection or a feed. */
export type FeedError =
  | Unauthorized
  | HandshakeRefused
  | ConnectionLost
  | ConnectTimeout
  | AuthTimeout
  | HeartbeatMissed
  | SequenceGap
  | TokenUnavailable
  | KickedRepeatedly
  | FeedInUse
  | InvalidTopic
  | InvalidOption;

/** Whether a new connection can help after an error of each kind. */
export const recoverable: Readonly<Record<FeedError['_tag'], boolean>> = {
  Unauthorized: false,
  HandshakeRefused: true,
  ConnectionLost: true,
  ConnectTimeout: true,
  AuthTimeout: true,
  HeartbeatMissed: true,
  SequenceGap: true,
  TokenUnavailable: true,
  KickedRepeatedly: false,
  FeedInUse: false,
  InvalidTopic: false,
  InvalidOption: false,
};

type Facts = Readonly<Record<string, unknown>>;

/** How an error of each kind is made again of its facts. Apart from the other list, as not every bundle needs it. */
export const revivers: { readonly [E in FeedError as E['_tag']]: (facts: Facts) => E } = {
  Unauthorized: ({ reason, status }) => new Unauthorized(text(reason), optional(status)),
  HandshakeRefused: ({ status, retryAfter, reason }) =>
    new HandshakeRefused(number(status), optional(retryAfter), text(reason)),
  ConnectionLost: ({ code, reason, remedy }) =>
    new ConnectionLost(number(code), text(reason), typeof remedy === 'string' ? remedy : undefined),
  ConnectTimeout: ({ within }) => new ConnectTimeout(number(within)),
  AuthTimeout: ({ within }) => new AuthTimeout(number(within)),
  HeartbeatMissed: ({ silence }) => new HeartbeatMissed(number(silence)),
  SequenceGap: ({ symbol, last, sequence }) =>
    new SequenceGap(text(symbol), number(last), (sequence ?? {}) as DepthSequence),
  TokenUnavailable: ({ reason }) => new TokenUnavailable(text(reason)),
  KickedRepeatedly: ({ kicks }) => new KickedRepeatedly(number(kicks)),
  FeedInUse: ({ endpoint, connections }) => new FeedInUse(text(endpoint), number(connections)),
  InvalidTopic: ({ value, problem }) => new InvalidTopic(value, text(problem)),
  InvalidOption: ({ option, value, problem }) => new InvalidOption(text(option), value, text(problem)),
};

/** Whether it is the tag of one of them. */
export const isErrorTag = (tag: unknown): tag is FeedError['_tag'] =>
  typeof tag === 'string' && Object.hasOwn(recoverable, tag);

const text = (fact: unknown): string => (typeof fact === 'string' ? fact : '');
const number = (fact: unknown): number => optional(fact) ?? NaN;
const optional = (fact: unknown): number | undefined => (typeof fact === 'number' ? fact : undefined);

/** A value in a message: short, and never the cause of another error. */
function shown(value: unknown): string {
  try {
    return (JSON.stringify(value) as string | undefined)?.slice(0, 100) ?? String(value);
  } catch {
    return typeof value;
  }
}
