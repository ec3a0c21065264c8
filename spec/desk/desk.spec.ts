import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, areLive, isBack, linkOf, pricesMove, rowOf, symbolsOf } from './desk.js';
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
    // The vendor that stands by may speak first.
    await until(
      () => rowOf(page, '600000.SH').getAttribute('data-state'),
      (state) => state === 'fresh',
    );
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
      '{"ac":"subscribe","params":"601318$SH","types":"quote,tick,depth"}',
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

  it('says when a vendor is away, and since when, and is back with the gap', async () => {
    const page = await open();
    expect(await linkOf(page, 'iTick')).toEqual({ state: 'live', gap: 'no gap yet' });
    await served().drop('itick');
    const { gap } = await until(() => linkOf(page, 'iTick'), isBack);
    expect(gap).toMatch(/^gap \d\d:\d\d:\d\d, \d+\.\d s$/);
    expect(await linkOf(page, 'TickFlow')).toEqual({ state: 'live', gap: 'no gap yet' });
    await areLive(page);
    await pricesMove(page);
  });
});
