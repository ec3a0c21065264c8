import { run } from '../../lib/bin/run.js';
import { startSimulator, type Simulator } from '../../lib/simulator/index.js';
import { describeWithNats } from '../nats/describeWithNats.js';
import { documented, owner, reader } from '../nats/documented.js';
import { freePort, startNats, type NatsServer } from '../nats/natsServer.js';
import { until } from '../nats/stage.js';
import { fakeIo } from './fakeIo.js';

type FakeIo = ReturnType<typeof fakeIo>;

const started = (line: string, env: Record<string, string> = {}) => {
  const io = fakeIo();
  const code = run(line.split(' ').filter(Boolean), env, io);
  return { io, code, stop: () => (io.interrupted$.next(), code) };
};
const rxtape = async (line: string, env: Record<string, string> = {}) => {
  const { io, code } = started(line, env);
  return { code: await code, stderr: io.stderr.text, stdout: io.stdout.text };
};
const events = ({ stdout }: FakeIo) => stdout.lines().map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a wrong command line about NATS', () => {
  it.each([
    ['serve', /a host has one source.*write rxtape serve itick:stock/],
    ['serve itick:stock AAPL.US --nats nats://h', /a host has one source/],
    ['serve itick:stock', /name the NATS server; write rxtape serve itick:stock --nats nats:\/\/127\.0\.0\.1/],
    ['serve itick:stock --nats host:4222', /"host:4222" is no address of NATS, such as nats:\/\/127\.0\.0\.1:4222/],
    ['serve itick:stock --nats nats://h', /itick:stock needs ITICK_TOKEN in the environment/],
    ['serve nats://h/us --nats nats://h', /nats:\/\/h\/us is hosted already/],
    ['serve itick:stock --demo --nats nats://h/us --name eu', /two names, eu and us/],
    ['serve itick:stock --demo --nats nats://h --lease soon', /"soon" is not a duration/],
    ['serve itick:stock --nats nats://h --speed 5', /--speed is for the simulated market/],
    ['watch nats://h AAPL.US', /names no feed; write nats:\/\/h\/name/],
    ['watch nats://h/us', /"nats:\/\/h\/us" needs symbols after it/],
    ['watch nats://h/a.b AAPL.US', /nats:\/\/host\/name/],
    ['watch nats AAPL.US', /"nats" needs a name: nats:\/\/<host>\/<name>/],
    ['watch nats://h/us AAPL.US --demo', /--demo is for the host of a feed/],
    ['watch nats://h/us AAPL.US --url wss://x', /--url is for the host of a feed/],
    ['watch nats://h/us aapl.us', /invalid topic/],
    ['record nats://h/us AAPL.US --out /nowhere/x.ndjson', /has no frames of a vendor/],
    ['watch itick:stock AAPL.US --nats nats://h', /--nats is for rxtape serve, not for rxtape watch/],
  ])('has one line and exit code 2: %s', async (line, problem) => {
    const { code, stderr, stdout } = await rxtape(line);
    expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 2, stdout: '', lines: 2 });
    expect(stderr).toMatch(problem);
  });

  it.each(['serve itick:stock --demo --nats nats://me:hidden@h', 'watch nats://me:hidden@h/us AAPL.US'])(
    'does not repeat a login: %s',
    async (line) => {
      const { code, stderr } = await rxtape(line);
      expect(code).toBe(2);
      expect(stderr).toMatch(/put that into NATS_TOKEN, NATS_USER, NATS_PASSWORD, NATS_CREDS/);
      expect(stderr).not.toMatch(/hidden|me:/);
    },
  );
});

