import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { addSymbol, aDesk, areLive, rowOf, selectedOf, symbolsOf } from './desk.js';
import { until } from './until.js';

const CELLS = ['last', 'change', 'bid', 'ask', 'high', 'low', 'volume'] as const;

/** The figures of a row, in the order of its columns. */
const figuresOf = async (page: Page, symbol: string): Promise<Readonly<Record<(typeof CELLS)[number], string>>> => {
  const texts = await rowOf(page, symbol).locator('td.num').allInnerTexts();
  return Object.fromEntries(CELLS.map((name, i) => [name, (texts[i] ?? '').trim()])) as Record<
    (typeof CELLS)[number],
    string
  >;
};
const isWhole = (figures: Readonly<Record<string, string>>): boolean =>
  Object.values(figures).every((text) => /\d/.test(text));
const number = (text = ''): number => Number(text.replace(/,/g, '').replace('−', '-').replace('%', ''));

const sortBy = (page: Page, column: string) => page.locator('thead').getByRole('button', { name: column }).click();
const has = (page: Page, wanted: readonly string[]) =>
  until(
    () => symbolsOf(page),
    (symbols) => symbols.join() === wanted.join(),
  );

describeInBrowser('the watch list', () => {
  const { open } = aDesk();
  const query = '?symbols=AAPL.US,700.HK,600000.SH,BTCUSDT.BA,000001.SZ';

  it('is grouped by market, whatever order the symbols came in', async () => {
    const page = await open(query);
    expect(await symbolsOf(page)).toEqual(['600000.SH', '000001.SZ', '700.HK', 'AAPL.US', 'BTCUSDT.BA']);
    expect(await page.locator('.market').allInnerTexts()).toEqual([
      'Mainland China',
      'Hong Kong',
      'United States',
      'Crypto, last 24 hours',
    ]);
  });

  it.each([
    ['600000.SH', 'SPD Bank', 2],
    ['700.HK', 'Tencent', 1],
    ['BTCUSDT.BA', 'Bitcoin', 2],
  ])('has the name and all figures of %s, with the decimals of its tick', async (symbol, name, decimals) => {
    const page = await open(query);
    expect(await rowOf(page, symbol).locator('.name').innerText()).toBe(name);
    const figures = await until(() => figuresOf(page, symbol), isWhole);
    const price = new RegExp(`^[\\d,]+\\.\\d{${decimals}}$`);
    for (const cell of ['last', 'bid', 'ask', 'high', 'low'] as const) expect(figures[cell]).toMatch(price);
    expect(number(figures.bid)).toBeLessThan(number(figures.ask));
    expect(number(figures.low)).toBeLessThanOrEqual(number(figures.high));
    expect(figures.change).toMatch(/^(?:[+−]\d+\.\d\d%|0\.00%)$/);
  });

  it('shows a price that moved for a moment, and which way it went', async () => {
    const page = await open();
    const seen = await until(
      () => page.locator('[data-flash]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-flash'))),
      (flashes) => flashes.length > 0,
    );
    for (const way of seen) expect(way).toMatch(/^(?:up|down)$/);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await until(
      () => page.locator('[data-flash]').count(),
      (count) => count === 0,
    );
  });

  it('is sorted by a column, up and down, and then in its own order again', async () => {
    const page = await open('?symbols=600000.SH,600519.SH,000001.SZ,300750.SZ');
    const own = await symbolsOf(page);
    for (const symbol of own) await until(() => figuresOf(page, symbol), isWhole);
    await sortBy(page, 'Last');
    await has(page, ['600519.SH', '300750.SZ', '000001.SZ', '600000.SH']);
    expect(await page.locator('th[aria-sort=descending]').innerText()).toMatch(/^Last/);
    await sortBy(page, 'Last');
    await has(page, ['600000.SH', '000001.SZ', '300750.SZ', '600519.SH']);
    await sortBy(page, 'Last');
    await has(page, own);
    await sortBy(page, 'Symbol');
    await has(page, ['000001.SZ', '300750.SZ', '600000.SH', '600519.SH']);
  });

  it('takes the order that it is dragged into, within a market', async () => {
    const page = await open('?symbols=600000.SH,600519.SH,000001.SZ,AAPL.US');
    await rowOf(page, '000001.SZ').dragTo(rowOf(page, '600000.SH'));
    await has(page, ['000001.SZ', '600000.SH', '600519.SH', 'AAPL.US']);
    await rowOf(page, 'AAPL.US').dragTo(rowOf(page, '600000.SH'));
    await has(page, ['000001.SZ', '600000.SH', '600519.SH', 'AAPL.US']);
  });

  it('keeps symbols, order, sort and what is selected across a reload, and no list of an address', async () => {
    const page = await open();
    await addSymbol(page, '601318.SH');
    await rowOf(page, '601318.SH').dragTo(rowOf(page, '600000.SH'));
    await rowOf(page, 'TSLA.US').click();
    await page.keyboard.press('Delete');
    const kept = await until(
      () => symbolsOf(page),
      (symbols) => symbols[0] === '601318.SH' && !symbols.includes('TSLA.US'),
    );
    const selected = await selectedOf(page);
    await page.reload();
    await areLive(page);
    expect(await symbolsOf(page)).toEqual(kept);
    expect(await selectedOf(page)).toBe(selected);

    const other = await open('?symbols=600000.SH');
    await addSymbol(other, '600519.SH');
    await page.reload();
    await areLive(page);
    expect(await symbolsOf(page)).toEqual(kept);
  });

  it('brings back what was removed, where it was', async () => {
    const page = await open('?symbols=600000.SH,600519.SH,000001.SZ');
    await rowOf(page, '600519.SH').hover();
    await page.getByRole('button', { name: 'Remove 600519.SH' }).click();
    await has(page, ['600000.SH', '000001.SZ']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await has(page, ['600000.SH', '600519.SH', '000001.SZ']);
    expect(await selectedOf(page)).toBe('600519.SH');
    await page.keyboard.press('Control+z');
    await has(page, ['600000.SH', '600519.SH', '000001.SZ']);
  });
});

/** What a browser says of an answer that is a refusal. */
const REFUSED = /^Failed to load resource: the server responded with a status of 400/;

describeInBrowser('the watch list', () => {
  const { open } = aDesk({ expected: REFUSED });

  it('has coins of Binance, with a link of their own, and a chart that starts full', async () => {
    const page = await open('?alone&symbols=BTCUSDT.BA,ETHUSDT.BA,600000.SH');
    await page.locator('app-link').filter({ hasText: 'Binance' }).and(page.locator('[data-link=live]')).waitFor();
    await rowOf(page, 'BTCUSDT.BA').click();
    await until(
      async () => (await page.locator('app-chart').getAttribute('aria-label')) ?? '',
      (label) => /^BTCUSDT\.BA, 2\d\d bars/.test(label),
    );
    await until(
      () => page.locator('app-ladder li .num').allInnerTexts(),
      (texts) => texts.filter((text) => text !== '').length === 60,
    );
    expect(await page.locator('.sources').innerText()).toBe('Binance');
    await addSymbol(page, 'NOPEUSDT.BA');
    await until(
      () => rowOf(page, 'NOPEUSDT.BA').innerText(),
      (text) => /refused Binance: \S+/.test(text),
    );
  });
});
