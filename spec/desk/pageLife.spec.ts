import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, isBack, linkOf, pricesMove } from './desk.js';
import { until } from './until.js';

const recovers = async (page: Page): Promise<void> => {
  await until(() => linkOf(page, 'iTick'), isBack);
  await until(() => linkOf(page, 'TickFlow'), isBack);
  await pricesMove(page);
};

describeInBrowser('a desk that is frozen', () => {
  const { open, context, served } = aDesk({ unseen: true });

  it('lets go of its sockets, and says the gap when it is back', async () => {
    const page = await open();
    const devtools = await context().newCDPSession(page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    for (const vendor of ['itick', 'tickflow'] as const) {
      await until(
        async () => (await served().seen(vendor)).live,
        (live) => live === 0,
      );
    }
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await page.bringToFront();
    await recovers(page);
  });
});

describeInBrowser('a desk whose network goes', () => {
  const { open, context } = aDesk();

  it('notices at once, and at once that it is back', async () => {
    const page = await open();
    await context().setOffline(true);
    await until(
      () => linkOf(page, 'iTick'),
      ({ state }) => state === 'lost',
    );
    await context().setOffline(false);
    await recovers(page);
  });
});
