import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { from, toArray } from 'rxjs';
import { chartEdits, type ChartEdit, type Kline } from '../../lib/index.js';
import { aKline } from '../../lib/testing/builders.js';
import { describeInBrowser, launch } from './browser.js';
import { built } from './built.js';

const MINUTE = 60_000;

const editsOf = (bars: readonly Kline[]): readonly ChartEdit[] => {
  let edits: readonly ChartEdit[] = [];
  from(bars)
    .pipe(chartEdits(), toArray())
    .subscribe((all) => (edits = all));
  return edits;
};

const bars = fc.array(
  fc
    .record({
      minute: fc.integer({ min: 0, max: 30 }),
      close: fc.integer({ min: 10, max: 99 }),
      coverage: fc.constantFrom(1, 0.5),
    })
    .map(({ minute, close, coverage }) =>
      aKline({
        ...{ symbol: 'BTCUSDT.BA', openTime: minute * MINUTE, closeTime: (minute + 1) * MINUTE, coverage },
        ...{ open: close, high: close, low: close, close },
      }),
    ),
  { maxLength: 40 },
);

/** The closes of a chart by time, after these edits; `null` is white. Runs in the page. */
const drawn = (edits: readonly ChartEdit[]): readonly (readonly [number, number | null])[] => {
  interface Series {
    readonly update: (bar: object, isEarlier: boolean) => void;
    readonly setData: (bars: readonly object[]) => void;
    readonly data: () => readonly { readonly time: number; readonly close?: number }[];
  }
  interface Library {
    readonly CandlestickSeries: object;
    readonly createChart: (
      place: string,
      options: object,
    ) => { readonly addSeries: (kind: object) => Series; readonly remove: () => void };
  }
  const library = (globalThis as unknown as { readonly LightweightCharts: Library }).LightweightCharts;
  const chart = library.createChart('chart', { width: 400, height: 200 });
  const series = chart.addSeries(library.CandlestickSeries);
  for (const edit of edits) {
    if (edit.type === 'reset') series.setData(edit.bars);
    else series.update(edit.bar, edit.type === 'correct');
  }
  const data = series.data().map(({ time, close }) => [time, close ?? null] as const);
  chart.remove();
  return data;
};

describeInBrowser('chartEdits, on a chart of lightweight-charts', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage();
    await page.setContent('<div id="chart"></div>');
    const script = join(built, 'node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.js');
    await page.addScriptTag({ content: readFileSync(script, 'utf8') });
  });
  afterAll(() => browser.close());

  it('leave the last word on each bar, whatever order they come in', async () => {
    await fc.assert(
      fc.asyncProperty(bars, async (all) => {
        const words = new Map(all.map(({ openTime, close }) => [openTime / 1_000, close]));
        const shown = await page.evaluate(drawn, editsOf(all));
        expect(shown.filter(([, close]) => close !== null)).toEqual([...words].sort(([one], [other]) => one - other));
        expect(new Set(shown.map(([time]) => time)).size).toBe(shown.length);
      }),
      { numRuns: 100 },
    );
  });

  it('are needed: an update that puts in an absent bar costs a neighbour', async () => {
    const [first, second, third] = [0, 1, 2].map((minute) => ({
      ...{ time: minute * 60, open: 1, high: 1, low: 1, close: minute, volume: 0 },
    }));
    if (!first || !second || !third) throw new Error('three bars');
    const of = { symbol: 'BTCUSDT.BA', interval: '1m' } as const;
    const shown = await page.evaluate(drawn, [
      { ...of, type: 'reset', bars: [first, { time: second.time }, third] },
      { ...of, type: 'correct', bar: second },
    ] satisfies readonly ChartEdit[]);
    expect(shown).not.toEqual([0, 1, 2].map((minute) => [minute * 60, minute]));
  });
});
