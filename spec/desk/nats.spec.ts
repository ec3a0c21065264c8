import type { Page } from 'playwright-core';
import { describeSkipped } from '../describeSkipped.js';
import { noNats } from '../nats/describeWithNats.js';
import { describeInBrowser } from './browser.js';
import { aDesk, isBack, keptBy, linkOf, pricesMove, rowOf } from './desk.js';
import { until } from './until.js';

/** What a browser says of a server that is away, whatever its page does. */
const AWAY = /^WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/' failed/;

/** After so many attempts a client of NATS gives up, if it is not told otherwise. */
const PATIENCE = 10;

const describeHere: typeof describeInBrowser = (name, body) =>
  noNats === undefined ? describeInBrowser(name, body) : describeSkipped(name, noNats, body);

describeHere('the desk over NATS', () => {
  const { open, served, context, said } = aDesk({ nats: true, expected: AWAY });

  const sockets = async () => {
    const seen = await Promise.all([served().seen('itick'), served().seen('tickflow')]);
    return seen.map(({ live }) => live);
  };
  const gapOf = async (page: Page, vendor: 'iTick' | 'TickFlow', before: string | null = 'no gap yet') =>
    until(
      () => linkOf(page, vendor),
      (link) => isBack(link) && link.gap !== before,
    );

  it('costs one socket to each vendor, whatever the count of pages that joined', async () => {
    const joined: string[] = [];
    context().on('page', (page) => page.on('websocket', (socket) => joined.push(socket.url())));
    const pages = await Promise.all(['?alone', '?alone&symbols=AAPL.US,700.HK'].map(open));
    await Promise.all(pages.map(pricesMove));
    expect(await sockets()).toEqual([1, 1]);
    expect(joined).toHaveLength(2);
    expect(new Set(joined).size).toBe(1);
  });

  it('shows the gap of a vendor that hung up, and is back', async () => {
    const page = await open();
    const before = await linkOf(page, 'TickFlow');
    await served().drop('itick');
    const { gap } = await gapOf(page, 'iTick');
    expect(gap).toMatch(/^gap \d\d:\d\d:\d\d, \d+\.\d s$/);
    expect(await linkOf(page, 'TickFlow')).toEqual(before);
    await pricesMove(page);
  });

  it('shows that NATS is away, however long that is, and is back with the gap', async () => {
    const page = await open();
    let attempts = 0;
    page.on('websocket', () => (attempts += 1));
    const links = () => Promise.all([linkOf(page, 'iTick'), linkOf(page, 'TickFlow')]);
    const [itick, tickflow] = await links();
    await served().stopNats();
    try {
      await page.locator('[data-link=lost]').nth(1).waitFor();
      await until(
        () => Promise.resolve(attempts),
        (count) => count > PATIENCE,
      );
    } finally {
      await served().startNats();
    }
    await gapOf(page, 'iTick', itick.gap);
    await gapOf(page, 'TickFlow', tickflow.gap);
    await pricesMove(page);
    expect(await sockets()).toEqual([1, 1]);
  }, 60_000);

  it('has bars of the past', async () => {
    const page = await open();
    await until(
      () => page.locator('app-chart').getAttribute('aria-label'),
      (label) => /\b2\d\d bars/.test(label ?? ''),
    );
  });

  it('has coins, of a host of Binance, with bars of the past and a whole book', async () => {
    const page = await open('?alone&symbols=BTCUSDT.BA,600000.SH');
    await until(
      () => page.locator('app-chart').getAttribute('aria-label'),
      (label) => /^600000\.SH, 2\d\d bars/.test(label ?? ''),
    );
    await rowOf(page, 'BTCUSDT.BA').click();
    await until(
      () => page.locator('app-chart').getAttribute('aria-label'),
      (label) => /^BTCUSDT\.BA, 2\d\d bars/.test(label ?? ''),
    );
    await until(
      () => page.locator('app-ladder li .num').allInnerTexts(),
      (texts) => texts.filter((text) => text !== '').length === 60,
    );
    expect((await served().seen('binance')).live).toBe(1);
  });

  it('brings no key of a vendor into a page', async () => {
    const heard: Promise<string>[] = [];
    context().on('response', (response) => heard.push(response.text().catch(String)));
    context().on('request', (request) => heard.push(request.allHeaders().then((headers) => JSON.stringify(headers))));
    context().on('page', (page) =>
      page.on('websocket', (socket) => {
        const note = ({ payload }: { readonly payload: string | Buffer }) =>
          heard.push(Promise.resolve(payload.toString()));
        socket.on('framereceived', note).on('framesent', note);
      }),
    );
    const page = await open();
    await served().drop('itick');
    await gapOf(page, 'iTick');
    await pricesMove(page);
    const all = [await keptBy(page), page.url(), ...said(), ...(await Promise.all(heard))].join('\n');
    expect(all).toContain('rxtape.v1.itick.live.quote');
    expect(all).toContain('"kind":"connected"');
    expect(all).toContain('app-desk');
    expect(served().key).toMatch(/^[\w-]{36}$/);
    // Compared here, as a failure would print all of it.
    expect(all.includes(served().key)).toBe(false);
  });
});
