import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, areLive } from './desk.js';
import type { ItickBar } from '../simulator/rest/asking.js';
import { until } from './until.js';

/** A minute in three seconds. */
const SPEED = 20;
/** Of our clock: two minutes of the market. */
const OUTAGE = 6;
/** A chart is full with so many bars. */
const FULL = 240;
/** A bar is nine pixels wide, and the scale of prices is at the right. */
const STEP = 8;
const SCALE = 60;
const MINUTE = 60_000;

/** What the chart says of itself to who cannot see it. */
const chartOf = async (page: Page) => {
  const label = (await page.locator('app-chart').getAttribute('aria-label')) ?? '';
  const [all = NaN, inPart = NaN, repaired = NaN] = [...label.matchAll(/, (\d+)/g)].map(([, count]) => Number(count));
  return { all, inPart, repaired };
};

/** A minute of the chart: its figures, and what is said of it. */
interface Said {
  readonly figures: string;
  readonly state: string | undefined;
}

/**
 * What the chart says of each minute that is in view, oldest first: the pointer goes over all of them. It goes to the left
 * as the bars do, so that it misses none.
 */
const pointedAt = async (page: Page): Promise<readonly (readonly [string, Said])[]> => {
  await page.setViewportSize({ width: 1440, height: 820 });
  const box = await page.locator('app-chart').boundingBox();
  if (!box) throw new Error('no chart');
  const said = new Map<string, Said>();
  for (let x = box.x + box.width - SCALE; x > box.x; x -= STEP) {
    await page.mouse.move(x, box.y + box.height / 2);
    const text = await page.evaluate(legend);
    const [figures = '', state] = text.split(' · ');
    const [minute = '', ...others] = figures.split(' ');
    if (/^\d\d:\d\d$/.test(minute)) said.set(minute, { figures: others.join(' '), state });
  }
  await page.mouse.move(0, 0);
  return [...said].reverse();
};

/** What the chart says once it is drawn. Runs in the page. */
const legend = (): Promise<string> =>
  new Promise((done) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => done(document.querySelector('.legend')?.textContent ?? '')),
    ),
  );

/** The chart goes by the clock of the exchange. */
const AHEAD = 8 * 60 * MINUTE;
const minuteOf = (time: number): string => new Date(time + AHEAD).toISOString().slice(11, 16);

const figuresOf = ({ o, h, l, c, v }: ItickBar): string => {
  const prices = [o, h, l, c].map((price, i) => `${'OHLC'[i] ?? ''} ${price.toFixed(2)}`);
  return [...prices, `V ${v.toLocaleString('en')}`].join(' ');
};

/** The minutes from the first to the last of some. */
const allFrom = (minutes: readonly string[]): readonly string[] => {
  const [first, last] = [minutes[0], minutes.at(-1)].map((minute) => Date.parse(`2026-01-01T${minute ?? ''}Z`));
  if (first === undefined || last === undefined) return [];
  const end = last < first ? last + 24 * 60 * MINUTE : last;
  return Array.from({ length: (end - first) / MINUTE + 1 }, (_, i) => minuteOf(first - AHEAD + i * MINUTE));
};

describeInBrowser('a chart whose holes are repaired, where a minute takes three seconds', () => {
  const { open, served, context } = aDesk({ speed: SPEED, timers: true });
  const query = '?alone&symbols=300750.SZ';

  const isFull = (page: Page) =>
    until(
      () => chartOf(page),
      ({ all }) => all >= FULL,
    );
  // The bar in which the page came was seen in part, unless the history told all of it: on a slow machine it is over by then.
  const hasNoHole = (page: Page) =>
    until(
      () => chartOf(page),
      ({ inPart }) => inPart <= 1,
    );
  const isRepaired = (page: Page) =>
    until(
      () => chartOf(page),
      ({ inPart, repaired }) => inPart <= 1 && repaired > 0,
    );
  const isLost = (page: Page) => page.locator('[data-link=lost]').waitFor();

  /** Each minute in view is there, and is the truth, but for those that were seen in part. Returns what is said of them. */
  const expectTruth = async (page: Page): Promise<readonly string[]> => {
    const said = await pointedAt(page);
    const truth = new Map((await served().truth()).map((row) => [minuteOf(row.t), figuresOf(row)]));
    const minutes = said.map(([minute]) => minute);
    expect(minutes.length).toBeGreaterThan(20);
    expect(minutes).toEqual(allFrom(minutes));
    // The last one is still forming.
    const known = said.slice(0, -1).filter(([, { state }]) => state !== 'seen in part');
    expect(known.map(([minute, { figures }]) => [minute, figures])).toEqual(
      known.map(([minute]) => [minute, truth.get(minute)]),
    );
    return said.flatMap(([, { state }]) => state ?? []);
  };

  it('starts full of true bars, repairs a hole, says so, and is as full after a reload', async () => {
    const page = await open(query);
    await isFull(page);
    await expectTruth(page);
    await hasNoHole(page);

    await served().outage('itick', OUTAGE);
    await isLost(page);
    await until(
      () => chartOf(page),
      ({ inPart }) => inPart > 1,
    );
    await areLive(page);
    await isRepaired(page);
    const said = await expectTruth(page);
    expect(said.filter((state) => state.includes('repaired: ')).length).toBeGreaterThanOrEqual(2);
    expect(said.filter((state) => state.startsWith('hole'))).toEqual([]);

    await page.reload();
    await areLive(page);
    await isFull(page);
    await expectTruth(page);
  }, 120_000);

  it('is full when it is opened while the vendor is away, and joins no bars across the time until it is back', async () => {
    await served().outage('itick', OUTAGE);
    const page = await context().newPage();
    await page.goto(served().url + query);
    await isFull(page);
    await areLive(page);
    await until(
      () => chartOf(page),
      ({ all }) => all > FULL,
    );
    await hasNoHole(page);
    await expectTruth(page);
  }, 90_000);

  it('gives up a hole whose history is refused, and says why', async () => {
    const page = await open(query);
    await isFull(page);
    await served().refuseHistory('itick', true);
    await served().outage('itick', OUTAGE);
    await isLost(page);
    await areLive(page);
    const legend = await until(
      () => page.locator('.legend').innerText(),
      (text) => text.includes('given up'),
    );
    expect(legend).toContain('auth failed');
    await served().refuseHistory('itick', false);
    expect(await chartOf(page)).toMatchObject({ repaired: 0 });
  }, 90_000);
});
