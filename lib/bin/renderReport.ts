import { age, amount, bytes, counted, elapsed, milliseconds, printable, seconds } from './format.js';
import type { Gap, SymbolReport, TapeReport } from './tapeReport.js';

/** So many lines of one kind are shown; JSON has them all. */
const MOST = 50;

/** A report as lines for people. */
export const renderReport = (report: TapeReport): readonly string[] =>
  [
    report.name,
    ...facts(report).map(([name, text]) => `  ${name.padEnd(12)}  ${text}`),
    ...section(
      'latency',
      table(
        ['', 'events', 'p50', 'p90', 'p99'],
        report.latency.map(({ kind, count, p50, p90, p99 }) => [kind, amount(count), ...[p50, p90, p99].map(delay)]),
      ),
    ),
    ...section('symbols', table(['', 'symbol', 'trades', 'quotes', 'depths', 'klines'], symbolRows(report.symbols))),
    ...section('gaps', shortened(report.gaps.map(gapLine))),
    ...section('damage', shortened(report.damage.first, report.damage.count)),
  ].map(printable);

type Fact = readonly [string, string];

const facts = ({ from, to, bytes: size, endpoints, ...report }: TapeReport): readonly Fact[] => {
  const { connections, refused, rate, lost, undecodable, refusedTopics, strangers, damage } = report;
  const trouble = (name: string, count: number, what: string): readonly Fact[] =>
    count > 0 ? [[name, `${amount(count)} ${what}`]] : [];
  return [
    [
      'span',
      from === undefined || to === undefined ? 'nothing' : `${instant(from)} to ${instant(to)}, ${elapsed(to - from)}`,
    ],
    ['file', bytes(size)],
    ['connections', `${amount(connections)} to ${endpoints.join(', ') || 'nowhere'}`],
    ['heard', `${counted(report.in.frames, 'frame')}, ${bytes(report.in.size)}`],
    ['said', `${counted(report.out.frames, 'frame')}, ${bytes(report.out.size)}`],
    [
      'rate',
      `${amount(Number(rate.mean.toPrecision(3)))} frames/s on average, ${amount(rate.peak)} in the busiest second`,
    ],
    ['gaps', report.gaps.length === 0 ? 'none' : counted(report.gaps.length, 'gap')],
    ...trouble('turned away', refused, 'connections'),
    ...trouble('refused', refusedTopics, 'topics'),
    ...trouble('undecodable', undecodable, 'frames'),
    ...trouble('lost', lost, 'frames, as the disk was too slow'),
    ...trouble('damaged', damage.count, 'lines, which were skipped'),
    ...(strangers.length > 0 ? [['not decoded', `${strangers.join(', ')}: no vendor known here`] as const] : []),
  ];
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

const shortened = (lines: readonly string[], count = lines.length): readonly string[] => {
  const shown = lines.slice(0, MOST);
  return count > shown.length ? [...shown, `and ${amount(count - shown.length)} more`] : shown;
};

/** Rows below headings, figures to the right; nothing when there is no row. */
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  if (rows.length === 0) return [];
  const all = [headings, ...rows];
  const widths = headings.map((_, i) => all.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0));
  const isText = (i: number): boolean => headings[i] === '' || headings[i] === 'symbol';
  const lines = all.map((row) =>
    row
      .map((cell, i) => (isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return shortened(lines);
};

const symbolRows = (symbols: readonly SymbolReport[]): readonly (readonly string[])[] =>
  symbols.map(({ source, symbol, trades, quotes, depths, klines }) => [
    source,
    symbol,
    ...[trades, quotes, depths, klines].map((count) => (count === 0 ? '-' : amount(count))),
  ]);

const gapLine = ({ source, from, to, cause }: Gap): string =>
  `${source}  ${instant(from)}  ${to === undefined ? 'to the end' : `for ${long(to - from)}`}  ${cause}`;

const long = (duration: number): string => (duration < 60_000 ? seconds(duration) : age(duration));

const delay = (value: number | undefined): string => (value === undefined ? '-' : milliseconds(value));

/** A time that is the same everywhere: `2026-11-21 01:30:00.000Z`. */
const instant = (time: number): string => new Date(time).toISOString().replace('T', ' ');
