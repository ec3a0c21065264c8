import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { browserPath, flags } from './chromium.mjs';
import { Mistake, optionsOf, run } from './script.mjs';
import { serveDesk } from './serve.mjs';

const widths = [
  [1440, 820],
  [1024, 1100],
  [360, 1500],
];

/**
 * Pictures of the desk in each of its states, at three widths, light and dark: loading, live, gap open, the other vendor
 * serving, repaired, refused, halted, limit-up and night; then of the repair of a hole and of a desk whose NATS was away. It
 * takes thirteen minutes. `--only` takes some of the names below.
 */
const main = async () => {
  const { values, positionals } = optionsOf({ only: { type: 'string' } }, true);
  const folder = positionals[0] ?? fileURLToPath(new URL('../../docs/images', import.meta.url));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Mistake(`There is no folder ${folder}.`);
  const only = values.only?.split(',');
  const strange = only?.find((name) => !Object.hasOwn(series, name));
  if (strange !== undefined) {
    throw new Mistake(`There is no series “${strange}”: there are ${Object.keys(series).join(', ')}.`);
  }
  const browser = await chromium.launch({ executablePath: browserPath(), args: flags });
  try {
    for (const [name, take] of Object.entries(series)) {
      if (only && !only.includes(name)) continue;
      console.log(name);
      await take(browser, folder);
    }
  } finally {
    await browser.close();
  }
};

const on = async (browser, options, look) => {
  const desk = await serveDesk({ ...options, say: console.log });
  const context = await browser.newContext({ viewport: { width: 1440, height: 820 }, deviceScaleFactor: 1 });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log('page:', error.message));
  try {
    await page.goto(`${desk.url}?alone`);
    await look(page, desk);
  } finally {
    await context.close();
    await desk.close();
  }
};

const shots = async (page, folder, state) => {
  for (const [width, height] of widths) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(700);
      await page.screenshot({ path: `${folder}/desk-${state}-${width}-${colorScheme}.png` });
    }
  }
  await page.setViewportSize({ width: 1440, height: 820 });
};

const live = (page) => page.locator('[data-link=live]').nth(1).waitFor();
const select = (page, symbol) => page.locator(`[data-symbol="${symbol}"]`).click();
const seconds = (page, count) => page.waitForTimeout(1_000 * count);
const lost = (page) => page.locator('[data-link=lost]').first().waitFor();
const repaired = (page) =>
  page.locator('app-chart:not([aria-label*=", 0 of them repaired"])').waitFor({ timeout: 400_000 });
/** So that a whole minute is lost soon. */
const late = (page) => seconds(page, (60 + 50 - ((Date.now() / 1_000) % 60)) % 60);

const series = {
  loading: (browser, folder) =>
    on(browser, {}, async (page, desk) => {
      // Each picture is of a page that was not there before.
      await page.addInitScript(() => sessionStorage.clear());
      for (const vendor of ['itick', 'tickflow', 'binance']) {
        desk.simulator[vendor].mute();
        desk.simulator[vendor].rest.hang();
      }
      for (const [width, height] of widths) {
        for (const colorScheme of ['light', 'dark']) {
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          await page.goto(`${desk.url}?alone`);
          await seconds(page, 1);
          await page.screenshot({ path: `${folder}/desk-loading-${width}-${colorScheme}.png` });
        }
      }
    }),

  states: (browser, folder) =>
    on(browser, {}, async (page, desk) => {
      await live(page);
      await select(page, '300750.SZ');
      await seconds(page, 25);
      await shots(page, folder, 'live');

      await page.getByLabel('Symbol to add').fill('609999.SH');
      await page.getByLabel('Symbol to add').press('Enter');
      await page.locator('.refused').waitFor();
      await shots(page, folder, 'refused');
      await page.locator('.refused').getByRole('button').click();

      await select(page, '600519.SH');
      desk.simulator.sweep('600519.SH', 'buyer');
      await page.locator('.bars[data-limit=up]').waitFor();
      await shots(page, folder, 'limit-up');

      desk.simulator.halt('000001.SZ');
      await select(page, '000001.SZ');
      await page.locator('.bars[data-standing=halted]').waitFor();
      await shots(page, folder, 'halted');
    }),

  holes: (browser, folder) =>
    on(browser, {}, async (page, desk) => {
      const picture = (name) => page.locator('section.bars').screenshot({ path: `${folder}/hole-${name}.png` });
      await live(page);
      await select(page, '300750.SZ');
      // A whole minute is seen before, which the history is compared with.
      await seconds(page, 65);
      await late(page);
      desk.simulator.itick.refuseUpgrades(503);
      desk.simulator.itick.drop();
      await lost(page);
      await seconds(page, 75);
      await picture('before');
      await shots(page, folder, 'gap-open');
      desk.simulator.itick.allowUpgrades();
      await live(page);
      await seconds(page, 10);
      await picture('during');
      await repaired(page);
      await seconds(page, 2);
      await picture('after');
      await shots(page, folder, 'repaired');
    }),

  standby: (browser, folder) =>
    on(browser, {}, async (page, desk) => {
      await live(page);
      await seconds(page, 15);
      desk.simulator.itick.refuseUpgrades(503);
      desk.simulator.itick.drop();
      await page.locator('[data-stands-in]').first().waitFor();
      await seconds(page, 2);
      await shots(page, folder, 'standby');
    }),

  night: (browser, folder) =>
    on(browser, { market: 'sessions' }, async (page) => {
      await live(page);
      await seconds(page, 15);
      await shots(page, folder, 'night');
    }),

  nats: (browser, folder) =>
    on(browser, { nats: true }, async (page, desk) => {
      await live(page);
      await seconds(page, 30);
      await desk.nats.stop();
      await page.locator('[data-link=lost]').nth(1).waitFor();
      await seconds(page, 10);
      await desk.nats.start();
      await live(page);
      await repaired(page);
      await seconds(page, 1);
      await page.screenshot({ path: `${folder}/desk-nats.png` });
    }),
};

await run(main);
