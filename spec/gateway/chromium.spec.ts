import { buildSync } from 'esbuild';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser as Chromium } from 'playwright-core';
import { Subject } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, type Topic } from '../../lib/model/topic.js';
import { describeInBrowser, launch } from '../desk/browser.js';
import { listen, until } from '../nats/stage.js';
import { root } from '../sources/files.js';
import { connected, opened, quote, vendor } from './stage.js';

const stops: (() => unknown)[] = [];

/** What a page of a real browser hears of a gateway, and what goes wrong in it. */
const joinedPage = async (chromium: Chromium, url: string, topics: readonly Topic[]) => {
  const contents = `
    import { joinFeed } from './lib/gateway/browser.ts';
    const wish = { ...${JSON.stringify({ url, topics })}, backoff: () => 50 };
    joinFeed(wish).subscribe({ next: hear, error: (error) => end(String(error)), complete: () => end('completed') });`;
  const options = { bundle: true, platform: 'browser', format: 'iife', write: false } as const;
  const { outputFiles } = buildSync({ ...options, stdin: { contents, resolveDir: root } });
  const site = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html>'));
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const page = await chromium.newPage();
  stops.push(() => (site.closeAllConnections(), site.close()));
  stops.push(() => page.close());
  const said$ = new Subject<FeedEvent>();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  await page.exposeFunction('hear', (event: FeedEvent) => said$.next(event));
  await page.exposeFunction('end', (how: string) => void wrong.push(how));
  const heard = listen(said$);
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  return { page, wrong, ...heard };
};

describeInBrowser('the client of a gateway in Chromium', () => {
  let chromium: Chromium;
  beforeAll(async () => (chromium = await launch()));
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  afterAll(() => chromium.close());

  it('has the link, the last value, what comes and what is refused, and resumes with a new gateway', async () => {
    const acme = vendor(60_000);
    stops.push(acme.shared.close, listen(acme.shared.watch(quotes('700.HK'))).leave);
    acme.say(connected(), quote('700.HK', 1));
    const options = { allow: (topics: readonly Topic[]) => topics.filter(({ symbol }) => symbol !== 'AAPL.US') };
    const first = await opened(acme.shared, options);
    stops.push(first.close);
    const { page, events, wrong, of } = await joinedPage(chromium, first.url, quotes('700.HK', 'AAPL.US'));
    await until(() => of('refused').length === 1 && of('quote').length === 1);
    expect(events[0]).toMatchObject({ kind: 'connected', feed: 'acme' });
    expect(of('refused')[0]).toMatchObject({ feed: 'gateway', topics: quotes('AAPL.US') });
    expect(of('quote')[0]).toMatchObject({ symbol: '700.HK', last: 1 });
    acme.say(quote('700.HK', 2), quote('AAPL.US', 3));
    await until(() => of('quote').at(-1)?.last === 2);
    await first.close();
    // The second for a connection that Chromium was refused: there is no gateway then.
    await until(() => of('disconnected').length > 1);
    acme.say(quote('700.HK', 4));
    const second = await opened(acme.shared, options, first.port);
    stops.push(second.close);
    await until(() => of('quote').at(-1)?.last === 4);
    acme.say(quote('700.HK', 5));
    await until(() => of('quote').at(-1)?.last === 5 && of('refused').length === 2);
    expect(of('connected').map(({ resumed }) => typeof resumed?.from)).toEqual(['undefined', 'number']);
    expect(of('disconnected')[1]).toMatchObject({ feed: 'acme', attempt: 2 });
    expect(of('quote').every(({ symbol }) => symbol === '700.HK')).toBe(true);
    // The last thing, so that it is known that an error before it would have been heard.
    await page.evaluate(() => void Promise.reject(new Error('only this')));
    await until(() => wrong.length > 0);
    expect(wrong).toEqual(['Error: only this']);
  });
});
