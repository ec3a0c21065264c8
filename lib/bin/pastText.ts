import type { Kline } from '../index.js';
import { isIntraday } from '../model/interval.js';
import { zoneOf } from '../model/venue.js';
import { amount, clean, decimalsOf, percent, venueTime } from './format.js';
import type { HistoryPlan } from './Plan.js';
import { providerOf } from './providers.js';

const csvColumns: Readonly<Record<string, (bar: Kline) => string | number | undefined>> = {
  symbol: ({ symbol }) => symbol,
  interval: ({ interval }) => interval,
  openTime: ({ openTime }) => new Date(openTime).toISOString(),
  closeTime: ({ closeTime }) => new Date(closeTime).toISOString(),
  open: ({ open }) => open,
  high: ({ high }) => high,
  low: ({ low }) => low,
  close: ({ close }) => close,
  volume: ({ volume }) => volume,
  turnover: ({ turnover }) => turnover,
};

/** The first line of a file of bars. */
export const csvHeader = `${Object.keys(csvColumns).join(',')}\n`;

/** A field of a file of commas: in quotes where it holds a comma, a quote or a line break, and quotes in it are doubled. */
export const csvField = (value: string | number | undefined): string => {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csvLine = (bar: Kline): string =>
  Object.values(csvColumns)
    .map((of) => csvField(of(bar)))
    .join(',');

type Text = (bars: readonly Kline[]) => string;

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** What is written of bars, those of a symbol together and oldest first. */
export const textOf = (plan: HistoryPlan): Text => {
  switch (plan.output) {
    case 'csv':
      return (bars) => linesOf(bars.map(csvLine));
    case 'json':
      return (bars) => linesOf(bars.map((bar) => JSON.stringify(bar)));
    case 'table':
      return tables(plan);
  }
};

/** A table for each symbol, with an empty line between two. */
const tables = ({ source, interval }: HistoryPlan): Text => {
  const { sizeUnitOf } = providerOf(source);
  let isFirst = true;
  return (bars) => {
    const symbols = [...new Set(bars.map(({ symbol }) => symbol))];
    return symbols
      .map((symbol) => {
        const zone = zoneOf(symbol);
        const unit = sizeUnitOf(symbol) === 'lots' ? ', volume in lots' : '';
        const own = bars.filter((bar) => bar.symbol === symbol);
        const heading = `${symbol} ${interval} bars of ${source.name}, times of ${zone}${unit}`;
        const lines = [...(isFirst ? [] : ['']), heading, ...tableOf(own, zone)];
        isFirst = false;
        return linesOf(lines);
      })
      .join('');
  };
};

const HEADINGS = ['OPEN', 'HIGH', 'LOW', 'CLOSE', 'CHANGE', 'VOLUME'] as const;

const tableOf = (bars: readonly Kline[], zone: string): readonly string[] => {
  const decimals = most(bars.flatMap(({ open, high, low, close }) => [open, high, low, close].map(decimalsOf)));
  const rows = bars.map(({ interval, openTime, open, high, low, close, volume }) => [
    venueTime(openTime, zone, interval === '1s' ? 'second' : isIntraday(interval) ? 'minute' : 'date'),
    ...[open, high, low, close].map((price) => price.toFixed(decimals)),
    open ? percent(open, close) : '-',
    amount(clean(volume)),
  ]);
  const all = [['TIME', ...HEADINGS], ...rows];
  const widths = all[0]?.map((_, column) => most(all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? `  ${cell.padEnd(widths[0] ?? 0)}` : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
};

/** The largest of many: more than a call takes arguments. */
const most = (values: readonly number[]): number => values.reduce((one, other) => Math.max(one, other), 0);
