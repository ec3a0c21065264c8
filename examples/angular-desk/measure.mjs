import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { browserPath, flags } from './chromium.mjs';
import { serveDesk } from './serve.mjs';

const { values } = parseArgs({
  options: { rates: { type: 'string', default: '100,1000,5000' }, seconds: { type: 'string', default: '20' } },
});
const seconds = Number(values.seconds);
const WARM_UP = 5_000;

/** What the page is made to work with: fifty symbols of both vendors in the list. */
const symbols = Array.from({ length: 50 }, (_, i) => `${600_000 + i}.SH`);

/** Counts frames, and the gaps between them, while `ms` pass. */
const countFrames = (ms) =>
  new Promise((resolve) => {
    const times = [];
    const frame = (now) => {
      times.push(now);
      if (now - times[0] < ms) requestAnimationFrame(frame);
      else resolve({ fps: (1_000 * (times.length - 1)) / (now - times[0]), longest: longestGap(times) });
    };
    const longestGap = (all) => Math.max(...all.slice(1).map((time, i) => time - all[i]));
    requestAnimationFrame(frame);
  });

const measure = async (browser, rate) => {
  const desk = await serveDesk({ rate, symbols, minutes: 5 });
  const page = await browser.newPage({ viewport: { width: 1440, height: 820 } });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const metrics = async () => {
    const { metrics: list } = await devtools.send('Performance.getMetrics');
    return Object.fromEntries(list.map(({ name, value }) => [name, value]));
  };
  const sent = () => desk.simulator.itick.sent + desk.simulator.tickflow.sent;

  await page.goto(`${desk.url}?symbols=${symbols.join(',')}`);
  await page.locator('[data-link=live]').nth(1).waitFor();
  await page.waitForTimeout(WARM_UP);

  const [before, sentBefore, startedAt] = [await metrics(), sent(), performance.now()];
  const { fps, longest } = await page.evaluate(countFrames, 1_000 * seconds);
  const [after, sentAfter, elapsed] = [await metrics(), sent(), (performance.now() - startedAt) / 1_000];
  await devtools.send('HeapProfiler.collectGarbage');
  const { JSHeapUsedSize: heap } = await metrics();
  await page.close();
  await desk.close();
  const share = (name) => Math.round((100 * (after[name] - before[name])) / elapsed);
  return {
    asked: rate,
    'updates a second': Math.round((sentAfter - sentBefore) / elapsed),
    'frames a second': fps.toFixed(1),
    'longest frame, ms': Math.round(longest),
    'main thread busy, %': share('TaskDuration'),
    'script, %': share('ScriptDuration'),
    'style and layout, %': share('RecalcStyleDuration') + share('LayoutDuration'),
    'heap, MB': (heap / 1e6).toFixed(1),
  };
};

const browser = await chromium.launch({ executablePath: browserPath, args: flags });
const rows = [];
for (const rate of values.rates.split(',').map(Number)) {
  console.log(`${rate} updates a second, for ${seconds} s`);
  rows.push(await measure(browser, rate));
}
console.table(rows);
await browser.close();
