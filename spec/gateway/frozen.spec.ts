import type { ChildProcess } from 'node:child_process';
import { joinFeed } from '../../lib/gateway/index.js';
import { writeWish } from '../../lib/gateway/wire.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Trade } from '../../lib/model/marketEvent.js';
import { quotes, trades } from '../../lib/model/topic.js';
import { ownProcess } from '../nats/ownProcess.js';
import { listen, until, type Listener } from '../nats/stage.js';
import { connected, deafClient, opened, quote, trade, vendor } from './stage.js';

let stops: (() => unknown)[];
beforeEach(() => {
  stops = [];
});
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
});

const started = (path: string, settings: unknown, line: (text: string) => void): ChildProcess => {
  const child = ownProcess(path, settings, { line, error: console.error });
  stops.push(() => child.kill('SIGKILL'));
  return child;
};

describe('a gateway whose process is frozen', () => {
  it('is lost after the silence, and is one gap until it is heard again', async () => {
    const said: string[] = [];
    const process = started('gateway/gatewayProcess', {}, (line) => said.push(line));
    await until(() => said.length === 1);
    const url = `ws://127.0.0.1:${said[0]}`;
    const client = listen(
      joinFeed({ url, topics: quotes('A.US'), maxSilence: 1_500, connectTimeout: 500, backoff: () => 50 }),
    );
    stops.push(client.leave);
    await until(() => client.of('quote').length > 20);

    const stoppedAt = Date.now();
    process.kill('SIGSTOP');
    await until(() => client.of('disconnected').length > 1);
    const before = client.of('quote').length;
    const continuedAt = Date.now();
    process.kill('SIGCONT');
    await until(() => client.of('connected').length === 2 && client.of('quote').length > before + 20);

    const causes = client.of('disconnected').map(({ cause, attempt }) => [attempt, cause._tag]);
    expect(causes.slice(0, 2)).toEqual([
      [1, 'HeartbeatMissed'],
      [2, 'ConnectTimeout'],
    ]);
    const { from = Infinity, to = -Infinity } = client.of('connected')[1]?.resumed ?? {};
    expect(from).toBeLessThanOrEqual(stoppedAt + 20);
    expect(to).toBeGreaterThanOrEqual(continuedAt);
    // The last value is of the hole, what follows is not.
    const [value, ...live] = client.of('quote').slice(before);
    expect(value?.receivedAt).toBeLessThanOrEqual(to);
    const numbers = live.map(({ last }) => last);
    expect(numbers).toEqual(numbers.map((_, at) => (value?.last ?? NaN) + 1 + at));
    expect(client.events.every(({ feed }) => feed === 'acme')).toBe(true);
    expect(client.ended).toEqual({});
  });
});

type Said = FeedEvent & { readonly merged?: number; readonly firstAt?: number; readonly lastAt?: number };

describe('a client that is frozen', () => {
  const large = <E extends FeedEvent>(event: E): E => Object.assign(event, { note: 'x'.repeat(1_000) });
  const countOf = (events: readonly Said[]): number => events.reduce((sum, { merged = 1 }) => sum + merged, 0);
  const lastOf = ({ events }: Listener): number => {
    const last = events.at(-1);
    return last?.kind === 'quote' ? last.last : last?.kind === 'trade' ? last.price : 0;
  };

  it('hears fewer quotes that say so, and has a gap with the count where that does not do; nobody else notices', async () => {
    const acme = vendor();
    const gate = await opened(acme.shared, { maxBuffered: 50_000, maxWaiting: 200 });
    stops.push(gate.close);
    const heard: Said[] = [];
    const slow = started('gateway/clientProcess', { url: gate.url }, (line) => heard.push(JSON.parse(line) as Said));
    const good = listen(joinFeed({ url: gate.url, topics: [...quotes('A.US'), ...trades('B.US')] }));
    stops.push(good.leave);
    const kinds = (kind: FeedEvent['kind']): readonly Said[] => heard.filter((event) => event.kind === kind);
    const clients = gate.gateway.clients;
    await until(() => clients().filter(({ topics }) => topics.length === 2).length === 2);

    let quoted = 0;
    const traded: Trade[] = [];
    const sayQuotes = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) acme.say(large(quote('A.US', (quoted += 1))));
      // So much at a time as who reads takes.
      await until(() => lastOf(good) === quoted);
    };
    const sayTrades = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        const event = large(trade('B.US', traded.length + 1));
        traded.push(event);
        acme.say(event);
      }
      await until(() => lastOf(good) === traded.length);
    };
    acme.say(connected());
    await sayQuotes(10);
    await sayTrades(1);
    await until(() => kinds('quote').length === 10 && kinds('trade').length === 1);

    slow.kill('SIGSTOP');
    while (clients().every(({ conflated }) => conflated < 500)) await sayQuotes(40);
    slow.kill('SIGCONT');
    await until(() => countOf(kinds('quote')) === quoted);
    const merged = kinds('quote').filter((event) => event.merged !== undefined);
    expect(merged.length).toBeGreaterThan(0);
    for (const { firstAt = NaN, lastAt, receivedAt } of merged) {
      expect(firstAt).toBeLessThanOrEqual(receivedAt);
      expect(lastAt).toBe(receivedAt);
    }
    expect(kinds('disconnected')).toEqual([]);

    slow.kill('SIGSTOP');
    while (clients().every(({ lost }) => lost === 0)) await sayTrades(40);
    await sayTrades(40);
    slow.kill('SIGCONT');
    await until(() => kinds('connected').length === 2);
    await sayTrades(1);
    await sayQuotes(1);
    await until(() => heard.some((event) => event.kind === 'trade' && event.price === traded.length));
    await until(() => heard.some((event) => event.kind === 'quote' && event.last === quoted));

    const links = heard.filter(({ kind }) => kind === 'connected' || kind === 'disconnected');
    expect(links.map(({ kind }) => kind)).toEqual(['connected', 'disconnected', 'connected']);
    const { resumed } = links[2] as FeedEvent & { readonly kind: 'connected' };
    const prices = new Set(kinds('trade').map((event) => (event as Trade).price));
    const missing = traded.filter(({ price }) => !prices.has(price));
    expect(missing.length).toBeGreaterThan(200);
    // The last one that was lost is said as the last value.
    expect(resumed?.lost).toBe(missing.length + 1);
    const { from = Infinity, to = -Infinity } = resumed ?? {};
    expect(missing.filter(({ receivedAt }) => receivedAt < from || receivedAt > to)).toEqual([]);

    expect(good.of('disconnected')).toEqual([]);
    expect(good.of('trade').map(({ price }) => price)).toEqual(traded.map(({ price }) => price));
  });

  it('goes on being watched for, so that the vendor is not left though it is the only client', async () => {
    const acme = vendor();
    const gate = await opened(acme.shared, { maxBuffered: 50_000, maxWaiting: 200 });
    stops.push(gate.close, await deafClient(gate.port, writeWish(trades('B.US'))));
    await until(() => acme.asked().length === 1);
    acme.say(connected());
    while (gate.gateway.clients().every(({ lost }) => lost < 500)) {
      for (let n = 0; n < 40; n += 1) acme.say(large(trade('B.US', n)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([acme.feeds(), acme.asked()]).toEqual([1, ['trade B.US']]);
  });
});
