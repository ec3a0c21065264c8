import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sources/files.js';

const page = readFileSync(join(root, 'docs/engines.md'), 'utf8');

/** The cells of the tables of a page, by the names of their row and column. */
const cellsOf = (text: string): ReadonlyMap<string, string> => {
  const cells = new Map<string, string>();
  let heads: readonly string[] = [];
  for (const line of text.split('\n')) {
    const row = line.startsWith('|') ? line.split('|').slice(1, -1) : [];
    const [name = '', ...values] = row.map((cell) => cell.trim());
    if (row.length === 0) heads = [];
    else if (heads.length === 0) heads = values;
    else values.forEach((value, at) => cells.set(`${name} | ${heads[at]}`, value));
  }
  return cells;
};

const stated = cellsOf(page);

/** What is to be noted: that it works, or why it does not. */
export type Outcome = 'yes' | { readonly no: string };

/**
 * That the page says what was found out. With `RXTAPE_ENGINES` set it is the name of a file, to which it is written
 * instead: `npm run engines:accept` makes the tables of it.
 */
export const expectStated = (row: string, column: string, outcome: Outcome): void => {
  const cell = outcome === 'yes' ? 'yes' : 'no';
  const reason = outcome === 'yes' ? undefined : outcome.no;
  if (reason !== undefined) process.stderr.write(`${column}, ${row}: no, ${reason}\n`);
  const file = process.env['RXTAPE_ENGINES'];
  if (file) appendFileSync(file, `${JSON.stringify({ row, column, cell, reason })}\n`);
  else expect({ works: cell, reason }).toEqual({ works: stated.get(`${row} | ${column}`), reason });
};

/** All cells that the page has, so that a spec can tell which of them nothing stands for. */
export const statedCells = stated;
