import { describeInBrowser } from './browser.js';
import { aDesk, areLive, isBack, keptBy, linkOf } from './desk.js';
import { until } from './until.js';

/** The token and the key of both vendors. */
const SECRET = /\bdemo\b/;

describeInBrowser('the secrets of the desk', () => {
  const { open, served, said } = aDesk();

  it('are in no part of the page, in no storage, not in its address, and not in the console', async () => {
    const page = await open();
    for (const vendor of ['itick', 'tickflow'] as const) await served().drop(vendor);
    await until(() => linkOf(page, 'TickFlow'), isBack);
    await areLive(page);
    await page.evaluate(() => console.log('the console is heard'));

    expect(await keptBy(page)).not.toMatch(SECRET);
    expect(page.url()).not.toMatch(SECRET);
    expect(said()).toContain('the console is heard');
    expect(said().join('\n')).not.toMatch(SECRET);
  });
});
