import { of } from 'rxjs';
import { quotes } from '../../lib/model/topic.js';
import { hostFeed, joinFeed } from '../../lib/nats/index.js';
import { gaps } from '../../lib/operators/gaps.js';
import { linkState } from '../../lib/operators/linkState.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { standby } from '../../lib/standby/standby.js';
import { describeWithNats } from './describeWithNats.js';
import { listen, stage, until, type Listener, type Stage } from './stage.js';

describeWithNats('a standby that a host shares over a real NATS server', () => {
  let theatre: Stage;
  const topics = quotes('600000.SH');

  beforeEach(async () => {
    theatre = await stage();
  });
  afterEach(() => theatre.close());

  const hosted = async () =>
    hostFeed({
      nats: await theatre.connect(),
      name: 'cn',
      lease: 1_000,
      makeFeed: (asked) => {
        const settings = { topics: asked, url: theatre.vendor.url, backoff: () => 50 };
        return standby(
          itick({ token: 'demo', market: 'stock', ...settings }),
          tickflow({ apiKey: 'demo', ...settings }),
          {
            promote: { after: 100 },
            back: 'never',
          },
        );
      },
    });
  const join = async () => listen(joinFeed({ nats: await theatre.connect(), name: 'cn', topics }));
  /** How the links are, and the feeds that had a gap, for who has heard all that a joiner said. */
  const told = ({ events }: Listener) => {
    const links: Record<string, string> = {};
    const holed: string[] = [];
    of(...events)
      .pipe(linkState())
      .subscribe(({ feed, state }) => (links[feed] = state));
    of(...events)
      .pipe(gaps())
      .subscribe(({ feed }) => holed.push(feed));
    return { links, holed };
  };

  it('is one link to its joiners, also to one that comes after a switch, and to a new owner', async () => {
    const first = (await hosted()).subscribe();
    const early = await join();
    await until(() => early.of('quote').length > 0);
    theatre.vendor.itick.refuseUpgrades(503);
    theatre.vendor.itick.drop();
    await until(() => early.of('switched').length > 0 && early.of('quote').some(({ feed }) => feed === 'tickflow'));

    const late = await join();
    await until(() => late.of('quote').length > 0);
    expect(late.of('connected').map(({ provider }) => provider)).toEqual(['tickflow']);
    expect(late.of('switched')).toEqual([]);

    theatre.vendor.itick.allowUpgrades();
    const second = (await hosted()).subscribe();
    first.unsubscribe();
    await until(() => [early, late].every(({ of: all }) => all('quote').at(-1)?.provider === 'itick'));
    for (const joiner of [early, late]) {
      const { links, holed } = told(joiner);
      // Before it there may be what neither line had when the primary was lost.
      expect(holed.filter((feed) => feed !== 'tickflow')).toEqual(['itick:stock']);
      expect(links['itick:stock']).toBe('live');
      expect(joiner.of('switched').at(-1)).toMatchObject({ provider: 'itick', left: 'tickflow', to: 'primary' });
    }
    second.unsubscribe();
  }, 60_000);
});
