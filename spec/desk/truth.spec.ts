import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { addSymbol, aDesk, areLive, isBack, linkOf, rowOf, symbolsOf } from './desk.js';
import { until } from './until.js';

/** What a browser says of a server that refuses, whatever its page does. */
const REFUSED = /^WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/\S*' failed/;
/** Its code is that of no share, so that the simulator does not list it. */
const INVENTED = '609999.SH';

/** How long a gap is open, in seconds. */
const openFor = async (page: Page): Promise<number> => {
  const { gap } = await linkOf(page, 'iTick');
  return Number(/^gap open for (\d+) s$/.exec(gap ?? '')?.[1]);
};

describeInBrowser('what the desk says of a symbol', () => {
  const { open } = aDesk();

  it('is that nobody serves it, and why, and it offers to remove it', async () => {
    const page = await open();
    await addSymbol(page, INVENTED);
    const row = rowOf(page, INVENTED);
    await until(
      () => row.getAttribute('data-state'),
      (state) => state === 'refused',
    );
    const why = await row.innerText();
    expect(why).toMatch(/iTick: \S+/);
    expect(why).toMatch(/TickFlow: \S+/);
    await page
      .getByRole('alert')
      .filter({ hasText: `${INVENTED} not served` })
      .waitFor();
    expect(await page.locator('app-chart').count()).toBe(0);

    await page
      .locator('.refused')
      .getByRole('button', { name: `Remove ${INVENTED}` })
      .click();
    await until(
      () => symbolsOf(page),
      (symbols) => !symbols.includes(INVENTED),
    );
    await page.locator('app-chart').waitFor();
  });

  it('is what is wrong with each that the address asks for in vain', async () => {
    const page = await open('?symbols=600000.sh,nothing,00700.HK,700.HK,A A.US,');
    expect(await symbolsOf(page)).toEqual(['600000.SH', '700.HK']);
    const said = await page.locator('.left-out').allInnerTexts();
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^“nothing” left out of the list: a symbol is CODE\.VENUE/);
    expect(said[1]).toMatch(/^“A A\.US” left out of the list: /);
    await page.getByRole('button', { name: 'Dismiss nothing' }).click();
    await until(
      () => page.locator('.left-out').count(),
      (count) => count === 1,
    );
  });

  it('is no more than a hundred, and which are left out', async () => {
    const many = Array.from({ length: 101 }, (_, i) => `${600_000 + i}.SH`);
    const page = await open(`?symbols=${many.join()}`);
    expect(await symbolsOf(page)).toHaveLength(100);
    expect(await page.locator('.left-out').allInnerTexts()).toEqual([
      expect.stringMatching(/^“600100\.SH” left out of the list: a list has at most 100 symbols/),
    ]);
  });
});

describeInBrowser('what the desk says of a link', () => {
  const { open, served } = aDesk({ expected: REFUSED });

  it('is why it is lost, and how long until the next attempt, and how long the gap is open', async () => {
    const page = await open('?alone');
    await served().refuse('itick', true);
    await page.locator('.outage').filter({ hasText: 'iTick lost' }).waitFor();
    await until(
      () => openFor(page),
      (seconds) => seconds >= 2,
    );
    const counted = new Set<string>();
    await until(
      async () => {
        counted.add(await page.locator('.next').innerText());
        return [...counted];
      },
      (all) => all.filter((said) => /^next attempt in \d+ s$/.test(said)).length >= 2,
    );
    expect(await page.locator('.cause').innerText()).not.toBe('');
    expect((await linkOf(page, 'TickFlow')).gap).toBe('no gap yet');

    await served().refuse('itick', false);
    await until(() => linkOf(page, 'iTick'), isBack);
    await until(
      () => page.locator('.outage').count(),
      (count) => count === 0,
    );
  }, 60_000);

  it('hides no hole behind a reload: it stays open, and closes with its beginning', async () => {
    const page = await open('?alone');
    await served().refuse('itick', true);
    await until(
      () => openFor(page),
      (seconds) => seconds >= 2,
    );
    await page.reload();
    await until(
      () => openFor(page),
      (seconds) => seconds >= 2,
    );
    await until(
      async () => (await page.locator('app-chart').getAttribute('aria-label')) ?? '',
      (label) => !label.includes(', 0 of them seen in part'),
    );
    await served().refuse('itick', false);
    const { gap } = await until(() => linkOf(page, 'iTick'), isBack);
    expect(Number(/, (\d+\.\d) s$/.exec(gap ?? '')?.[1])).toBeGreaterThanOrEqual(2);
  }, 60_000);

  it('is that the page was away, after a reload without any trouble', async () => {
    const page = await open('?alone');
    expect((await linkOf(page, 'iTick')).gap).toBe('no gap yet');
    await page.reload();
    await areLive(page);
    await until(
      () => linkOf(page, 'iTick'),
      ({ gap }) => /^reloaded \d\d:\d\d:\d\d, \d+\.\d s$/.test(gap ?? ''),
    );
  });

  it('is that nothing was received, where it never was live', async () => {
    const page = await open('?alone');
    await served().refuse('itick', true);
    const other = await page.context().newPage();
    await other.goto(served().url + '?alone');
    await until(
      () => linkOf(other, 'iTick'),
      ({ state, gap }) => state === 'lost' && gap === 'nothing received yet',
    );
    await served().refuse('itick', false);
  });
});
