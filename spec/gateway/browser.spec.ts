import { buildSync } from 'esbuild';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import type * as Browser from '../../lib/gateway/browser.js';
import type { quotes as Quotes } from '../../lib/model/topic.js';
import { root } from '../sources/files.js';
import { listen, until, type Listener } from '../nats/stage.js';
import { connected, opened, quote, vendor } from './stage.js';

/** The door as a bundler makes it for a page, with what a page has and nothing of Node. */
const bundled = () => {
  const contents = `export { joinFeed } from './lib/gateway/browser.ts'; export { quotes } from './lib/model/topic.ts';`;
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'rxtape',
    write: false,
  });
  const page = new EventTarget();
  const listening = {
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  };
  const globals = {
    ...{ WebSocket, URL, TextEncoder, TextDecoder, performance },
    ...{ setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask },
    window: listening,
    document: { visibilityState: 'visible' },
    navigator: { onLine: true },
  };
  const code = `${outputFiles[0]?.text ?? ''};rxtape`;
  return runInNewContext(code, globals) as { joinFeed: typeof Browser.joinFeed; quotes: typeof Quotes };
};

describe('the client of a gateway as it is bundled for a page', () => {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  it('has the link, the last values and what comes, and one gap where the gateway was lost', async () => {
    const { joinFeed, quotes } = bundled();
    const acme = vendor(60_000);
    const gate = await opened(acme.shared);
    stops.push(gate.close, acme.shared.close);
    const join = (): Listener => {
      const client = listen(joinFeed({ url: gate.url, topics: quotes('700.HK', 'AAPL.US'), backoff: () => 20 }));
      stops.push(client.leave);
      return client;
    };
    const early = join();
    await until(() => acme.asked().length === 2 || early.ended.error !== undefined);
    expect(String(early.ended.error)).toBe('undefined');
    acme.say(connected(), quote('700.HK', 1), quote('AAPL.US', 2));
    const late = join();
    await until(() => late.of('quote').length === 2 && early.of('quote').length === 2);
    expect(late.events[0]).toMatchObject({ kind: 'connected', feed: 'acme' });
    acme.say(quote('AAPL.US', 3));
    await until(() => late.of('quote').length === 3);
    for (const socket of gate.server.clients) socket.terminate();
    await until(() => [early, late].every((client) => client.of('connected').length === 2));
    acme.say(quote('AAPL.US', 4));
    await until(() => [early, late].every((client) => client.of('quote').at(-1)?.last === 4));
    for (const client of [early, late]) {
      expect(client.of('disconnected')).toHaveLength(1);
      expect(client.of('connected')[1]?.resumed).toMatchObject({ from: expect.any(Number) as number });
      expect(client.ended).toEqual({});
    }
  });
});
