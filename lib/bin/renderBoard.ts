import type { Channel } from '../index.js';
import type { Part } from './board.js';
import { GAP, placed, type Placed } from './columns.js';
import { milliseconds, printable, seconds } from './format.js';
import { fitted, padded, painted, span, type Line, type Span, type Tone } from './line.js';
import type { Link } from './link.js';
import type { Colors } from './Plan.js';
import type { Row } from './row.js';

export interface View {
  readonly title: string;
  /** How to leave; nothing once that has happened. */
  readonly hint: string;
  readonly channels: ReadonlySet<Channel>;
  readonly colors: Colors;
  readonly width: number;
  readonly height: number;
  readonly now: number;
}

/** The board as lines for a terminal, none wider and no more than it can show. */
export const renderBoard = (parts: readonly Part[], view: View): readonly string[] => {
  const { channels, colors, width, height, now } = view;
  const rows = parts.flatMap((part) => [...part.rows.values()]);
  const columns = placed(rows, channels, now, width - INDENT);
  const longest = Math.max(...parts.map(({ name }) => name.length));
  const lines: readonly Line[] = [
    header(view),
    [],
    inColumns(
      columns.map(({ heading }) => span(heading, 'dim')),
      columns,
    ),
    ...parts.flatMap(({ name, link, rows: own }) => [
      linkLine(name.padEnd(longest), link, now),
      ...[...own.values()].map((row) => rowLine(row, link, columns, now)),
      [],
    ]),
    ...footnotes(parts, columns),
  ];
  return cut(lines, height).map((line) => painted(fitted(line, width), colors));
};

const INDENT = 2;

const header = ({ title, hint, width }: View): Line => {
  const name = 'rxtape ';
  const room = width - name.length - (hint === '' ? 0 : hint.length + 1);
  const shown = title.length > room ? `${title.slice(0, Math.max(0, room - 3))}...` : title.padEnd(room);
  return [span(name, 'strong'), span(shown), span(hint && ` ${hint}`, 'dim')];
};

const inColumns = (cells: readonly Span[], columns: readonly Placed[]): Line =>
  columns.flatMap(({ taken, side }, index) => [
    span(' '.repeat(index === 0 ? INDENT : GAP)),
    padded(cells[index] ?? span(''), taken, side),
  ]);

const rowLine = (row: Row, link: Link, columns: readonly Placed[], now: number): Line => {
  if (row.refusal !== undefined && row.heardAt === undefined) {
    const symbol = row.symbol.padEnd(columns[0]?.taken ?? 0);
    return [span(' '.repeat(INDENT)), span(symbol), span(`  refused: ${printable(row.refusal)}`, 'warn')];
  }
  const cells = columns.map(({ cell }) => cell(row, now));
  // What a dead link said last may be wrong by now.
  return inColumns(link.state === 'live' ? cells : cells.map(({ text }) => span(text, 'dim')), columns);
};

const linkLine = (name: string, link: Link, now: number): Line => {
  const facts = [
    `${Math.round(link.rate).toLocaleString('en-US')} events/s`,
    counted(link.reconnects, 'reconnect'),
    ...(link.roundTrip === undefined ? [] : [`round trip ${milliseconds(link.roundTrip)}`]),
    ...(link.refused > 0 ? [`${link.refused} refused`] : []),
    ...(link.undecodable > 0 ? [`${link.undecodable} undecodable`] : []),
  ];
  const [state, tone] = stateOf(link, now);
  return [
    span(name, 'strong'),
    span('  '),
    span(state, tone),
    span(`  ${facts.join(', ')}`, 'dim'),
    span(link.state === 'down' ? `  ${printable(link.cause ?? '')}` : '', 'warn'),
  ];
};

const stateOf = ({ state, attempt, retryAt }: Link, now: number): readonly [string, Tone] => {
  if (state === 'live') return ['live', 'strong'];
  if (state === 'connecting') return ['connecting', 'warn'];
  return [
    `down, ${now < retryAt ? `retry ${attempt} in ${seconds(retryAt - now)}` : `retry ${attempt} under way`}`,
    'warn',
  ];
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const footnotes = (parts: readonly Part[], columns: readonly Placed[]): readonly Line[] => {
  const rows = parts.flatMap(({ name, rows: own }) => [...own.values()].map((row) => ({ name, ...row })));
  const sinceOpen = columns.some(({ marks }) => marks) && rows.some(({ reference }) => reference?.since === 'open');
  const lots = rows.filter(({ sizeUnit }) => sizeUnit === 'lots').map(({ name, symbol }) => `${name} ${symbol}`);
  return [
    ...(sinceOpen ? ['* since the open: the vendor sends no previous close'] : []),
    ...(lots.length > 0 ? [`sizes in lots, not shares: ${lots.join(', ')}`] : []),
  ].map((text) => [span(`  ${text}`, 'dim')]);
};

const cut = (lines: readonly Line[], height: number): readonly Line[] => {
  if (lines.length <= height) return lines;
  const shown = lines.slice(0, Math.max(0, height - 1));
  return [...shown, [span(`  ${lines.length - shown.length} more lines`, 'dim')]];
};
