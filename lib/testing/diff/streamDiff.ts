import type { Message } from '../narrated.js';
import { columnsOf, contentOf, isAlike, sameNotification, type Column, type Notification } from './columns.js';
import { differences } from './differences.js';
import { lettering } from './lettering.js';
import { kindOf, nameOf, shown } from './shown.js';

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
  received: readonly Message[],
  expected: readonly Message[],
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

const picture = (columns: readonly Column[], letter: Letter, unit: string): readonly string[] => {
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

const cellOf = (said: readonly Notification[], letter: Letter): string => {
  const letters = said.map(letter).join('');
  return letters.length > 1 ? `(${letters})` : letters;
};

/** What is wrong with a frame: a heading for each pair that differs, and its fields below it. */
const description = ({ frame, received, expected }: Column, letter: Letter, unit: string): readonly string[] => {
  const where = unit === 'ms' ? `at ${frame} ms` : `no. ${frame}`;
  const count = Math.max(received.length, expected.length);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const [is, ought] = [received[index], expected[index]];
    if (sameNotification(is, ought)) return [];
    const heading = `${where}: received ${titleOf(is, letter)}, expected ${titleOf(ought, letter)}`;
    return [heading, ...fields(is, ought).map((text) => `    ${text}`)];
  });
};

const titleOf = (said: Notification | undefined, letter: Letter): string =>
  said === undefined ? 'nothing' : [letter(said), nameOf(contentOf(said))].filter((word) => word !== '').join(' ');

const fields = (is: Notification | undefined, ought: Notification | undefined): readonly string[] => {
  const kinds = [is, ought].map((said) => said && kindOf(contentOf(said)));
  const comparable = is && ought && is.kind === ought.kind && (kinds.includes('') || kinds[0] === kinds[1]);
  if (!comparable) return [is, ought].flatMap((said) => (said && said.kind !== 'C' ? [shown(contentOf(said))] : []));
  return differences(contentOf(is), contentOf(ought)).map(
    ({ path, received, expected }) =>
      `${path === '' ? '' : `${path}: `}received ${shown(received)}, expected ${shown(expected)}`,
  );
};
