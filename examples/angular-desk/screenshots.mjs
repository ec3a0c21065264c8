import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { browserPath, flags } from './chromium.mjs';
import { serveDesk } from './serve.mjs';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const seconds = Number(process.argv[2] ?? 100);

/** Pictures of the desk at two widths, light and dark, after a lost connection. */
const desk = await serveDesk({ say: console.log });
const browser = await chromium.launch({ executablePath: browserPath, args: flags });
const page = await browser.newPage({ viewport: { width: 1440, height: 820 }, deviceScaleFactor: 1 });
page.on('console', (message) => console.log('page:', message.text()));
page.on('pageerror', (error) => console.log('page:', error.message));
await page.goto(desk.url);
await page.locator('[data-link=live]').nth(1).waitFor();
console.log(`${seconds} s of market, with a lost connection`);
await page.waitForTimeout(1_000 * (seconds / 2));
await page.getByRole('button', { name: 'Drop iTick' }).click();
await page.locator('[data-link=lost]').waitFor();
await page.waitForTimeout(1_000 * (seconds / 2));
await page.locator('[data-link=live]').nth(1).waitFor();
for (const [width, height] of [
  [1440, 820],
  [360, 1180],
]) {
  for (const colorScheme of ['light', 'dark']) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(1_000);
    await page.screenshot({ path: `${folder}desk-${width}-${colorScheme}.png` });
  }
}
await browser.close();
await desk.close();
