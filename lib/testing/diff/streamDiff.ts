import type { MarbleMessage } from '../feeds.js';
import { differences, kindOf, nameOf, sameValue, shown } from './values.js';

type Letter = (notification: Notification) => string;

/** How many frames are drawn before the first that differs, in all, and how many are described. */
const BEFORE = 4;
const DRAWN = 20;
const DESCRIBED = 8;

/**
 * How two streams differ: both as marbles, one above the other, and the fields in which they differ, frame by frame;
 * undefined when they do not. Streams without times are numbered instead.
 *
 *     ms        0-3-60000-
 *     received  c-t-b-----
 *     expected  c-t-q-----
 *                   ^
 */
export const streamDiff = (
  received: readonly MarbleMessage[],
  expected: readonly MarbleMessage[],
  unit: 'ms' | 'no.' = 'ms',
): string | undefined => {
  const columns = columnsOf(received, expected);
  const wrong = columns.filter((column) => !isAlike(column));
  const [first] = wrong;
  if (first === undefined) return undefined;

  const start = Math.max(0, columns.indexOf(first) - BEFORE);
  const drawn = columns.slice(start, start + DRAWN);
  const letter = lettering();
  const described = wrong.filter((column) => drawn.includes(column)).slice(0, DESCRIBED);
  const more = wrong.length - described.length;
  return [
    `the streams differ in ${wrong.length} of ${columns.length} frames`,
    '',
    ...picture(drawn, letter, unit),
    ...(drawn.length < columns.length ? [leftOut(start, columns.length - start - drawn.length)] : []),
    '',
    ...described.flatMap((column) => description(column, letter, unit)),
    ...(more > 0 ? [`and ${more} more that differ`] : []),
  ].join('\n');
};

const leftOut = (before: number, after: number): string => `not drawn: ${before} frames before, ${after} after`;

const picture = (columns: readonly DiffColumn[], letter: Letter, unit: string): readonly string[] => {
  const cells = columns.map((column) => ({
    frame: String(column.frame),
    received: cellOf(column.received, letter),
    expected: cellOf(column.expected, letter),
    mark: isAlike(column) ? '' : '^',
  }));
  const line = (name: string, key: keyof (typeof cells)[number], fill: string): string =>
    name.padEnd('received  '.length) +
    cells.map((cell) => cell[key].padEnd(Math.max(...widths(cell)) + 1, fill)).join('');
  return [
    line(unit, 'frame', ' '),
    line('received', 'received', '-'),
    line('expected', 'expected', '-'),
    line('', 'mark', ' '),
  ].map((text) => text.trimEnd());
};

const widths = (cell: { readonly frame: string; readonly received: string; readonly expected: string }): number[] => [
  cell.frame.length,
  cell.received.length,
  cell.expected.length,
];

const cellOf = (notification: readonly Notification[], letter: Letter): string => {
  const letters = notification.map(letter).join('');
  return letters.length > 1 ? `(${letters})` : letters;
};

/** What is wrong with a frame: a heading for each pair that differs, and its fields below it. */
const description = ({ frame, received, expected }: DiffColumn, letter: Letter, unit: string): readonly string[] => {
  const where = unit === 'ms' ? `at ${frame} ms` : `no. ${frame}`;
  const count = Math.max(received.length, expected.length);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const [is, ought] = [received[index], expected[index]];
    if (sameNotification(is, ought)) return [];
    const heading = `${where}: received ${titleOf(is, letter)}, expected ${titleOf(ought, letter)}`;
    return [heading, ...fields(is, ought).map((text) => `    ${text}`)];
  });
};

const titleOf = (notification: Notification | undefined, letter: Letter): string =>
  notification === undefined
    ? 'nothing'
    : [letter(notification), nameOf(contentOf(notification))].filter((word) => word !== '').join(' ');

const fields = (is: Notification | undefined, ought: Notification | undefined): readonly string[] => {
  const kinds = [is, ought].map((notification) => notification && kindOf(contentOf(notification)));
  const comparable = is && ought && is.kind === ought.kind && (kinds.includes('') || kinds[0] === kinds[1]);
  if (!comparable)
    return [is, ought].flatMap((notification) =>
      notification && notification.kind !== 'C' ? [shown(contentOf(notification))] : [],
    );
  return differences(contentOf(is), contentOf(ought)).map(
    ({ path, received, expected }) =>
      `${path === '' ? '' : `${path}: `}received ${shown(received)}, expected ${shown(expected)}`,
  );
};

const ALPHABET = 'abefghijlmnoprsvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const kinds: Readonly<Record<string, string>> = {
  trade: 't',
  quote: 'q',
  depth: 'd',
  bbo: 'b',
  kline: 'k',
  connected: 'c',
  disconnected: 'x',
  refused: 'r',
  undecodable: 'u',
};

/** Gives each distinct value a letter: that of its kind to the first of a kind, and any other that is free to the rest. */
const lettering = (): ((notification: Notification) => string) => {
  const known: { readonly notification: Notification; readonly letter: string }[] = [];
  const free = (letter: string): boolean => known.every((other) => other.letter !== letter);
  return (notification) => {
    if (notification.kind === 'C') return '|';
    if (notification.kind === 'E') return '#';
    const found = known.find((other) => sameNotification(notification, other.notification));
    if (found) return found.letter;
    const letter = Array.from(preferred(contentOf(notification)) + ALPHABET).find(free) ?? '*';
    known.push({ notification, letter });
    return letter;
  };
};

/** A value that is a letter is drawn as itself. */
const preferred = (value: unknown): string =>
  typeof value === 'string' && /^[A-Za-z]$/.test(value) ? value : (kinds[kindOf(value)] ?? '');

type Notification = MarbleMessage['notification'];

/** What two streams emitted in one frame. */
interface DiffColumn {
  readonly frame: number;
  readonly received: readonly Notification[];
  readonly expected: readonly Notification[];
}

/** Two streams side by side, by frame. */
const columnsOf = (received: readonly MarbleMessage[], expected: readonly MarbleMessage[]): readonly DiffColumn[] => {
  const columns = new Map<number, { frame: number; received: Notification[]; expected: Notification[] }>();
  const at = (frame: number) => {
    const column = columns.get(frame) ?? { frame, received: [], expected: [] };
    columns.set(frame, column);
    return column;
  };
  received.forEach(({ frame, notification }) => at(frame).received.push(notification));
  expected.forEach(({ frame, notification }) => at(frame).expected.push(notification));
  return [...columns.values()].sort((a, b) => a.frame - b.frame);
};

/** What a notification carries: a value, an error, or nothing. */
const contentOf = (notification: Notification): unknown =>
  notification.kind === 'N' ? notification.value : notification.kind === 'E' ? notification.error : undefined;

const sameNotification = (a: Notification | undefined, b: Notification | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.kind === b.kind && sameValue(contentOf(a), contentOf(b));

/** Whether both emitted the same in the frame. */
const isAlike = ({ received, expected }: DiffColumn): boolean =>
  received.length === expected.length &&
  received.every((notification, index) => sameNotification(notification, expected[index]));
