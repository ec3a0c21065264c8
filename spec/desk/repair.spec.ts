import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, areLive } from './desk.js';
import type { Row } from './served.js';
import { until } from './until.js';

/** A minute in three seconds. */
const SPEED = 20;
/** Of our clock: two minutes of the market. */
const OUTAGE = 6;
/** A chart is full with so many bars. */
const FULL = 240;
const STEP = 4;
const MINUTE = 60_000;

/** What the chart says of itself to who cannot see it. */
const chartOf = async (page: Page) => {
  const label = (await page.locator('app-chart').getAttribute('aria-label')) ?? '';
  const [all = NaN, inPart = NaN, repaired = NaN] = [...label.matchAll(/, (\d+)/g)].map(([, count]) => Number(count));
  return { all, inPart, repaired };
};

/** A minute of the chart: its figures, and what is said of it. */
interface Said {
  readonly figures: string | undefined;
  readonly state: string | undefined;
}

/** What the chart says of each minute that is in view, oldest first: the pointer goes over all of them. */
const pointedAt = async (page: Page): Promise<ReadonlyMap<string, Said>> => {
  const box = await page.locator('app-chart').boundingBox();
  if (!box) throw new Error('no chart');
  const said = new Map<string, Said>();
  for (let x = box.x + STEP; x < box.x + box.width - 70; x += STEP) {
    await page.mouse.move(x, box.y + 200);
    const text = await page.evaluate(
      () =>
        new Promise<string>((done) =>
          requestAnimationFrame(() =>
            requestAnimationFrame(() => done(document.querySelector('.legend')?.textContent ?? '')),
          ),
        ),
    );
    const [figures = '', state] = text.split(' · ');
    const [minute, ...others] = figures.split(' ');
    if (minute && /^\d\d:\d\d$/.test(minute)) {
      said.set(minute, { figures: others.length > 0 ? others.join(' ') : undefined, state });
    }
  }
  await page.mouse.move(0, 0);
  return said;
};

const minuteOf = (time: number): string => new Date(time).toISOString().slice(11, 16);

const figuresOf = ({ o, h, l, c, v }: Row): string => {
  const prices = [o, h, l, c].map((price, i) => `${'OHLC'[i] ?? ''} ${price.toFixed(2)}`);
  return [...prices, `V ${v.toLocaleString('en')}`].join(' ');
};

/** The minutes from the first to the last of some. */
const allFrom = (minutes: readonly string[]): readonly string[] => {
  const [first, last] = [minutes[0], minutes.at(-1)].map((minute) => Date.parse(`2026-01-01T${minute ?? ''}Z`));
  if (first === undefined || last === undefined) return [];
  const end = last < first ? last + 24 * 60 * MINUTE : last;
  return Array.from({ length: (end - first) / MINUTE + 1 }, (_, i) => minuteOf(first + i * MINUTE));
};

describeInBrowser('a chart whose holes are repaired, where a minute takes three seconds', () => {
  const { open, served } = aDesk({ speed: SPEED, timers: true });
  const openOne = () => open('?alone&symbols=300750.SZ');

  const isFull = (page: Page) =>
    until(
      () => chartOf(page),
      ({ all }) => all >= FULL,
    );
  const isBack = (page: Page) =>
    until(
      () => chartOf(page),
      ({ repaired, inPart }) => repaired > 0 && inPart <= 1,
    );
  const isLost = (page: Page) => page.locator('[data-link=lost]').waitFor();

  /** Each minute in view is there, and is the truth, but for those that were seen in part. Returns what is said of them. */
  const expectTruth = async (page: Page): Promise<readonly string[]> => {
    const said = await pointedAt(page);
    const truth = new Map((await served().truth()).map((row) => [minuteOf(row.t), figuresOf(row)]));
    const minutes = [...said.keys()];
    expect(minutes.length).toBeGreaterThan(60);
    expect(minutes).toEqual(allFrom(minutes));
    // The last one is still forming.
    const known = [...said].slice(0, -1).filter(([, { state }]) => state !== 'seen in part');
    expect(known.map(([minute, { figures }]) => [minute, figures])).toEqual(
      known.map(([minute]) => [minute, truth.get(minute)]),
    );
    return [...said.values()].flatMap(({ state }) => state ?? []);
  };

  it('starts full of true bars, repairs a hole, says so, and is as full after a reload', async () => {
    const page = await openOne();
    await isFull(page);
    await expectTruth(page);

    await served().outage('itick', OUTAGE);
    await isLost(page);
    await until(
      () => chartOf(page),
      ({ inPart }) => inPart > 2,
    );
    await areLive(page);
    await isBack(page);
    const said = await expectTruth(page);
    expect(said.filter((state) => state.includes('repaired: ')).length).toBeGreaterThanOrEqual(2);
    expect(said.filter((state) => state.startsWith('hole'))).toEqual([]);

    await page.reload();
    await areLive(page);
    await isFull(page);
    await expectTruth(page);
  }, 90_000);

  it('is full when it is opened while the vendor is away, and joins no bars across the time until it is back', async () => {
    await served().outage('itick', OUTAGE);
    const page = await openOne();
    await isFull(page);
    await areLive(page);
    await until(
      () => chartOf(page),
      ({ all }) => all > FULL,
    );
    await expectTruth(page);
  }, 60_000);

  it('gives up a hole whose history has other prices, and says why', async () => {
    const page = await openOne();
    await isFull(page);
    await served().adjustPrices('itick', true);
    await served().outage('itick', OUTAGE);
    await isLost(page);
    await areLive(page);
    const legend = await until(
      () => page.locator('.legend').innerText(),
      (text) => text.includes('given up'),
    );
    expect(legend).toContain('the history disagrees with what was received');
    await served().adjustPrices('itick', false);
    expect(await chartOf(page)).toMatchObject({ repaired: 0 });
  }, 60_000);
});
