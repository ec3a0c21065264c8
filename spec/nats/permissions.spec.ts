import type { ConnectionOptions } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { Subject } from 'rxjs';
import { InvalidOption } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { hostFeed, joinFeed } from '../../lib/nats/index.js';
import { describeWithNats } from './describeWithNats.js';
import { documented, owner, reader as user } from './documented.js';
import { connected, quote } from './events.js';
import { startNats } from './natsServer.js';
import { listen, until } from './stage.js';

const codes = Array.from({ length: 40 }, (_, n) => `CODE${n}.US`);

describeWithNats('a user who may only read', () => {
  /** What was started, to be stopped when the spec fails too; the last one first. */
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  it('joins with the permissions that the docs give it, and can do nothing else', async () => {
    const server = await startNats(documented);
    stops.push(server.stop);
    const host = await connect({ servers: server.url, ...owner });
    stops.push(() => host.close());
    const reader = await connect({ servers: server.url, ...user });
    stops.push(() => reader.close());
    const vendor$ = new Subject<FeedEvent>();
    const states: unknown[] = [];
    const hosting = hostFeed({ nats: host, name: 'us', makeFeed: () => vendor$ }).subscribe((state) =>
      states.push(state),
    );
    stops.push(() => hosting.unsubscribe());
    const errors: string[] = [];
    void (async () => {
      for await (const status of reader.status()) if (status.type === 'error') errors.push(status.error.message);
    })();
    const early = listen(joinFeed({ nats: reader, name: 'us', topics: quotes(...codes) }));
    await until(() => vendor$.observed);
    vendor$.next(connected(Date.now()));
    codes.forEach((code) => vendor$.next(quote(Date.now(), code)));
    await until(() => early.of('quote').length === codes.length);
    const late = listen(joinFeed({ nats: reader, name: 'us', topics: quotes(...codes) }));
    await until(() => late.of('quote').length === codes.length);
    vendor$.next(quote(Date.now(), 'CODE1.US'));
    await until(() => late.of('quote').length > codes.length);
    late.leave();
    early.leave();
    await until(() => !vendor$.observed, 3_000);
    expect(errors.filter((error) => !error.includes('CONSUMER.CREATE'))).toEqual([]);

    const before = states.length;
    for (const subject of [
      'rxtape.v1.us.live.quote.US.CODE1',
      'rxtape.v1.us.last.link',
      '$KV.rxtape-owners.us',
      'rxtape.v1.us.link',
    ]) {
      reader.publish(subject, '[]');
    }
    await reader.flush();
    await until(() => errors.filter((error) => /Publish/.test(error)).length >= 4);
    expect(states).toHaveLength(before);
  });

  it.each<[string, ConnectionOptions, string, string]>([
    ['without its inbox', { inboxPrefix: '_INBOX' }, 'us', 'subscribe to _INBOX.'],
    ['for a feed that is not its own', {}, 'eu', 'subscribe to rxtape.v1.eu.'],
  ])('is told at once what it may not do: %s', async (_what, options, name, problem) => {
    const server = await startNats(documented);
    stops.push(server.stop);
    const nats = await connect({ servers: server.url, ...user, ...options });
    stops.push(() => nats.close());
    const joiner = listen(joinFeed({ nats, name, topics: quotes('AAPL.US') }));
    await until(() => joiner.ended.error !== undefined);
    expect(joiner.ended.error).toBeInstanceOf(InvalidOption);
    expect(String(joiner.ended.error)).toContain(`its user may not ${problem}`);
  });

  it('cannot host, and hears why', async () => {
    const server = await startNats(documented);
    stops.push(server.stop);
    const nats = await connect({ servers: server.url, ...user });
    stops.push(() => nats.close());
    let error: unknown;
    hostFeed({ nats, name: 'us', makeFeed: () => new Subject() }).subscribe({ error: (e: unknown) => (error = e) });
    await until(() => error !== undefined);
    expect(String(error)).toMatch(/its user may not subscribe to \$KV\.rxtape-wishes\.us\.\*; give it the permissions/);
  });
});
