import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, areLive, linkOf, pricesMove, rowOf, symbolsOf } from './desk.js';
import { until } from './until.js';

describeInBrowser('the desk', () => {
  const { open, served } = aDesk();

  const vendors = () => Promise.all([served().seen('itick'), served().seen('tickflow')]);

  /** Waits until both vendors have heard all that the page wants at first. */
  const heardOut = () =>
    until(vendors, (all) =>
      all.every(({ topics }) => topics.includes('quote TSLA.US') && topics.includes('depth 600000.SH')),
    );
  const showsPrice = (page: Page, symbol: string) =>
    until(
      () => rowOf(page, symbol).locator('.last').innerText(),
      (price) => price !== '–',
    );

  it('shows prices that move', async () => {
    const page = await open();
    await pricesMove(page);
    expect(await rowOf(page, '600000.SH').getAttribute('data-state')).toBe('fresh');
  });

  it('asks each vendor once, and for nothing else, when a symbol is added', async () => {
    const page = await open();
    const before = await heardOut();
    await page.getByLabel('Symbol to add').fill('601318.SH');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await showsPrice(page, '601318.SH');
    const after = await until(vendors, (all) => all.every(({ topics }) => topics.includes('depth 601318.SH')));
    const commands = after.flatMap((seen, i) => seen.commands.slice(before[i]?.commands.length));
    expect(commands.filter((command) => command.includes('"subscribe"'))).toEqual([
      '{"ac":"subscribe","params":"601318$SH","types":"tick,depth,quote"}',
      '{"op":"subscribe","channel":"quotes","symbols":["601318.SH"]}',
      '{"op":"subscribe","channel":"depth","symbols":["601318.SH"]}',
    ]);
  });

  it('says what is wrong with a symbol, and asks nobody for it', async () => {
    const page = await open();
    await page.getByLabel('Symbol to add').fill('nothing');
    await page.getByLabel('Symbol to add').press('Enter');
    await until(
      () => page.getByRole('alert').innerText(),
      (problem) => problem !== '',
    );
    expect(await symbolsOf(page)).not.toContain('NOTHING');
  });

  it('needs no mouse', async () => {
    const page = await open();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    const tabTo = async (label: string): Promise<void> => {
      for (let steps = 0; steps < 40 && (await focused()) !== label; steps += 1) await page.keyboard.press('Tab');
      expect(await focused()).toBe(label);
    };

    await tabTo('Symbol to add');
    await page.keyboard.type('601318.sh');
    await page.keyboard.press('Enter');
    await showsPrice(page, '601318.SH');
    expect(await symbolsOf(page)).toContain('601318.SH');
    expect(await selectedOf(page)).toBe('601318.SH');

    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Remove 601318.SH');
    await page.keyboard.press('ArrowUp');
    await until(
      () => selectedOf(page),
      (symbol) => symbol === 'TSLA.US',
    );
    await page.keyboard.press('Delete');
    await until(
      () => symbolsOf(page),
      (symbols) => !symbols.includes('TSLA.US'),
    );
    await page.keyboard.press('Enter');
    await until(
      () => symbolsOf(page),
      (symbols) => !symbols.includes('601318.SH'),
    );
    await until(
      async () => (await served().seen('itick')).topics,
      (topics) => !topics.some((topic) => /TSLA|601318/.test(topic)),
    );
  });

  it('says when a vendor is away, and since when, and is back with the gap', async () => {
    const page = await open();
    expect(await linkOf(page, 'iTick')).toEqual({ state: 'live', gap: 'no gap yet' });
    await served().drop('itick');
    const { gap } = await until(
      () => linkOf(page, 'iTick'),
      ({ state, gap }) => state === 'live' && gap !== 'no gap yet',
    );
    expect(gap).toMatch(/^gap \d\d:\d\d:\d\d, \d+\.\d s$/);
    expect(await linkOf(page, 'TickFlow')).toEqual({ state: 'live', gap: 'no gap yet' });
    await areLive(page);
    await pricesMove(page);
  });
});

const selectedOf = (page: Page): Promise<string> =>
  page.getByRole('rowheader').getByRole('button', { pressed: true }).innerText();
