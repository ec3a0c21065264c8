import { isMarketEvent } from '../../lib/model/feedEvent.js';
import { Unauthorized } from '../../lib/model/errors.js';
import { quotes, trades, type Topic } from '../../lib/model/topic.js';
import { hostFeed, joinFeed, type HostState } from '../../lib/nats/index.js';
import { itick } from '../../lib/providers/itick/index.js';
import type { MakeFeed } from '../../lib/share/shareFeed.js';
import { describeWithNats } from './describeWithNats.js';
import { listen, stage, until, type Stage } from './stage.js';

describeWithNats('a feed over a real NATS server', () => {
  let theatre: Stage;
  const makeFeed =
    (token = 'demo'): MakeFeed =>
    (topics) =>
      itick({ token, market: 'stock', topics, url: theatre.vendor.url, backoff: () => 50 });

  beforeEach(async () => {
    theatre = await stage();
  });
  afterEach(() => theatre.close());

  /** A host in this process. */
  const hosted = async (token?: string) => {
    const states: HostState[] = [];
    const ended: { error?: unknown } = {};
    const nats = await theatre.connect();
    const subscription = hostFeed({ nats, name: 'us', makeFeed: makeFeed(token) }).subscribe({
      next: (state) => states.push(state),
      error: (error: unknown) => (ended.error = error),
    });
    return { states, ended, nats, leave: () => subscription.unsubscribe() };
  };

  it('is one connection to the vendor, whoever joins, and each joiner has its topics in its spelling', async () => {
    const host = await hosted();
    const first = listen(
      joinFeed({ nats: await theatre.connect(), name: 'us', topics: quotes('00700.HK', 'AAPL.US') }),
    );
    const second = listen(
      joinFeed({ nats: await theatre.connect(), name: 'us', topics: [...quotes('700.HK'), ...trades('AAPL.US')] }),
    );
    await until(() => first.of('quote').length > 4 && second.of('quote').length > 4 && second.of('trade').length > 0);

    expect(theatre.vendor.itick.accepted).toBe(1);
    expect(theatre.vendor.itick.topics).toEqual(['quote 700.HK', 'quote AAPL.US', 'trade AAPL.US']);
    expect(new Set(first.of('quote').map(({ symbol }) => symbol))).toEqual(new Set(['00700.HK', 'AAPL.US']));
    expect(new Set(second.events.filter(isMarketEvent).map(({ symbol }) => symbol))).toEqual(
      new Set(['700.HK', 'AAPL.US']),
    );
    expect(first.events[0]?.kind).toBe('connected');
    expect(host.states.at(-1)).toMatchObject({ role: 'owner', topics: 3, joiners: 2 });
  });

  it('begins for a late joiner with the link, what is served, the last values and the refusals', async () => {
    await hosted();
    const early = listen(
      joinFeed({ nats: await theatre.connect(), name: 'us', topics: quotes('AAPL.US', '700.HK', 'NOPE1.US') }),
    );
    await until(
      () => early.of('refused').length > 0 && new Set(early.of('quote').map(({ symbol }) => symbol)).size === 2,
    );

    const late = listen(
      joinFeed({ nats: await theatre.connect(), name: 'us', topics: quotes('AAPL.US', '00700.HK', 'NOPE1.US') }),
    );
    await until(() => late.of('refused').length > 0);
    const kinds = late.events
      .slice(0, late.events.findIndex(({ kind }) => kind === 'refused') + 1)
      .map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(['connected', 'subscribed', 'quote', 'refused']);
    expect(
      new Set(
        late
          .of('quote')
          .slice(0, 2)
          .map(({ symbol }) => symbol),
      ),
    ).toEqual(new Set(['AAPL.US', '00700.HK']));
    expect(late.of('refused')[0]?.topics).toEqual(quotes('NOPE1.US'));
    expect(late.of('connected')[0]).toEqual(early.of('connected')[0]);
  });

  it('hands over in less than a second when its owner is unsubscribed, with one gap', async () => {
    const owner = await hosted();
    await until(() => owner.states.at(-1)?.role === 'owner');
    const next = await hosted();
    const joiner = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics: quotes('AAPL.US') }));
    await until(() => joiner.of('quote').length > 2);

    owner.leave();
    await until(() => next.states.at(-1)?.role === 'owner', 1_000);
    await until(() => joiner.of('connected').length === 2);
    const [, back] = joiner.of('connected');
    expect(joiner.of('disconnected')).toHaveLength(1);
    expect(back?.resumed?.to).toBeLessThan((back?.resumed?.from ?? 0) + 1_000);
    expect(theatre.most()).toBe(1);
  });

  it('ends for all with the error of the vendor, after one login', async () => {
    const hosts = [await hosted('wrong'), await hosted('wrong')];
    const joiner = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics: quotes('AAPL.US') }));
    await until(() => joiner.ended.error !== undefined && hosts.every(({ ended }) => ended.error !== undefined));
    expect(joiner.ended.error).toBeInstanceOf(Unauthorized);
    for (const { ended } of hosts) expect(ended.error).toBeInstanceOf(Unauthorized);
    expect(theatre.vendor.itick.accepted).toBe(1);
  });

  it('refuses a topic that no such vendor has to who asked for it, and the others have a gap at most', async () => {
    const host = await hosted();
    const good = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics: quotes('AAPL.US') }));
    await until(() => good.of('quote').length > 0);
    const funding = { channel: 'funding', symbol: 'AAPL.US' } as unknown as Topic;
    const wrong = listen(
      joinFeed({ nats: await theatre.connect(), name: 'us', topics: [funding, ...quotes('TSLA.US')] }),
    );
    await until(() => wrong.of('refused').length > 0 && wrong.of('quote').length > 0);
    expect(wrong.of('refused')[0]).toMatchObject({ topics: [funding], reason: expect.stringContaining('none of') });
    const before = good.of('quote').length;
    await until(() => good.of('quote').length > before);
    expect(good.of('refused')).toEqual([]);
    const again = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics: [funding] }));
    await until(() => again.of('refused').length > 0);
    expect([good.ended, wrong.ended, host.ended]).toEqual([{}, {}, {}]);
    expect(theatre.most()).toBe(1);
  });

  it('withdraws the topics of a joiner that leaves, and of one that is gone', async () => {
    const host = await hosted();
    const leaver = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics: quotes('AAPL.US') }));
    const lost = await theatre.connect();
    listen(joinFeed({ nats: lost, name: 'us', topics: quotes('TSLA.US') }));
    await until(() => theatre.vendor.itick.topics.length === 2);
    leaver.leave();
    await until(() => theatre.vendor.itick.topics.length === 1, 3_000);
    await lost.close();
    await until(() => theatre.vendor.itick.live === 0, 13_000);
    expect(host.states.at(-1)).toMatchObject({ role: 'owner' });
  });
});
