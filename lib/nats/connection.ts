import type {
  ConnectionOptions,
  Msg,
  NatsConnection,
  PermissionViolationError,
  QueuedIterator,
  Status,
} from '@nats-io/nats-core';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import { Observable } from 'rxjs';
import { ABNORMAL } from '../model/closeCodes.js';
import { ConnectionLost, InvalidOption } from '../model/errors.js';
import { isNeeded } from './subjects.js';
import { EPOCH, SEQ } from './wire.js';

/** Throws `InvalidOption` for what is no connection. */
export const checkNats = (nats: unknown): void => {
  if (typeof nats === 'object' && nats !== null && 'publish' in nats && 'subscribe' in nats && 'status' in nats) return;
  throw new InvalidOption(
    'nats',
    undefined,
    'it is a connection, as `await connect(…)` of @nats-io/transport-node or `await wsconnect(…)` of @nats-io/nats-core gives',
  );
};

/**
 * Whether the connection is up: now, and at each change. It fails when the connection is closed for good, by the caller or
 * after the last attempt, when its server has no JetStream, and when its user may not do what the feed `name` needs: a
 * subscription that is refused never comes back, and the feed would be silent without a reason.
 */
export const natsUp = (nats: NatsConnection, name: string): Observable<boolean> =>
  new Observable((subscriber) => {
    if (nats.isClosed()) return subscriber.error(closed());
    if (nats.info && nats.info.jetstream !== true) {
      return subscriber.error(
        new InvalidOption('nats', undefined, 'its server has no JetStream; start it with `nats-server -js`'),
      );
    }
    subscriber.next(true);
    const statuses = nats.status() as QueuedIterator<Status>;
    const watch = async (): Promise<void> => {
      for await (const status of statuses) {
        if (subscriber.closed) return;
        const { type } = status;
        if (type === 'disconnect' || type === 'reconnect') subscriber.next(type === 'reconnect');
        const denied = type === 'error' && isViolation(status.error) && deniedBy(status.error, nats, name);
        if (denied) subscriber.error(denied);
      }
    };
    void watch();
    void nats.closed().then(() => subscriber.error(closed()));
    return () => statuses.stop();
  });

const closed = (): ConnectionLost =>
  new ConnectionLost(
    ABNORMAL,
    'the connection to NATS is closed',
    'connect with `maxReconnectAttempts: -1`, and close it after the feed is unsubscribed',
  );

const isViolation = (error: Error): error is PermissionViolationError => error.name === 'PermissionViolationError';

/** What is wrong with what a user may do; undefined for what others do on the connection, or what can be done without. */
const deniedBy = (
  { operation, subject }: PermissionViolationError,
  nats: NatsConnection,
  name: string,
): InvalidOption | undefined => {
  const { options } = nats as { readonly options?: ConnectionOptions };
  const isInbox = operation === 'subscription' && subject.startsWith(`${options?.inboxPrefix ?? '_INBOX'}.`);
  if (!isInbox && !isNeeded(name, subject)) return undefined;
  const what = `its user may not ${operation === 'publish' ? 'publish' : 'subscribe'} to ${subject}`;
  const remedy = isInbox
    ? 'connect with the `inboxPrefix` that it may have, the console with NATS_INBOX_PREFIX'
    : 'give it the permissions of the docs';
  return new InvalidOption('nats', undefined, `${what}; ${remedy}`);
};

/** The number of an epoch and of a sequence, as headers. */
export const numbered = (epoch: number, seq: number): MsgHdrs => {
  const numbers = headers();
  numbers.set(EPOCH, String(epoch));
  numbers.set(SEQ, String(seq));
  return numbers;
};

/** Who sent a message, and which one of its subject it is. */
export interface Stamp {
  readonly epoch: number;
  readonly seq: number;
}

/** Undefined for a message that no owner has sent. */
export const stampOf = ({ headers: numbers }: Pick<Msg, 'headers'>): Stamp | undefined => {
  const epoch = Number(numbers?.get(EPOCH) || NaN);
  const seq = Number(numbers?.get(SEQ) || NaN);
  return Number.isSafeInteger(epoch) && Number.isSafeInteger(seq) ? { epoch, seq } : undefined;
};
