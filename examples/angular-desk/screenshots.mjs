import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { browserPath, flags } from './chromium.mjs';
import { serveDesk } from './serve.mjs';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url));

/**
 * Pictures of a hole before, during and after its repair, and of the whole desk with that one repaired and another one
 * open; then of a desk whose NATS was away. It takes ten minutes.
 */
const desk = await serveDesk({ say: console.log });
const browser = await chromium.launch({ executablePath: browserPath, args: flags });
const page = await browser.newPage({ viewport: { width: 1240, height: 620 }, deviceScaleFactor: 1 });
page.on('console', (message) => console.log('page:', message.text()));
page.on('pageerror', (error) => console.log('page:', error.message));

/** So that a whole minute is lost soon. */
const late = 40;

const seconds = (count) => page.waitForTimeout(1_000 * count);
const live = () => page.locator('[data-link=live]').nth(1).waitFor();
const repaired = () => page.locator('app-chart:not([aria-label*=" 0 of them repaired"])').waitFor({ timeout: 300_000 });
const drop = async (name) => {
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator('[data-link=lost]').waitFor();
};
const hole = async (name) => {
  console.log(`the hole ${name} its repair`);
  await page.locator('section.bars').screenshot({ path: `${folder}/hole-${name}.png` });
};

await page.goto(desk.url);
await live();
await page.getByRole('button', { name: '300750.SZ', exact: true }).click();
await seconds(60);
await seconds((60 + late - ((Date.now() / 1_000) % 60)) % 60);
await drop('Drop iTick for 2 min');
await seconds(110);
await hole('before');
await live();
await seconds(30);
await hole('during');
await repaired();
await seconds(1);
await hole('after');

await seconds(60);
await drop('Drop iTick');
await live();
await seconds(5);
for (const [width, height] of [
  [1440, 820],
  [360, 1180],
]) {
  for (const colorScheme of ['light', 'dark']) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await seconds(1);
    await page.screenshot({ path: `${folder}/desk-${width}-${colorScheme}.png` });
  }
}
await desk.close();

const overNats = await serveDesk({ nats: true, say: console.log });
await page.setViewportSize({ width: 1440, height: 820 });
await page.emulateMedia({ colorScheme: 'light' });
await page.goto(overNats.url);
await live();
await seconds(60);
await overNats.nats.stop();
await page.locator('[data-link=lost]').nth(1).waitFor();
await seconds(10);
await overNats.nats.start();
await live();
await repaired();
await seconds(1);
await page.screenshot({ path: `${folder}/desk-nats.png` });
await browser.close();
await overNats.close();
