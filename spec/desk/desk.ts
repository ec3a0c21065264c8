import type { Browser, BrowserContext, ConsoleMessage, Locator, Page } from 'playwright-core';
import { launch, launchUnseen } from './browser.js';
import { serve, type Served } from './served.js';
import { until } from './until.js';

/** What a user sees of a link. */
export interface Link {
  readonly state: string | null;
  readonly gap: string | null;
}

/**
 * The desk on a simulator of its own, and a browser, for the specs of one block. After each of them no page may have
 * thrown, or have put an error or a warning into its console, but for those that are `expected`.
 *
 * `speed`: how much faster than ours the clock runs, there and in the pages. `timers`: whether long timers of the pages do
 * too; those that wait for the network keep their pace. `unseen`: whether pages can be hidden and
 * frozen. `nats`: whether its pages join the feeds over NATS. `hours`: whether venues keep their hours.
 */
export const aDesk = ({
  speed = 1,
  timers = false,
  unseen = false,
  nats = false,
  hours = false,
  expected = /$^/,
} = {}) => {
  let browser: Browser;
  let served: Served;
  let context: BrowserContext;
  let said: ConsoleMessage[] = [];
  const complaints: string[] = [];
  const begin = Date.now();

  beforeAll(async () => {
    [served, browser] = await Promise.all([serve(speed, begin, nats, hours), unseen ? launchUnseen() : launch()]);
  });
  beforeEach(async () => {
    const [given] = browser.contexts();
    context = given ?? (await browser.newContext({ viewport: { width: 1440, height: 820 } }));
    if (speed !== 1) await context.addInitScript(quicken, { speed, begin });
    if (timers) await context.addInitScript(hurry, { speed, least: LONG });
    context.on('weberror', (thrown) => complaints.push(String(thrown.error())));
    context.on('console', (message) => {
      said.push(message);
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    said = [];
    expect(complaints.splice(0).filter((complaint) => !expected.test(complaint))).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  return {
    served: () => served,
    context: () => context,
    said: () => said.map((message) => message.text()),
    open: async (query = ''): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(served.url + query);
      await areLive(page);
      return page;
    },
  };
};

const quicken = ({ speed, begin }: { readonly speed: number; readonly begin: number }): void => {
  const { now } = Date;
  Date.now = () => begin + speed * (now() - begin);
};

/** Milliseconds that are waited for no answer. */
const LONG = 30_001;

const hurry = ({ speed, least }: { readonly speed: number; readonly least: number }): void => {
  const page = globalThis as unknown as Record<string, (task: unknown, wait?: number) => unknown>;
  for (const name of ['setTimeout', 'setInterval']) {
    const set = page[name];
    page[name] = (task, wait = 0) => set?.(task, wait < least ? wait : wait / speed);
  }
};

/** Waits until both vendors are heard. */
export const areLive = (page: Page): Promise<void> => page.locator('[data-link=live]').nth(1).waitFor();

export const linkOf = async (page: Page, vendor: 'iTick' | 'TickFlow'): Promise<Link> => {
  const link = page.locator('app-link').filter({ hasText: vendor });
  return { state: await link.getByRole('status').textContent(), gap: await link.locator('.gap').textContent() };
};

/** Whether a link is back, and says when it had its last gap. */
export const isBack = ({ state, gap }: Link): boolean => state === 'live' && /^gap \d\d:\d\d:\d\d, /.test(gap ?? '');

/** The row of a symbol in the watchlist. */
export const rowOf = (page: Page, symbol: string): Locator =>
  page.getByRole('row').filter({ has: page.getByText(symbol, { exact: true }) });

/** The symbols of the watchlist. */
export const symbolsOf = (page: Page): Promise<string[]> =>
  page.getByRole('rowheader').locator('.code').allInnerTexts();

/** The symbol of the watchlist that is selected. */
export const selectedOf = (page: Page): Promise<string> =>
  page.getByRole('row', { selected: true }).locator('.code').innerText();

/** Puts a symbol into the list as a user does. */
export const addSymbol = async (page: Page, symbol: string): Promise<void> => {
  await page.getByLabel('Symbol to add').fill(symbol);
  await page.getByLabel('Symbol to add').press('Enter');
};

/** All that a page keeps, and that a script of somebody else could read. */
export const keptBy = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const cached = await caches.keys();
    const { cookie, documentElement, title } = document;
    const storages = [localStorage, sessionStorage].map((storage) => Object.entries(storage));
    return JSON.stringify({ databases, cached, cookie, storages, title, html: documentElement.outerHTML });
  });

const pricesOf = (page: Page): Promise<string[]> => page.locator('td.last').allInnerTexts();

/** Waits until a price in the list is another one. */
export const pricesMove = async (page: Page): Promise<void> => {
  const before = await pricesOf(page);
  await until(
    () => pricesOf(page),
    (after) => after.some((price, i) => price !== before[i]),
  );
};
