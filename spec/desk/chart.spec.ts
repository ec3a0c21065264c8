import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, areLive } from './desk.js';
import { until } from './until.js';

/** A minute in five seconds. */
const SPEED = 12;
/** So many bars were there before us; they are fetched. */
const PAST = 240;

interface Bars {
  readonly all: number;
  readonly inPart: number;
}

/** What the chart says of itself to who cannot see it. */
const barsOf = async (page: Page): Promise<Bars> => {
  const label = (await page.locator('app-chart').getAttribute('aria-label')) ?? '';
  const [, all, inPart] = /, (\d+) bars of a minute, (\d+) of them/.exec(label) ?? [];
  return { all: Number(all), inPart: Number(inPart) };
};

describeInBrowser('the chart, where a minute takes five seconds', () => {
  const { open, served } = aDesk({ speed: SPEED });

  it('goes on from bar to bar, and shows a lost connection on the bars that miss something of it', async () => {
    const page = await open();
    const { all } = await until(
      () => barsOf(page),
      (bars) => bars.all > PAST,
    );
    const before = await until(
      () => barsOf(page),
      (bars) => bars.all > all,
    );
    // The bar in which we came was seen in part as well, and that stays so.
    expect(before.inPart).toBe(1);

    await served().drop('itick');
    const after = await until(
      () => barsOf(page),
      ({ inPart }) => inPart > before.inPart,
    );
    await areLive(page);
    await until(
      () => barsOf(page),
      (bars) => bars.all > after.all,
    );
  });
});
