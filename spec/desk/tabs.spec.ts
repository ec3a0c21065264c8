import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, isBack, linkOf, pricesMove } from './desk.js';
import { until } from './until.js';

const TABS = 10;

describeInBrowser(`${TABS} tabs of the desk`, () => {
  const { open, served, context } = aDesk();

  it('hold one socket to each vendor, and survive the end of the tab that has it', async () => {
    let leader: Page | undefined;
    context().on('page', (page) => {
      page.on('websocket', (socket) => {
        if (socket.url().endsWith('/stock')) leader = page;
      });
    });
    const counts = async () =>
      Promise.all([served().seen('itick'), served().seen('tickflow')]).then((all) =>
        all.map(({ accepted, live }) => ({ accepted, live })),
      );

    const tabs = await Promise.all(Array.from({ length: TABS }, () => open('?symbols=600000.SH,700.HK')));
    await Promise.all(tabs.map(pricesMove));
    const once = { accepted: 1, live: 1 };
    expect(await counts()).toEqual([once, once]);

    const others = tabs.filter((tab) => tab !== leader);
    expect(others).toHaveLength(TABS - 1);
    await leader?.close();
    for (const tab of others) {
      await until(() => linkOf(tab, 'iTick'), isBack);
    }
    expect((await counts())[0]).toEqual({ accepted: 2, live: 1 });
    await Promise.all(others.map(pricesMove));
  }, 60_000);
});
