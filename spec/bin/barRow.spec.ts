import { barRowAfter, barRowTouched, holes, KEPT, newBarRow, type BarRow } from '../../lib/bin/views/barRow.js';
import type { Kline } from '../../lib/index.js';
import { aKline, aQuote } from '../../lib/testing/index.js';

const MINUTE = 60_000;
const bar = (minute: number, overrides: Partial<Kline> = {}): Kline =>
  aKline({ openTime: minute * MINUTE, closeTime: (minute + 1) * MINUTE, closed: true, ...overrides });
const after = (...bars: readonly Kline[]): BarRow => bars.reduce(barRowAfter, newBarRow('AAPL.US'));
const minutes = ({ closed }: BarRow) => closed.map(({ openTime }) => openTime / MINUTE);

describe('barRowAfter', () => {
  it('shows the latest bar, and keeps those that are closed', () => {
    const row = after(bar(1), bar(2), bar(3, { closed: false, close: 100.25 }));
    expect(minutes(row)).toEqual([1, 2]);
    expect(row).toMatchObject({ bar: { openTime: 3 * MINUTE }, decimals: 2 });
  });

  it('puts a correction in the place of what it corrects', () => {
    const row = after(bar(1), bar(2), bar(1, { revision: 1, close: 7 }));
    expect(minutes(row)).toEqual([1, 2]);
    expect(row.closed[0]?.close).toBe(7);
    expect(row.bar?.openTime).toBe(2 * MINUTE);
  });

  it('puts a bar that comes late where it belongs', () => {
    expect(minutes(after(bar(1), bar(3), bar(2)))).toEqual([1, 2, 3]);
  });

  it('keeps no more than it shows', () => {
    const row = after(...Array.from({ length: KEPT + 5 }, (_, minute) => bar(minute)));
    expect(minutes(row)).toHaveLength(KEPT);
    expect(minutes(row)[0]).toBe(5);
  });
});

describe('barRowTouched', () => {
  it('remembers when a symbol was heard of, and in which unit', () => {
    const row = barRowTouched(newBarRow('A.US'), aQuote({ receivedAt: 5, sizeUnit: 'lots' }));
    expect(row).toMatchObject({ updatedAt: 5, sizeUnit: 'lots' });
    expect(barRowTouched(row, aKline({ receivedAt: 6 }))).toMatchObject({ updatedAt: 6, sizeUnit: 'lots' });
  });
});

describe('holes', () => {
  it('counts the closed bars that lack time or volume', () => {
    expect(holes(after(bar(1, { coverage: 0.9 }), bar(2), bar(3, { missedVolume: 1 })))).toBe(2);
  });
});
