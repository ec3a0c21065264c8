import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, areLive, isBack, linkOf, rowOf } from './desk.js';
import { until } from './until.js';

const label = async (page: Page): Promise<string> => (await page.locator('app-chart').getAttribute('aria-label')) ?? '';
const colourOf = (page: Page, selector: string): Promise<string> =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => (globalThis as unknown as Window).getComputedStyle(element).color);

interface Window {
  readonly getComputedStyle: (element: unknown) => { readonly color: string };
}

describeInBrowser('what is shown of a symbol', () => {
  const { open, served } = aDesk();
  const query = '?alone&symbols=600000.SH,AAPL.US';

  it.each(['5m', '15m', '30m', '1h', '1d'])('is a chart of %s that starts full, its average too', async (length) => {
    const page = await open(query);
    await page.getByRole('button', { name: length, exact: true }).click();
    const said = await until(
      () => label(page),
      (text) => new RegExp(`, 2\\d\\d bars of ${length}, `).test(text),
    );
    const [, bars = '', average = ''] = /, (\d+) bars .* average of 20 at (\d+)$/.exec(said) ?? [];
    expect(Number(average)).toBe(Number(bars) - 19);
    expect(await page.locator('.average').innerText()).toMatch(/^MA 20 \d+\.\d{3}$/);
  });

  it('goes by the clock of its exchange, with its zone', async () => {
    const page = await open(query);
    expect(await page.locator('.zone').innerText()).toMatch(/^\d\d:\d\d:\d\d GMT\+8$/);
    await rowOf(page, 'AAPL.US').click();
    await until(
      () => page.locator('.zone').innerText(),
      (text) => /E[SD]T$/.test(text),
    );
  });

  it('says open, high, low, close and volume where the pointer is', async () => {
    const page = await open(query);
    await until(
      () => label(page),
      (text) => / 2\d\d bars/.test(text),
    );
    const box = await page.locator('app-chart').boundingBox();
    if (!box) throw new Error('no chart');
    // A pointer that stands still says nothing to a chart that is drawn later.
    let y = box.y + 80;
    await until(
      async () => {
        y = 2 * box.y + 180 - y;
        await page.mouse.move(box.x + box.width / 2, y);
        return page.locator('.legend').innerText();
      },
      (text) => /^\d\d:\d\d O [\d.]+ H [\d.]+ L [\d.]+ C [\d.]+ V [\d,]+/.test(text),
    );
  });

  it('is each execution, in the colour of who crossed the spread, and where nothing was heard', async () => {
    const page = await open(query);
    const sides = () =>
      page.locator('.prints tbody tr').evaluateAll((rows) => rows.map((row) => row.getAttribute('class') ?? ''));
    await until(sides, (all) => all.includes('up') && all.includes('down'));
    // At one moment, as the rows move on.
    const colours = await page.locator('.prints tbody tr').evaluateAll((rows) => {
      const { getComputedStyle } = globalThis as unknown as Window;
      return rows.map((row) => `${row.getAttribute('class')} ${getComputedStyle(row).color}`);
    });
    const of = (side: string) =>
      new Set(colours.filter((text) => text.startsWith(side)).map((text) => text.slice(side.length)));
    expect([of('up').size, of('down').size]).toEqual([1, 1]);
    expect([...of('up')]).not.toEqual([...of('down')]);
    await served().drop('itick');
    await until(() => linkOf(page, 'iTick'), isBack);
    await until(sides, (all) => all.includes('hole'));
  }, 60_000);

  it('is a ladder that adds up, with its middle, its spread and its lean', async () => {
    const page = await open(query);
    const bids = await until(
      () => page.locator('app-ladder ol').nth(1).locator('li').allInnerTexts(),
      (rungs) => rungs.every((rung) => /\d/.test(rung)) && rungs.length === 10,
    );
    expect(bids[0]?.split(/\s+/)).toHaveLength(3);
    expect(bids[0]?.split(/\s+/)[1]).toBe(bids[0]?.split(/\s+/)[2]);
    const measures = await page.locator('.measures dd').allInnerTexts();
    expect(measures).toEqual([
      expect.stringMatching(/^\d+\.\d{3}$/),
      expect.stringMatching(/^\d+\.\d{2}$/),
      expect.stringMatching(/^[+−]?\d+\.\d\d%$/),
    ]);
    await until(
      () => page.locator('.sources').innerText(),
      (sources) => sources === 'iTick + TickFlow',
    );
  });

  it('is that it is halted, and that it is at its limit, in the list and above the chart', async () => {
    const page = await open(query);
    const tags = () => page.locator('app-instrument h2 .tag').allInnerTexts();
    await served().sweep('600000.SH', 'buyer');
    await until(tags, ([tag]) => tag === 'limit-up');
    await until(
      () => rowOf(page, '600000.SH').getAttribute('data-limit'),
      (limit) => limit === 'up',
    );
    await served().halt('600000.SH', true);
    await until(tags, ([tag]) => tag === 'halted');
    await until(
      () => rowOf(page, '600000.SH').getAttribute('data-state'),
      (state) => state === 'halted',
    );
    await served().halt('600000.SH', false);
    await until(tags, ([tag]) => tag !== 'halted');
    await served().sweep('600000.SH', 'seller');
    await until(tags, ([tag]) => tag === 'limit-down');
  }, 60_000);

  it('is done to the market from the page, too', async () => {
    const page = await open(query);
    await page.getByRole('button', { name: 'Simulator' }).click();
    await page.getByRole('button', { name: 'Halt 600000.SH' }).click();
    await until(
      () => rowOf(page, '600000.SH').getAttribute('data-state'),
      (state) => state === 'halted',
    );
    await page.getByRole('button', { name: 'Resume' }).click();
    await until(
      () => rowOf(page, '600000.SH').getAttribute('data-state'),
      (state) => state === 'fresh',
    );
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0);
  });

  it('is in English or in Chinese, and a rise is green or red, and that is kept', async () => {
    const page = await open(query);
    const up = await colourOf(page, '.toggles .up');
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('button', { name: '红涨绿跌' }).click();
    await page.reload();
    await areLive(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('zh');
    expect(await page.locator('.market').first().innerText()).toBe('沪深');
    expect(await rowOf(page, '600000.SH').locator('.name').innerText()).toContain('浦发银行');
    expect(await colourOf(page, '.toggles .up')).not.toBe(up);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('columnheader', { name: 'Volume' }).waitFor();
  });
});