describe('without a NATS server', () => {
  it.each(['serve itick:stock --demo --nats', 'watch AAPL.US'])('says how to start one: %s', async (line) => {
    const address = `nats://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await rxtape(
      line.startsWith('serve') ? `${line} ${address}` : `watch ${address}/us AAPL.US`,
    );
    expect(code).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toContain(
      `no NATS server answers at ${address} (connection refused); start one with: nats-server -js`,
    );
  });
});

describeWithNats('rxtape serve and rxtape watch over a real NATS server', () => {
  let server: NatsServer;
  let vendors: Simulator | undefined;
  afterEach(async () => {
    await vendors?.close();
    vendors = undefined;
    await server.stop();
  });

  it('host a feed and join it, and hand it over on Ctrl-C', async () => {
    server = await startNats();
    const serve = (): ReturnType<typeof started> =>
      started(`serve itick:stock --nats ${server.url} --name us --lease 1500 --demo --speed 4`);
    const host = serve();
    await until(() => /owner, epoch 1: no topics of no joiners/.test(host.io.stdout.text));
    expect(host.io.stderr.text).toBe(`rxtape: serving itick:stock as ${server.url}/us; Ctrl-C hands it over\n`);
    expect(host.io.stdout.lines()[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} standby$/);

    const table = started(`watch ${server.url}/us AAPL.US --json`);
    const book = started(`book 700.HK ${server.url}/us --json`);
    await until(() => events(table.io).some(({ kind }) => kind === 'quote'));
    await until(() => book.io.stdout.text.includes('"bids"'));
    await until(() => /: 2 topics of 2 joiners/.test(host.io.stdout.text));
    expect(events(table.io)[0]).toMatchObject({ kind: 'connected', provider: 'itick', feed: 'itick:stock' });
    expect(await book.stop()).toBe(0);
    await until(() => /: 1 topic of 1 joiner$/m.test(host.io.stdout.text));

    const heir = serve();
    await until(() => /standby/.test(heir.io.stdout.text));
    const stoppedAt = performance.now();
    expect(await host.stop()).toBe(0);
    await until(() => /owner, epoch \d+: /.test(heir.io.stdout.text));
    expect(performance.now() - stoppedAt).toBeLessThan(1_400);
    await until(() => events(table.io).filter(({ kind }) => kind === 'connected').length === 2);
    expect(events(table.io).filter(({ kind }) => kind === 'disconnected')).toHaveLength(1);
    expect(await table.stop()).toBe(0);
    expect(await heir.stop()).toBe(0);
  });

  it('ends with the error of the vendor on both sides, in one line with the remedy and no credential', async () => {
    server = await startNats();
    vendors = await startSimulator();
    const host = started(`serve itick:stock --nats ${server.url} --name us`, {
      ITICK_TOKEN: 'hidden-token',
      ITICK_URL: vendors.url,
    });
    await until(() => host.io.stdout.text.includes('owner'));
    // The vendor is asked once something is wanted, and not before.
    expect(vendors.itick.accepted).toBe(0);
    const joiner = started(`watch ${server.url}/us AAPL.US`);
    expect([await host.code, await joiner.code]).toEqual([1, 1]);
    expect(vendors.itick.accepted).toBe(1);
    const problem = 'Unauthorized: the vendor refused the credential';
    const [hosting, ended, ...more] = host.io.stderr.lines();
    expect([hosting, more]).toEqual([expect.stringContaining('rxtape: serving itick:stock'), []]);
    expect(ended).toMatch(new RegExp(`^rxtape: itick:stock: ${problem}.*;`));
    expect(joiner.io.stderr.lines()).toEqual([
      expect.stringContaining('rxtape: watching'),
      ended?.replace('itick:stock', `${server.url}/us`),
    ]);
    for (const { io } of [host, joiner]) expect(io.stderr.text + io.stdout.text).not.toContain('hidden');
  });

  it('logs in with what the environment has, and says so where it has nothing', async () => {
    server = await startNats(() => 'authorization { user: desk, password: hidden }');
    const line = `serve itick:stock --demo --nats ${server.url} --for 300ms`;
    const refused = await rxtape(line);
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: `rxtape: the NATS server at ${server.url} refused the login; set NATS_TOKEN, NATS_USER, NATS_PASSWORD, NATS_CREDS in the environment\n`,
    });
    const taken = await rxtape(line, { NATS_USER: 'desk', NATS_PASSWORD: 'hidden' });
    expect(taken.code).toBe(0);
    expect(taken.stderr + taken.stdout).not.toContain('hidden');
    const unread = await rxtape(line, { NATS_CREDS: '/nowhere/user.creds' });
    expect(unread.stderr).toBe('rxtape: the file that NATS_CREDS names cannot be read\n');
  });

  it('read as the user of the docs, who may hear its own answers only', async () => {
    server = await startNats(documented);
    const host = started(`serve itick:stock --nats ${server.url} --name us --demo --speed 4`, {
      NATS_USER: owner.user,
      NATS_PASSWORD: owner.pass,
    });
    const login = { NATS_USER: reader.user, NATS_PASSWORD: reader.pass, NATS_INBOX_PREFIX: reader.inboxPrefix };
    const joiners = ['watch', 'book', 'klines'].map((view) =>
      started(`${view} ${server.url}/us AAPL.US --json`, login),
    );
    await until(() => joiners.slice(0, 2).every(({ io }) => io.stdout.lines().length > 3));
    await until(() => /: \d topics? of 3 joiners/.test(host.io.stdout.text));
    expect(await Promise.all([...joiners, host].map(({ stop }) => stop()))).toEqual([0, 0, 0, 0]);

    const { NATS_USER, NATS_PASSWORD } = login;
    const line = `watch ${server.url}/us AAPL.US`;
    const deaf = await rxtape(line, { NATS_USER, NATS_PASSWORD });
    expect(deaf.code).toBe(1);
    expect(deaf.stderr.split('\n').slice(1)).toEqual([
      expect.stringMatching(
        /its user may not subscribe to _INBOX\..* `inboxPrefix` .*, the console with NATS_INBOX_PREFIX/,
      ),
      '',
    ]);
    const wrong = await rxtape(line, { ...login, NATS_INBOX_PREFIX: '_INBOX.>' });
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringContaining('/us: NATS_INBOX_PREFIX is the beginning of a subject'),
    ]);
  });
});
