import { firstValueFrom, lastValueFrom, take, toArray, type Observable } from 'rxjs';
import { WebSocket, type ClientOptions } from 'ws';
import { quotes, type Disconnected, type FeedEvent } from '../../lib/index.js';
import { ofKind } from '../../lib/operators/ofKind.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import type { OpenSocket } from '../../lib/transport/SocketLike.js';
import { remedyOf, tidied } from '../../lib/transport/remedy.js';
import { SECRET } from '../secrets/secret.cjs';
import { pemOf, serving, type Certificate } from './tlsLoopback.js';

const topics = quotes('AAPL.US');
const backoff = (): number => 1;

type Feed = (url: string, openSocket?: OpenSocket) => Observable<FeedEvent>;

const feeds: readonly (readonly [name: string, feed: Feed])[] = [
  ['itick', (url, openSocket) => itick({ token: SECRET, market: 'stock', topics, url, backoff, openSocket })],
  ['tickflow', (url, openSocket) => tickflow({ apiKey: SECRET, topics, url, backoff, openSocket })],
];

const withOptions =
  (options: ClientOptions): OpenSocket =>
  (url, { headers }) =>
    new WebSocket(url, { headers, ...options });

const trusting = withOptions({ ca: pemOf('ca') });

/** Finds no name: what the resolver of Node says then. The typings of ws do not know the option. */
const resolving = (code: string): OpenSocket => {
  const lookup = (host: string, _options: unknown, found: (error: Error) => void): void =>
    found(Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code }));
  return withOptions({ lookup } as ClientOptions);
};

const losses = (feed$: Observable<FeedEvent>, count: number): Promise<readonly Disconnected[]> =>
  lastValueFrom(feed$.pipe(ofKind('disconnected'), take(count), toArray()));

const factsOf = ({ cause }: Disconnected): readonly unknown[] =>
  cause._tag === 'ConnectionLost' ? [cause.reason, cause.remedy] : [cause];

describe.each(feeds)('the loss of a connection of %s that cannot be opened', (_, feed) => {
  it.each([
    ['signed by itself', 'selfSigned', '', undefined, /NODE_EXTRA_CA_CERTS/],
    ['of an own authority', 'localhost', '', undefined, /NODE_EXTRA_CA_CERTS/],
    ['of an own authority that it sends along', 'localhost', pemOf('ca'), undefined, /NODE_EXTRA_CA_CERTS/],
    ['for another name', 'otherName', '', trusting, /another name.*url/],
    ['out of date', 'expired', '', trusting, /out of date.*clock/],
    ['that is none: a plain server', 'none', '', undefined, /no TLS.*ws:/],
  ] as const)('says once what helps with a certificate %s', async (_, certificate, chain, openSocket, remedy) => {
    const server = await serving(certificate satisfies Certificate | 'none', '', chain);
    const [first, ...later] = await losses(feed(`wss://127.0.0.1:${server.port}`, openSocket), 4);
    await server.stop();
    const { cause } = first ?? {};
    expect(cause).toMatchObject({
      _tag: 'ConnectionLost',
      code: 1006,
      remedy: expect.stringMatching(remedy) as string,
    });
    expect(cause?.message).toMatch(remedy);
    for (const { cause: next } of later) {
      expect(next).not.toHaveProperty('remedy');
      expect(next.message).not.toMatch(remedy);
      expect(next).toMatchObject({ reason: (cause as { reason?: string } | undefined)?.reason });
    }
  });

  it.each([
    ['ENOTFOUND', /host in the url/],
    ['EAI_AGAIN', /DNS does not answer/],
  ])('says once what helps with the DNS error %s', async (code, remedy) => {
    const facts = (await losses(feed('wss://quotes.example', resolving(code)), 3)).map(factsOf);
    const reason = `getaddrinfo ${code} quotes.example`;
    expect(facts).toEqual([
      [reason, expect.stringMatching(remedy)],
      [reason, undefined],
      [reason, undefined],
    ]);
  });

  it('says once what helps where nothing listens', async () => {
    const { port, stop } = await serving('none');
    await stop();
    const reason = `connect ECONNREFUSED 127.0.0.1:${port}`;
    expect((await losses(feed(`ws://127.0.0.1:${port}`), 2)).map(factsOf)).toEqual([
      [reason, expect.stringMatching(/nothing listens/)],
      [reason, undefined],
    ]);
  });

  it('says what helps where TLS is spoken and was not asked for', async () => {
    const server = await serving('localhost');
    const [first] = await losses(feed(`ws://127.0.0.1:${server.port}`), 1);
    await server.stop();
    expect(first?.cause.message).toMatch(/wss:/);
  });
});

