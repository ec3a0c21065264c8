/**
 * Binance's frames, of each kind and mixed, read by rxtape, ccxt and tardis-dev in turn, each against `JSON.parse` of the
 * same text. A process for each kind, in which all of them take turns; and what they allocate.
 *
 *     npm run bench:peers
 */
import { execFileSync } from 'node:child_process';
import { framesOf, type FrameKind } from '../frames.js';
import { bytesOf, median, turnsOf } from '../ratio.js';
import { checkBooks, checkEvents, ofBadFrames } from './sameEvents.js';
import { ccxtReader, rxtapeBooks, rxtapeReader, tardisBooks, tardisFrame, tardisReader } from './readers.js';

const SLICE = 1_000;
/** Rounds of two turns each, after 20 turns of warming up. */
const ROUNDS = 41;
/** So many that none comes twice: books count on. */
const FRAMES = SLICE * (20 + 2 * ROUNDS);

type Read = (frame: string) => void;

/** The ways of reading a row of the table; tardis-dev has no mapper for some kinds, and ccxt gives books only. */
interface Row {
  readonly kind: FrameKind;
  readonly check: (frames: readonly string[]) => void;
  readonly rxtape: (count: () => void) => Read;
  readonly ccxt?: (count: () => void) => Read;
  readonly tardis?: (count: () => void) => Read;
}

/** A ticker has two names. */
const viaCcxt = (count: () => void): Read =>
  ccxtReader((_, name) => {
    if (!name.includes('s:')) count();
  });

const events = (kind: FrameKind, peers: 'both' | 'ccxt' | 'tardis' = 'both'): Row => ({
  kind,
  check: (frames) => checkEvents(kind, frames, { ccxt: peers !== 'tardis', tardis: peers !== 'ccxt' }),
  rxtape: (count) => rxtapeReader(count),
  ...(peers !== 'tardis' && { ccxt: viaCcxt }),
  ...(peers !== 'ccxt' && { tardis: (count) => tardisReader(kind)(count) }),
});

const rows: Readonly<Record<string, Row>> = {
  bnTrade: events('bnTrade'),
  bnTicker: events('bnTicker', 'ccxt'),
  bnBook: events('bnBook'),
  bnDepth: events('bnDepth', 'tardis'),
  'bnDepth, into books': {
    kind: 'bnDepth',
    check: checkBooks,
    rxtape: (count) => rxtapeBooks(count),
    ccxt: viaCcxt,
    tardis: (count) => tardisBooks(count),
  },
  bnKline: events('bnKline', 'ccxt'),
  bnMixed: events('bnMixed'),
};

/** Something of every result goes here, so that no work can be optimised away. */
export let sink = 0;

/** Walks through the frames a slice at a time, so that each turn sees others. */
const inSlices = (frames: readonly string[], read: Read): (() => void) => {
  let at = 0;
  return () => {
    for (const end = at + SLICE; at < end; at++) read(frames[at]!);
  };
};

const count = (): void => void (sink += 1);

/** JSON.parse, rxtape, ccxt, tardis-dev, as far as they are in that row. */
const worksOf = ({ kind, check, rxtape, ccxt, tardis }: Row): readonly ((() => void) | undefined)[] => {
  const frames = framesOf(kind, FRAMES);
  check(frames.slice(0, 5_000));
  const floor: Read = (frame) => {
    if (typeof JSON.parse(frame) === 'object') sink += 1;
  };
  return [
    inSlices(frames, floor),
    inSlices(frames, rxtape(count)),
    ccxt && inSlices(frames, ccxt(count)),
    tardis && inSlices(frames.map(tardisFrame), tardis(count)),
  ];
};

const cell = (ratios: readonly number[] | undefined, digits: number): string =>
  ratios === undefined ? '' : median(ratios).toFixed(digits);

const timesOf = (row: Row): readonly string[] => {
  const works = worksOf(row);
  const present = works.filter((work) => work !== undefined);
  const found = turnsOf(present, ROUNDS);
  const [floor, ours, ccxt, tardis] = works.map((work) => work && found[present.indexOf(work)]!);
  const over = (times: readonly number[] | undefined, by: readonly number[] | undefined) =>
    times?.map((time, round) => time / by![round]!);
  const us = floor!.map((time) => time / 2 / SLICE / 1_000);
  return [
    cell(us, 2),
    ...[ours, ccxt, tardis].map((times) => cell(over(times, floor), 2)),
    ...[ccxt, tardis].map((times) => cell(over(times, ours), 1)),
  ];
};

const memoryOf = (row: Row): readonly string[] => {
  const [floor, ...others] = worksOf(row).map((work) => work && bytesOf(work) / SLICE);
  return [floor, ...others].map((bytes) => bytes?.toFixed(0) ?? '');
};

const table = (mode: string, flags: readonly string[], head: readonly string[]): void => {
  console.log(`| frames | ${head.join(' | ')} |`);
  console.log(`|${'---|'.repeat(head.length + 1)}`);
  for (const name of Object.keys(rows))
    execFileSync(process.execPath, [...flags, __filename, mode, name], { stdio: 'inherit' });
};

const [, , mode, name = ''] = process.argv;
const row = rows[name];
if (row) {
  const cells = mode === 'bytes' ? memoryOf(row) : timesOf(row);
  console.log(`| ${[name, ...cells].join(' | ')} |`);
} else {
  const peers = ['rxtape', 'ccxt', 'tardis-dev'];
  table(
    'time',
    [],
    ['JSON.parse us', ...peers.map((each) => `${each} x JSON.parse`), 'ccxt x rxtape', 'tardis-dev x rxtape'],
  );
  console.log('\nBytes allocated for a frame, caches included:\n');
  table('bytes', ['--expose-gc', '--max-semi-space-size=256'], ['JSON.parse', ...peers]);
  console.log('\nWhat comes of a frame in which the price is "x":\n');
  for (const line of ofBadFrames()) console.log(line);
}
