import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, linkOf, rowOf } from './desk.js';
import { until } from './until.js';

/** What a browser says of a server that refuses, whatever its page does. */
const REFUSED = /^WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/\S*' failed/;
/** The vendor that usually serves has to be back for twelve seconds. */
const BACK = 60_000;

const query = '?alone&symbols=600000.SH,600519.SH,BTCUSDT.BA';
const TIME = String.raw`\d\d:\d\d:\d\d`;

const servingOf = (page: Page): Promise<string> => page.locator('app-serving p').innerText();
const logOf = (page: Page): Promise<string[]> => page.locator('app-serving li').allTextContents();
/** The symbols whose figures are of the vendor that usually stands by. */
const standInsOf = (page: Page): Promise<(string | null)[]> =>
  page.locator('[data-stands-in=TickFlow]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-symbol')));

const says = (page: Page, words: RegExp) =>
  until(
    () => servingOf(page),
    (text) => words.test(text),
  );
const standIn = (page: Page, symbols: readonly string[]) =>
  until(
    () => standInsOf(page),
    (all) => all.join() === symbols.join(),
  );
const priceMoves = async (page: Page, symbol: string): Promise<void> => {
  const price = () => rowOf(page, symbol).locator('.last').innerText();
  const before = await price();
  await until(price, (after) => after !== before);
};

describeInBrowser('the desk on two lines', () => {
  const { open, served, context } = aDesk({ expected: REFUSED });

  it('says who serves, goes over to the other vendor when that is cut, says that once, and goes back', async () => {
    const page = await open(query);
    await says(page, /^iTick serves · TickFlow stands by$/);
    expect(await page.locator('app-serving summary').innerText()).toBe('no switch yet');
    await until(
      () => rowOf(page, '600519.SH').getAttribute('data-state'),
      (state) => state === 'fresh',
    );
    expect(await standInsOf(page)).toEqual([]);

    await page.getByRole('button', { name: 'Simulator' }).click();
    await page.getByRole('button', { name: 'Drop iTick', exact: true }).click();
    await says(page, new RegExp(`^TickFlow serves since ${TIME} · iTick does not stand by$`));
    await standIn(page, ['600000.SH', '600519.SH']);
    await priceMoves(page, '600000.SH');
    expect(await rowOf(page, '600000.SH').locator('.name').innerText()).toContain('TickFlow');
    expect(await page.locator('.partly').innerText()).toMatch(
      new RegExp(`^TickFlow serves 600000\\.SH since ${TIME}: the connection was lost`),
    );
    expect(await logOf(page)).toEqual([
      expect.stringMatching(new RegExp(`^${TIME} TickFlow serves all: the connection was lost.*; nothing missing`)),
    ]);
    // What only iTick serves stays with it.
    await page.locator('.prints .hole').waitFor();

    await page.locator('app-serving p', { hasText: /^iTick serves since/ }).waitFor({ timeout: BACK });
    await standIn(page, []);
    await priceMoves(page, '600000.SH');
    expect(await servingOf(page)).toMatch(new RegExp(`^iTick serves since ${TIME} · TickFlow stands by$`));
    expect(await page.locator('.partly').count()).toBe(0);
    const log = await logOf(page);
    expect(log).toHaveLength(2);
    expect(log[0]).toMatch(new RegExp(`^${TIME} iTick serves all: it is back; nothing missing`));
  }, 120_000);

  it('says that nothing stands by, and switches nothing, when the other vendor is lost', async () => {
    const page = await open(query);
    await says(page, /^iTick serves · TickFlow stands by$/);
    await served().refuse('tickflow', true);
    await says(page, /^iTick serves · TickFlow does not stand by$/);
    expect(await logOf(page)).toEqual([
      expect.stringMatching(new RegExp(`^${TIME} TickFlow does not stand by: \\S.*; nothing missing`)),
    ]);
    await priceMoves(page, '600000.SH');
    await served().refuse('tickflow', false);
    await says(page, /^iTick serves · TickFlow stands by$/);
    expect(await logOf(page)).toHaveLength(1);
  }, 60_000);

  it('serves the other vendor from the beginning, where the first one is away', async () => {
    await served().refuse('itick', true);
    const page = await context().newPage();
    await page.goto(served().url + query);
    await says(page, new RegExp(`^TickFlow serves since ${TIME} · iTick does not stand by$`));
    await standIn(page, ['600000.SH', '600519.SH']);
    await priceMoves(page, '600000.SH');
    expect(await linkOf(page, 'iTick')).toEqual({ state: 'lost', gap: 'nothing received yet' });
    await served().refuse('itick', false);
  }, 60_000);

  it('goes over with one symbol alone, where that is silent', async () => {
    const page = await context().newPage();
    let isSilent = false;
    await page.routeWebSocket(/\/stock$/, (socket) => {
      const vendor = socket.connectToServer();
      vendor.onMessage((frame) => {
        if (!isSilent || !frame.toString().includes('600519')) socket.send(frame);
      });
    });
    await page.goto(served().url + query);
    await rowOf(page, '600519.SH').and(page.locator('[data-state=fresh]')).waitFor();
    isSilent = true;
    await standIn(page, ['600519.SH']);
    await says(page, /^iTick serves · TickFlow stands by and serves 600519\.SH$/);
    await priceMoves(page, '600519.SH');
    await rowOf(page, '600519.SH').click();
    await page
      .locator('.partly', { hasText: /^TickFlow serves 600519\.SH since .*: the other one was silent$/ })
      .waitFor();
    expect(await logOf(page)).toEqual([
      expect.stringMatching(
        new RegExp(`^${TIME} TickFlow serves 600519\\.SH: the other one was silent; nothing missing`),
      ),
    ]);

    isSilent = false;
    await page.locator('app-serving p', { hasText: /^iTick serves · TickFlow stands by$/ }).waitFor({ timeout: BACK });
    await standIn(page, []);
    expect(await logOf(page)).toHaveLength(2);
  }, 120_000);

  it('leaves with the other vendor what the first one refuses', async () => {
    const page = await context().newPage();
    await page.routeWebSocket(/\/stock$/, (socket) => {
      const vendor = socket.connectToServer();
      socket.onMessage((frame) => vendor.send(frame.toString().replaceAll('600519$SH', '609999$SH')));
    });
    await page.goto(served().url + query);
    await standIn(page, ['600519.SH']);
    await priceMoves(page, '600519.SH');
    await rowOf(page, '600519.SH').click();
    await page.locator('.partly', { hasText: /^refused: iTick: / }).waitFor();
    expect(await servingOf(page)).toBe('iTick serves · TickFlow stands by');
    expect(await logOf(page)).toEqual([]);
  }, 60_000);
});
