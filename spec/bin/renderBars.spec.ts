import { barRowAfter, barRowTouched, newBarRow } from '../../lib/bin/views/barRow.js';
import { renderBars, type BarFrame } from '../../lib/bin/views/barTable.js';
import { newParts } from '../../lib/bin/table.js';
import { clock } from '../../lib/bin/format.js';
import { quotes, type FeedEvent, type Kline } from '../../lib/index.js';
import { aKline, aQuote } from '../../lib/testing/index.js';

const connected: FeedEvent = {
  kind: 'connected',
  provider: 'itick',
  receivedAt: 0,
  attempt: 1,
  resumed: undefined,
};
const closed = (close: number, overrides: Partial<Kline> = {}): Kline =>
  aKline({ openTime: close * 60_000, close, closed: true, ...overrides });
const forming = aKline({ openTime: 540_000, open: 8, high: 9.25, low: 8, close: 9, volume: 1200 });

const render = (bars: readonly Kline[], frame: Partial<BarFrame> = {}): readonly string[] => {
  const { parts, accept, change } = newParts(
    [{ name: 'itick:stock', topics: quotes('AAPL.US', 'TSLA.US') }],
    0,
    newBarRow,
  );
  accept('itick:stock', connected);
  const quote = aQuote({ receivedAt: 1_000, ...(frame.title === 'lots' && { sizeUnit: 'lots' }) });
  change('itick:stock', 'AAPL.US', (row) => barRowTouched(row, quote));
  for (const bar of bars) change('itick:stock', 'AAPL.US', (row) => barRowAfter(row, bar));
  return renderBars(parts(), {
    title: '1m bars',
    hint: '',
    colors: 'none',
    blocks: true,
    width: 130,
    height: 30,
    now: 3_000,
    ...frame,
  });
};

describe('renderBars', () => {
  it('draws the forming bar of each symbol, and a line of those before it', () => {
    const bar = clock(540_000).slice(0, 5);
    expect(render([closed(1), closed(2), closed(8), forming])).toEqual([
      'rxtape 1m bars',
      '',
      '  SYMBOL       BAR      OPEN      HIGH       LOW     CLOSE   CHANGE     VOLUME  AGE  LAST 30 CLOSES',
      'itick:stock  live  0 events/s, 0 reconnects',
      `  AAPL.US    ${bar}      8.00      9.25      8.00      9.00  +12.50%      1,200   2s  ▁▂█`,
      '  TSLA.US        -         -         -         -         -        -          -    -',
      '',
    ]);
  });

  it('shows what a bar lacks, and how many closed ones lack something', () => {
    const lines = render([closed(1, { coverage: 0.5 }), { ...forming, coverage: 0.999, missedVolume: 1234 }]);
    expect(lines[2]).toContain('  SEEN  MISSED  HOLES  ');
    expect(lines[4]).toContain('   99%   1,234      1  ');
    expect(lines[5]).toContain('     -       -      -  ');
    expect(lines.slice(-2)).toEqual([
      '  SEEN: share of time the link was live; MISSED: lost volume',
      '  HOLES: closed bars that lack time or volume',
    ]);
  });

  it('says which volumes are in lots', () => {
    expect(render([forming], { title: 'lots' }).at(-1)).toBe('  volumes in lots, not shares: itick:stock AAPL.US');
  });

  it('keeps close and sparkline in a narrow terminal, without blocks where there are none', () => {
    const lines = render([closed(1), closed(2), closed(3), forming], { width: 40, blocks: false });
    expect(lines[2]).toBe('  SYMBOL        CLOSE  LAST 30 CLOSES');
    expect(lines[4]).toBe('  AAPL.US        9.00  _=#');
  });

  it('colors rising and falling bars', () => {
    const colored = (close: number) => render([{ ...forming, open: 8, close }], { colors: 'us' })[4];
    expect(colored(9)).toContain('\u001b[32m');
    expect(colored(7)).toContain('\u001b[31m');
    expect(colored(8)).not.toContain('\u001b[3');
  });
});
