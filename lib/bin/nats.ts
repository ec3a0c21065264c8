import type { Authenticator, ConnectionOptions, NatsConnection } from '@nats-io/nats-core';
import { readFileSync } from 'node:fs';
import { defer, finalize, firstValueFrom, isObservable, switchMap, timer, type Observable } from 'rxjs';
import type { FeedEvent } from '../index.js';
import { InvalidOption } from '../model/errors.js';
import { checkSomeTopics } from '../model/topic.js';
import type { hostFeed, joinFeed } from '../nats/index.js';
import type { Topics } from '../session/wanted.js';

/** The variables of the environment that a NATS server is logged in with. */
export const natsVariables = ['NATS_TOKEN', 'NATS_USER', 'NATS_PASSWORD', 'NATS_CREDS'] as const;
/** The variable that says where answers come to, for a user who may not hear those of others. */
const INBOX = 'NATS_INBOX_PREFIX';

/** A feed on a NATS server. */
export interface NatsAddress {
  /** `nats://host:4222` */
  readonly server: string;
  /** The name of the feed; empty where the address has no path. */
  readonly feed: string;
}

/** The feed that a word is the address of; undefined for a word that is no address of NATS. Throws `InvalidOption`. */
export const natsAddress = (word: string): NatsAddress | undefined => {
  if (!/^(nats|tls):\/\//.test(word)) return undefined;
  const url = URL.canParse(word) ? new URL(word) : undefined;
  if (url && (url.username || url.password)) {
    throw new InvalidOption(
      'nats',
      undefined,
      `it holds a login, which others could read; put that into ${natsVariables.join(', ')} in the environment`,
    );
  }
  const [, feed = ''] = /^\/?([A-Za-z0-9_-]*)\/?$/.exec(url?.pathname ?? '?') ?? [undefined, undefined];
  if (!url?.host || url.search || url.hash || (feed === '' && url.pathname.length > 1)) {
    throw new InvalidOption(
      'nats',
      undefined,
      'it is the address of a server and the name of a feed: nats://host/name',
    );
  }
  return { server: `${url.protocol}//${url.host}`, feed };
};

/** What the environment has to log in with, and where answers come to, as one text; empty where it has nothing. */
export const natsLogin = (env: Readonly<Record<string, string | undefined>>): string => {
  const set = [...natsVariables, INBOX].flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  return set.length === 0 ? '' : JSON.stringify(Object.fromEntries(set));
};

const PACKAGES = '@nats-io/transport-node @nats-io/nats-core @nats-io/jetstream @nats-io/kv';

/** What is used of those packages, and of the door that needs them. */
interface Loaded {
  readonly connect: (options: ConnectionOptions) => Promise<NatsConnection>;
  readonly credsAuthenticator: (creds: Uint8Array) => Authenticator;
  readonly hostFeed: typeof hostFeed;
  readonly joinFeed: typeof joinFeed;
}

/** Loads what only the commands of NATS need, which may not be installed. */
const loaded = async (): Promise<Loaded> => {
  try {
    const [transport, feeds] = await Promise.all([import('@nats-io/transport-node'), import('../nats/index.js')]);
    return { ...transport, ...feeds };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`NATS needs packages that are not installed: npm install ${PACKAGES}`, { cause: error });
  }
};

/** A connection, what can be done on it, and how it ends: once all that was said is sent. */
export interface Nats extends Pick<Loaded, 'hostFeed' | 'joinFeed'> {
  readonly nats: NatsConnection;
  readonly close: () => Promise<void>;
}

/** Milliseconds a server may take to let us in, and to take what we said last. */
const PATIENCE = 5_000;
/** Milliseconds between two attempts to have a connection back. */
const RECONNECT_EVERY = 500;

/** Connects to a server. It fails with one line that has the remedy when there is no server, no access or no package. */
export const openNats = async (server: string, login: string): Promise<Nats> => {
  const { connect, ...tools } = await loaded();
  try {
    const nats = await connect({
      servers: server,
      timeout: PATIENCE,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_EVERY,
      ...access(login, tools),
    });
    return { nats, hostFeed: tools.hostFeed, joinFeed: tools.joinFeed, close: () => closed(nats) };
  } catch (error) {
    throw new Error(remedied(error, server), { cause: error });
  }
};

const access = (login: string, { credsAuthenticator }: Pick<Loaded, 'credsAuthenticator'>): ConnectionOptions => {
  const set = (login === '' ? {} : JSON.parse(login)) as Readonly<Record<string, string>>;
  const { NATS_TOKEN: token, NATS_USER: user, NATS_PASSWORD: pass, NATS_CREDS: file, [INBOX]: inboxPrefix } = set;
  return {
    ...(inboxPrefix !== undefined && { inboxPrefix }),
    ...(token !== undefined && { token }),
    ...(user !== undefined && { user, pass: pass ?? '' }),
    ...(file !== undefined && { authenticator: credsAuthenticator(new Uint8Array(readFileSync(file))) }),
  };
};

/** What a failure means to the person who typed the command; the text of the failure may hold anything. */
const remedied = (error: unknown, server: string): string => {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (/Authorization|UserAuthentication/.test(name)) {
    return `the NATS server at ${server} refused the login; set ${natsVariables.join(', ')} in the environment`;
  }
  if (name === 'InvalidArgumentError') return `${INBOX} is the beginning of a subject, such as _INBOX_reader`;
  if (code === 'ENOENT') return 'the file that NATS_CREDS names cannot be read';
  const why = code === 'ENOTFOUND' ? 'no such host' : message.toLowerCase();
  return `no NATS server answers at ${server} (${why}); start one with: nats-server -js`;
};

const closed = async (nats: NatsConnection): Promise<void> => {
  const sent = async (): Promise<void> => {
    await nats.flush();
    // The lease is given back when the answer to a renewal that is under way has come.
    await firstValueFrom(timer(GIVING_BACK));
    await nats.flush();
  };
  try {
    await Promise.race([sent(), firstValueFrom(timer(PATIENCE / 5))]);
  } catch {
    // The connection is down, and nothing can be sent.
  }
  await nats.close();
};

/** Milliseconds. */
const GIVING_BACK = 100;

/** The feed at an address, over a connection of its own. Throws `InvalidTopic`. */
export const joinedAt = (address: string, login: string, topics: Topics): Observable<FeedEvent> => {
  const { server = address, feed: name = '' } = natsAddress(address) ?? {};
  if (!isObservable(topics)) checkSomeTopics(topics);
  return defer(() => openNats(server, login)).pipe(
    switchMap(({ nats, joinFeed, close }) => joinFeed({ nats, name, topics }).pipe(finalize(() => void close()))),
  );
};