describe('what helps', () => {
  it('is said again in the next outage, and for each cause of one', async () => {
    const server = await serving('localhost', '{"type":"quotes","data":[]}');
    const codes = ['ENOTFOUND', 'EAI_AGAIN', 'ENOTFOUND', 'open', 'ENOTFOUND'];
    const openSocket: OpenSocket = (url, options) => {
      const code = codes.shift() ?? 'ENOTFOUND';
      if (code !== 'open') return resolving(code)(url, options);
      const socket = new WebSocket(url, { ca: pemOf('ca') });
      socket.on('message', () => socket.terminate());
      return socket;
    };
    const url = `wss://localhost:${server.port}`;
    const found = await losses(tickflow({ apiKey: SECRET, topics, url, backoff, openSocket }), 5);
    await server.stop();
    expect(found.map(({ cause }) => 'remedy' in cause)).toEqual([true, true, false, false, true]);
  });

  it('is not said of a connection that was open', async () => {
    const server = await serving('localhost', '{}');
    const openSocket: OpenSocket = (url) => {
      const socket = new WebSocket(url, { ca: pemOf('ca') });
      socket.on('message', () => {
        socket.emit('error', new Error('read ECONNRESET'));
        socket.terminate();
      });
      return socket;
    };
    const url = `wss://localhost:${server.port}`;
    const [loss] = await losses(tickflow({ apiKey: SECRET, topics, url, backoff, openSocket }), 1);
    await server.stop();
    expect(loss && factsOf(loss)).toEqual(['read ECONNRESET', undefined]);
  });

  it('is nothing where the own authority is trusted', async () => {
    const server = await serving('localhost');
    const url = `wss://127.0.0.1:${server.port}`;
    const feed$ = tickflow({ apiKey: SECRET, topics, url, backoff, openSocket: trusting });
    const first = await firstValueFrom(feed$);
    await server.stop();
    expect(first.kind).toBe('connected');
  });

  it.each([
    ['CERT_NOT_YET_VALID', /clock/],
    ['certificate is not yet valid', /clock/],
    ['self signed certificate', /NODE_EXTRA_CA_CERTS/],
    ['self signed certificate in certificate chain', /authority.*NODE_EXTRA_CA_CERTS/],
    ['unable to get local issuer certificate', /NODE_EXTRA_CA_CERTS/],
    ['unable to get issuer certificate', /NODE_EXTRA_CA_CERTS/],
    ['TLS: packet length too long', /no TLS/],
    ['TLS: tlsv13 alert certificate required', /https\.Agent/],
    ['TLS: tlsv1 alert protocol version', /TLS in common/],
    ['TLS: tlsv1 unrecognized name', /another name/],
    ['TLS: tlsv1 alert unrecognized name', /another name/],
    ['hostname mismatch', /another name/],
    ['certificate revoked', /renewed/],
    ['TLS: ssl/tls alert certificate unknown', /renewed/],
    ['EE certificate key too weak', /anew/],
    ['unsuitable certificate purpose', /anew/],
    ['queryA ESERVFAIL quotes.example', /DNS does not answer/],
    ['queryA ENODATA quotes.example', /host in the url/],
    ['connect ENETDOWN 192.0.2.1:443', /no way/],
    ['connect EADDRNOTAVAIL 192.0.2.1:443', /no way/],
    ['connect EACCES 192.0.2.1:443', /firewall/],
    ['write EPIPE', /wss:/],
    ['connect ETIMEDOUT 192.0.2.1:443', /firewall/],
    ['connect EHOSTUNREACH 192.0.2.1:443', /no way/],
    ['connect ENETUNREACH 2001:db8::1:443', /IPv6/],
    ['socket hang up', /wss:/],
    ['Client network socket disconnected before secure TLS connection was established', /port/],
    ['Parse Error: Expected HTTP/', /wss:/],
  ])('is known for %j', (complaint, remedy) => {
    expect(remedyOf(complaint)).toMatch(remedy);
  });

  it.each(['', 'Max payload size exceeded', 'Invalid Upgrade header'])('is unknown for %j', (complaint) => {
    expect(remedyOf(complaint)).toBeUndefined();
  });
});

describe('what OpenSSL says', () => {
  it('loses the number of the thread and the line of the source', () => {
    const said =
      'write EPROTO 80BC22C1377F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/ssl3_record.c:350:\n';
    expect(tidied(said)).toBe('TLS: wrong version number');
    expect(tidied('self-signed certificate\n')).toBe('self-signed certificate');
  });
});
