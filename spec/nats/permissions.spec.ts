import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { Subject } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { hostFeed, joinFeed } from '../../lib/nats/index.js';
import { root } from '../sources/files.js';
import { blocksOf } from '../sources/markdown.js';
import { describeWithNats } from './describeWithNats.js';
import { connected, quote } from './events.js';
import { startNats } from './natsServer.js';
import { listen, until } from './stage.js';

/** The configuration as the docs have it. */
const documented = (): string => {
  const page = readFileSync(join(root, 'docs/beyond-one-process.md'), 'utf8');
  const [block] = blocksOf(page).filter(({ info, code }) => info === 'text' && code.includes('permissions'));
  if (!block) throw new Error('the page has no configuration');
  return block.code;
};

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
    const host = await connect({ servers: server.url, user: 'host', pass: 'change-me' });
    stops.push(() => host.close());
    const reader = await connect({
      servers: server.url,
      user: 'reader',
      pass: 'change-me-too',
      inboxPrefix: '_INBOX_reader',
    });
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
});
