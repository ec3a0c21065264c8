import type { Page } from 'playwright-core';
import { describeInBrowser } from './browser.js';
import { aDesk, rowOf, selectedOf, symbolsOf } from './desk.js';
import { until } from './until.js';

/** Texts that lie over another one, or beyond the right edge. Runs in the page. */
const collisions = (): readonly string[] => {
  interface Box {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
    readonly width: number;
    readonly height: number;
  }
  interface Node {
    readonly textContent: string | null;
    readonly parentElement: Element | null;
  }
  interface Element extends Node {
    readonly closest: (selector: string) => Element | null;
    readonly getBoundingClientRect: () => Box;
    readonly contains: (other: Element | null) => boolean;
  }
  interface Page {
    readonly innerWidth: number;
    readonly getComputedStyle: (of: Element) => { readonly overflow: string; readonly textOverflow: string };
    readonly document: {
      readonly body: unknown;
      readonly createTreeWalker: (root: unknown, what: number) => { readonly nextNode: () => Node | null };
      readonly createRange: () => { selectNodeContents: (node: Node) => void; getClientRects: () => Iterable<Box> };
    };
  }
  const page = globalThis as unknown as Page;
  const walker = page.document.createTreeWalker(page.document.body, 4);
  const texts: { node: Node; text: string; box: Omit<Box, 'width' | 'height'> }[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const unseen = '.unseen, script, style, app-chart, .menu, details:not([open]) > :not(summary)';
    if (!node.textContent?.trim() || !parent || parent.closest(unseen)) continue;
    const range = page.document.createRange();
    range.selectNodeContents(node);
    // What does not fit is cut with dots, or is out of sight in what scrolls.
    const own = parent.getBoundingClientRect();
    let cut: Omit<Box, 'width' | 'height'> = { left: own.left, right: own.right, top: -Infinity, bottom: Infinity };
    for (let around: Element | null = parent; around; around = around.parentElement) {
      const { overflow, textOverflow } = page.getComputedStyle(around);
      const by = around.getBoundingClientRect();
      if (textOverflow === 'ellipsis') cut = { ...cut, right: Math.min(cut.right, by.right) };
      if (overflow === 'auto')
        cut = { ...cut, top: Math.max(cut.top, by.top), bottom: Math.min(cut.bottom, by.bottom) };
    }
    for (const line of range.getClientRects()) {
      const [left, right] = [Math.max(line.left, cut.left), Math.min(line.right, cut.right)];
      const box = { left, right, top: Math.max(line.top, cut.top) + 2, bottom: Math.min(line.bottom, cut.bottom) - 2 };
      if (right > left && box.bottom > box.top) texts.push({ node, text: node.textContent.trim(), box });
    }
  }
  const found = texts
    .filter(({ box }) => box.right > page.innerWidth + 1)
    .map(({ text }) => `beyond the edge: ${text}`);
  texts.forEach((one, i) => {
    for (const other of texts.slice(i + 1)) {
      const [a, b] = [one.box, other.box];
      const apart = a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top || b.bottom <= a.top;
      if (!apart && one.node !== other.node) found.push(`${one.text} × ${other.text}`);
    }
  });
  return found;
};

describeInBrowser('the keyboard on the desk', () => {
  const { open, served } = aDesk();
  const focused = (page: Page) =>
    page.evaluate(() => {
      interface Focus {
        readonly document: {
          readonly activeElement: { getAttribute: (name: string) => string | null; readonly tagName: string } | null;
        };
      }
      const { activeElement } = (globalThis as unknown as Focus).document;
      return (
        activeElement?.getAttribute('data-symbol') ??
        activeElement?.getAttribute('aria-label') ??
        activeElement?.tagName
      );
    });
  const tabTo = async (page: Page, label: string): Promise<void> => {
    for (let steps = 0; steps < 40 && (await focused(page)) !== label; steps += 1) await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(label);
  };

  it('does all that a mouse does, and the focus is where the selection is', async () => {
    const page = await open();
    await tabTo(page, 'Symbol to add');
    await page.keyboard.type('601318.sh');
    await page.keyboard.press('Enter');
    await until(
      () => selectedOf(page),
      (symbol) => symbol === '601318.SH',
    );
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe('601318.SH');
    await page.keyboard.press('Alt+ArrowUp');
    await until(
      () => symbolsOf(page),
      (symbols) => symbols.indexOf('601318.SH') === 3,
    );
    expect(await focused(page)).toBe('601318.SH');
    for (const [key, symbol] of [
      ['ArrowDown', '300750.SZ'],
      ['Home', '600000.SH'],
      ['ArrowUp', '600000.SH'],
      ['End', 'ETHUSDT.BA'],
    ] as const) {
      await page.keyboard.press(key);
      await until(
        async () => [await selectedOf(page), await focused(page)],
        ([selected, focus]) => selected === symbol && focus === symbol,
      );
    }
    await rowOf(page, 'TSLA.US').click();
    expect(await focused(page)).toBe('TSLA.US');
    await page.keyboard.press('Delete');
    await until(
      async () => [await symbolsOf(page), [await focused(page), await selectedOf(page)]] as const,
      ([symbols, [focus, selected]]) => !symbols.includes('TSLA.US') && focus === selected,
    );
    await until(
      async () => (await served().seen('itick')).topics,
      (topics) => !topics.some((topic) => topic.includes('TSLA')),
    );
    await page.keyboard.press('Control+z');
    await until(
      async () => [await selectedOf(page), await focused(page)],
      ([selected, focus]) => selected === 'TSLA.US' && focus === 'TSLA.US',
    );
  });

  it('stops once in the whole list, whatever its length', async () => {
    const page = await open();
    await tabTo(page, 'Symbol to add');
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe('600000.SH');
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe('BUTTON');
    expect(await page.locator('[app-row][tabindex="0"], [app-row] button:not([tabindex="-1"])').count()).toBe(1);
  });

  it('shows a whole ring around what has the focus', async () => {
    const page = await open();
    await tabTo(page, 'Symbol to add');
    await page.keyboard.press('Shift+Tab');
    const ring = await rowOf(page, '600000.SH').evaluate((row) => {
      const styles = globalThis as unknown as {
        readonly getComputedStyle: (
          of: unknown,
        ) => Readonly<Record<'outlineStyle' | 'outlineWidth' | 'outlineOffset', string>>;
      };
      const { outlineStyle, outlineWidth, outlineOffset } = styles.getComputedStyle(row);
      return { outlineStyle, width: parseFloat(outlineWidth), offset: parseFloat(outlineOffset) };
    });
    expect(ring.outlineStyle).toBe('solid');
    expect(ring.width).toBeGreaterThanOrEqual(2);
    // Drawn within the row, which cuts off what lies outside.
    expect(ring.offset + ring.width).toBeLessThanOrEqual(0);
  });
});

describeInBrowser('a narrow desk', () => {
  const { open, served } = aDesk();

  it.each([360, 640, 1024, 1440])(
    'has no text over another one, at %d pixels',
    async (width) => {
      const page = await open('?alone&symbols=600519.SH,000001.SZ,BRK.B.US,BTCUSDT.BA,nothing');
      await page.setViewportSize({ width, height: 820 });
      await page.locator('.prints .up, .prints .down').first().waitFor();
      expect(await page.evaluate(collisions)).toEqual([]);
      await served().outage('itick', 6);
      await page.locator('[data-stands-in=TickFlow]').first().waitFor();
      await page.locator('app-serving summary').click();
      expect(await page.evaluate(collisions)).toEqual([]);
    },
    60_000,
  );
});
