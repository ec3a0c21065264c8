import { gaps } from '../../lib/operators/gaps.js';
import type { Gap } from '../../lib/model/link.js';
import { InvalidOption } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades } from '../../lib/model/topic.js';
import { hostFeed, joinFeed } from '../../lib/nats/index.js';
import { Subject } from 'rxjs';
import { lossy } from './lossy.js';
import { describeWithNats } from './describeWithNats.js';
import { listen, stage, until, type HostProcess, type Listener, type Stage } from './stage.js';

const LEASE = 1_500;
/** Why a joiner may lose something when NATS restarts. */
const EXPECTED = /connection to NATS|another process owns|were lost on the way from the owner/;
const topics = [...quotes('AAPL.US', '700.HK'), ...trades('AAPL.US')];

/** The gaps of what was heard. */
const gapsOf = ({ events }: Listener): readonly Gap[] => {
  const found: Gap[] = [];
  const events$ = new Subject<FeedEvent>();
  events$.pipe(gaps()).subscribe((gap) => found.push(gap));
  for (const event of events) events$.next(event);
  return found;
};

describeWithNats('when something dies', () => {
  let theatre: Stage;
  beforeEach(async () => {
    theatre = await stage();
  });
  afterEach(() => theatre.close());

  const twoHosts = async (): Promise<readonly [HostProcess, HostProcess]> => {
    const hosts = [theatre.host({ lease: LEASE }), theatre.host({ lease: LEASE })];
    await until(() => hosts.every(({ states }) => states.length > 0) && hosts.some((host) => host.isOwner()));
    const [owner, next] = hosts.sort((a, b) => Number(b.isOwner()) - Number(a.isOwner()));
    if (!owner || !next) throw new Error('there are two');
    return [owner, next];
  };
  const joined = async (maxSilence = LEASE): Promise<Listener> =>
    listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics, maxSilence }));
  const hearing = (listener: Listener): Promise<void> => {
    const before = listener.of('quote').length;
    return until(() => listener.of('quote').length > before + 4);
  };

  it('another host takes over from one that is killed, and each joiner has one gap, a lease long at most', async () => {
    const [owner, next] = await twoHosts();
    const joiners = [await joined(), await joined()];
    await Promise.all(joiners.map(hearing));
    owner.kill('SIGKILL');
    await until(() => next.isOwner());
    await Promise.all(joiners.map(hearing));
    for (const joiner of joiners) {
      const found = gapsOf(joiner);
      expect(found).toHaveLength(1);
      expect((found[0]?.to ?? NaN) - (found[0]?.from ?? NaN)).toBeLessThan(LEASE + 500);
    }
    expect(theatre.most()).toBe(1);
  });

  it('a host that was frozen for three leases says nothing more, and does not come back to the vendor', async () => {
    const [owner, next] = await twoHosts();
    const joiner = await joined();
    await hearing(joiner);
    owner.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 3 * LEASE));
    const { accepted } = theatre.vendor.itick;
    owner.kill('SIGCONT');
    await until(() => owner.states.at(-1)?.role === 'standby');
    await hearing(joiner);
    await hearing(joiner);
    expect(next.isOwner()).toBe(true);
    expect(gapsOf(joiner)).toHaveLength(1);
    expect(joiner.of('disconnected').every(({ cause }) => cause.message !== 'undefined')).toBe(true);
    expect(theatre.vendor.itick.accepted).toBe(accepted);
    const stamps = joiner.of('trade').map(({ time }) => time);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
  });

  it('all recover from a restart of NATS, with its store and without', async () => {
    await twoHosts();
    const joiner = await joined();
    await hearing(joiner);
    const stopped: number[] = [];
    for (const forget of [false, true]) {
      stopped.push(Date.now());
      await theatre.server.stop(forget);
      await until(() => joiner.of('disconnected').length > joiner.of('connected').length - 1);
      await theatre.server.start();
      await hearing(joiner);
    }
    const found = gapsOf(joiner);
    for (const at of stopped) expect(found.some(({ from, to }) => from <= at + 500 && at <= to)).toBe(true);
    // An owner that could not renew its lease in time leaves it to the other host, which is one gap more. So is what an owner
    // wrote to the server that was dying, where the joiner was back before it: the joiner finds by the numbers that it is lost.
    const reasons = found.map(({ cause }) => cause?.message ?? 'none');
    expect(reasons.filter((reason) => reason.includes('the connection to NATS was lost'))).toHaveLength(2);
    expect(reasons.filter((reason) => !EXPECTED.test(reason))).toEqual([]);
    expect(theatre.most()).toBe(1);
    expect(joiner.ended).toEqual({});
  });

  it('a message that is lost is a gap that it lies in, and is counted', async () => {
    await twoHosts();
    const lost: number[] = [];
    let isDue = false;
    const nats = lossy(await theatre.connect(), (message) => {
      if (!isDue || !message.subject.includes('.live.quote.')) return false;
      isDue = false;
      lost.push(...message.json<{ receivedAt: number }[]>().map(({ receivedAt }) => receivedAt));
      return true;
    });
    const joiner = listen(joinFeed({ nats, name: 'us', topics }));
    await hearing(joiner);
    for (let n = 1; n <= 10; n += 1) {
      isDue = true;
      await until(() => joiner.of('connected').length === n + 1, 2_000);
    }
    const found = gapsOf(joiner);
    for (const at of lost) expect(found.some(({ from, to }) => from <= at && at <= to)).toBe(true);
    const counted = joiner.of('connected').reduce((sum, { resumed }) => sum + (resumed?.lost ?? 0), 0);
    expect(counted).toBe(lost.length);
    expect(joiner.of('disconnected')[0]?.cause.message).toContain('lost on the way');
  });

  it('the last message before silence is missed by the beat', async () => {
    await twoHosts();
    let isDeaf = false;
    const nats = lossy(await theatre.connect(), ({ subject }) => isDeaf && subject.includes('.live.'));
    const joiner = listen(joinFeed({ nats, name: 'us', topics }));
    await hearing(joiner);
    isDeaf = true;
    await until(() => joiner.of('disconnected').length > 0, 2_000);
  });

  it('a host with another lease does not stand', async () => {
    await twoHosts();
    const ended = await new Promise((resolve) => {
      void theatre
        .connect()
        .then((nats) =>
          hostFeed({ nats, name: 'us', lease: 2 * LEASE, makeFeed: () => new Subject() }).subscribe({ error: resolve }),
        );
    });
    expect(ended).toBeInstanceOf(InvalidOption);
    expect(String(ended)).toContain(String(LEASE));
  });
});
