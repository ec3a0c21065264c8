import { Subject } from 'rxjs';
import type { Connected, FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { hostFeed, joinFeed, type HostState } from '../../lib/nats/index.js';
import { describeWithNats } from './describeWithNats.js';
import { connected, quote } from './events.js';
import { freePort } from './natsServer.js';
import { ownProcess } from './ownProcess.js';
import { listen, stage, until, type Stage } from './stage.js';

/** What the process of a joiner has heard. */
interface Heard {
  readonly kind: FeedEvent['kind'];
  readonly receivedAt: number;
  readonly last?: number;
  readonly resumed?: Connected['resumed'];
}

/** A quote of two kilobytes, so that some thousands fill all buffers on the way. */
const large = (last: number, symbol = 'AAPL.US'): FeedEvent =>
  Object.assign(quote(Date.now(), symbol), { last, note: 'x'.repeat(2_000) });

describeWithNats('a joiner that does not read', () => {
  let theatre: Stage;
  let monitor: number;
  beforeEach(async () => {
    monitor = await freePort();
    const patience = 'write_deadline: "500ms"\nmax_pending: 8MB';
    theatre = await stage({}, () => `http: "127.0.0.1:${monitor}"\n${patience}`);
  });
  afterEach(() => theatre.close());

  /** Why the server has ended connections. */
  const cuts = async (): Promise<readonly string[]> => {
    const answer = await fetch(`http://127.0.0.1:${monitor}/connz?state=closed`);
    const { connections } = (await answer.json()) as { connections: readonly { readonly reason: string }[] };
    return connections.map(({ reason }) => reason).filter((reason) => reason.startsWith('Slow Consumer'));
  };

  it('is cut by the server: one gap that says how much was lost, and nobody else has one', async () => {
    const vendor$ = new Subject<FeedEvent>();
    const states: HostState[] = [];
    const hosting = await theatre.connect();
    hostFeed({ nats: hosting, name: 'us', makeFeed: () => vendor$ }).subscribe({
      next: (state) => states.push(state),
      error: () => undefined,
    });
    await until(() => states.at(-1)?.role === 'owner');
    const standby: HostState[] = [];
    hostFeed({ nats: await theatre.connect(), name: 'us', makeFeed: () => new Subject() }).subscribe({
      next: (state) => standby.push(state),
      error: () => undefined,
    });

    const good = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics: quotes('AAPL.US') }));
    const heard: Heard[] = [];
    const slow = ownProcess(
      'nats/joinerProcess',
      { nats: theatre.server.url, symbol: 'AAPL.US' },
      { line: (line) => heard.push(JSON.parse(line) as Heard), error: console.error },
    );
    try {
      await until(() => states.at(-1)?.joiners === 2);
      const sent: FeedEvent[] = [];
      const say = async (count: number): Promise<void> => {
        for (let n = 0; n < count; n += 1) {
          const event = large(sent.length + 1);
          sent.push(event);
          vendor$.next(event);
        }
        await new Promise((resolve) => setImmediate(resolve));
        await hosting.flush();
      };
      vendor$.next(connected(Date.now()));
      await say(10);
      await until(() => heard.at(-1)?.last === 10);

      slow.kill('SIGSTOP');
      while ((await cuts()).length === 0) await say(100);
      slow.kill('SIGCONT');
      await until(() => heard.filter(({ kind }) => kind === 'connected').length === 2);
      await say(10);
      await until(() => heard.at(-1)?.last === sent.length && good.of('quote').length === sent.length);

      expect(await cuts()).toHaveLength(1);
      const links = heard.filter(({ kind }) => kind === 'connected' || kind === 'disconnected');
      expect(links.map(({ kind }) => kind)).toEqual(['connected', 'disconnected', 'connected']);
      const { from = Infinity, to = -Infinity, lost } = links[2]?.resumed ?? {};
      const numbers = new Set(heard.map(({ last }) => last));
      // It may have joined between the first events, of which the last value is read then.
      const first = heard.find(({ last }) => last !== undefined)?.last ?? 0;
      const missing = sent.filter((_, at) => at + 1 > first && !numbers.has(at + 1));
      expect(missing.length).toBeGreaterThan(100);
      const outside = missing.filter(({ receivedAt }) => receivedAt < from || receivedAt > to);
      expect(outside.map(({ receivedAt }) => receivedAt)).toEqual([]);
      // The last of those that were lost is read as the last value.
      expect([missing.length, missing.length + 1]).toContain(lost);

      expect(good.of('quote').map(({ last }) => last)).toEqual(sent.map((_, at) => at + 1));
      expect(good.of('disconnected')).toEqual([]);
      expect(new Set(states.slice(1).map(({ role, epoch }) => `${role} ${epoch}`)).size).toBe(1);
      expect(standby.map(({ role }) => role)).toEqual(['standby']);
    } finally {
      slow.kill('SIGKILL');
    }
  });
});
