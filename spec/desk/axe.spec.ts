import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { addSymbol, aDesk, areLive, rowOf } from './desk.js';
import { until } from './until.js';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds, in words. */
const violationsOf = async (page: Page): Promise<readonly string[]> => {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    interface Axe {
      readonly run: () => Promise<{ readonly violations: readonly Violation[]; readonly passes: readonly unknown[] }>;
    }
    const { violations, passes } = await (globalThis as unknown as { readonly axe: Axe }).axe.run();
    return { violations, passes: passes.length };
  });
  expect(found.passes).toBeGreaterThan(10);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join('\n')}`);
};

const looks = [
  [1440, 'light'],
  [1440, 'dark'],
  [1024, 'light'],
  [1024, 'dark'],
  [360, 'light'],
  [360, 'dark'],
] as const;

/** What axe-core finds on a page in each width and theme, whatever state it is in. */
const expectNothing = async (page: Page, state: string): Promise<void> => {
  const found: string[] = [];
  for (const [width, colorScheme] of looks) {
    await page.setViewportSize({ width, height: 820 });
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[style*="color-scheme: ${colorScheme}"]`).waitFor();
    for (const violation of await violationsOf(page)) found.push(`${state}, ${width}, ${colorScheme}: ${violation}`);
  }
  expect(found).toEqual([]);
};

const chartSays = (page: Page, says: RegExp) =>
  until(
    async () => (await page.locator('app-chart').getAttribute('aria-label')) ?? '',
    (label) => says.test(label),
  );

describeInBrowser('axe-core finds nothing, at 1440, 1024 and 360 pixels, light and dark', () => {
  const { open, served, context } = aDesk();

  it('on a desk that is loading', async () => {
    for (const vendor of ['itick', 'tickflow', 'binance'] as const) await served().silence(vendor, true);
    const page = await context().newPage();
    await page.goto(`${served().url}?alone`);
    await page.locator('[data-link=connecting]').first().waitFor();
    await expectNothing(page, 'loading');
    for (const vendor of ['itick', 'tickflow', 'binance'] as const) await served().silence(vendor, false);
  }, 120_000);

  it('on one that is live, refuses a symbol, has one at its limit and one halted, and loses a link', async () => {
    const page = await open('?alone&symbols=600000.SH,600519.SH,000001.SZ,BTCUSDT.BA,nothing');
    await page.locator('.prints .up').first().waitFor();
    await page.getByRole('button', { name: 'Simulator' }).click();
    await expectNothing(page, 'live, with a symbol left out and the menu open');
    await page.getByRole('button', { name: 'Simulator' }).click();
    await page.getByRole('button', { name: 'Dismiss nothing' }).click();

    await addSymbol(page, '609999.SH');
    await page.locator('.refused').waitFor();
    await expectNothing(page, 'refused');
    await page.locator('.refused').getByRole('button').click();
    await expectNothing(page, 'a symbol removed, which may be brought back');

    await rowOf(page, '600519.SH').click();
    await served().sweep('600519.SH', 'buyer');
    await page.locator('.bars[data-limit=up]').waitFor();
    await expectNothing(page, 'limit-up');

    await rowOf(page, '000001.SZ').click();
    await served().halt('000001.SZ', true);
    await page.locator('.bars[data-standing=halted]').waitFor();
    await expectNothing(page, 'halted');
    await served().halt('000001.SZ', false);

    await served().outage('itick', 600);
    await page.locator('.outage').waitFor();
    await expectNothing(page, 'gap open');

    await page.locator('[data-stands-in=TickFlow]').first().waitFor();
    await page.locator('app-serving summary').click();
    await expectNothing(page, 'the other vendor serves, and the log of switches is open');
  }, 240_000);
});

describeInBrowser('axe-core finds nothing', () => {
  const { open } = aDesk({ hours: true });

  it('at night, in each width and theme', async () => {
    const page = await open('?alone');
    // One of these is closed at any time.
    await page.locator('[data-state=closed]').first().click();
    await page.locator('.bars[data-standing=closed]').waitFor();
    await expectNothing(page, 'night');
  }, 120_000);

  it('in Chinese', async () => {
    const page = await open('?alone');
    await page.getByRole('button', { name: '中文' }).click();
    expect(await violationsOf(page)).toEqual([]);
  }, 60_000);
});

describeInBrowser('axe-core finds nothing', () => {
  const { open, served } = aDesk({ speed: 20, timers: true });

  it('on a desk whose hole is repaired, in each width and theme', async () => {
    const page = await open('?alone&symbols=300750.SZ');
    await chartSays(page, /^\S+ 2[4-9]\d bars/);
    // A bar that was seen wholly, which the history is compared with.
    await chartSays(page, /, [01] of them seen in part/);
    await served().outage('itick', 6);
    await page.locator('[data-link=lost]').waitFor();
    await areLive(page);
    await chartSays(page, /, [1-9]\d* of them repaired/);
    await expectNothing(page, 'repaired');
  }, 180_000);
});
