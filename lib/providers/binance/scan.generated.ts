// Made by `scannerSource` of the codecs in './frames.js'; not to be edited.
import * as scan from '../../codec/scan.js';
import type { Frame } from './frames.js';

type Cursor = scan.Cursor;

// Bound once: to look each up in another module would take as long as to read.
const {
  MOST_ITEMS,
  NO_KEY,
  closesList,
  closesRecord,
  goesOn,
  isEmptyList,
  isKey,
  isOver,
  nextOf,
  opensList,
  opensRecord,
  poolOf,
  readBooleanOrNull,
  readKey,
  readNumberOrText,
  readNumeric,
  readNumericOrNull,
  readScalar,
  readText,
  sized,
  skipValue,
} = scan;

const readFrameDataAItem = (cursor: Cursor): [number, number] | undefined => {
  if (!opensList(cursor)) return undefined;
  cursor.at += 1;
  const item0 = readNumeric(cursor);
  if (Number.isNaN(item0)) return undefined;
  if (!goesOn(cursor)) return undefined;
  cursor.at += 1;
  const item1 = readNumeric(cursor);
  if (Number.isNaN(item1)) return undefined;
  return closesList(cursor) ? [item0, item1] : undefined;
};

const listsFrameDataA = poolOf((): NonNullable<ReturnType<typeof readFrameDataAItem>>[] => []);

const readFrameDataA = (cursor: Cursor): NonNullable<ReturnType<typeof readFrameDataAItem>>[] | undefined => {
  const items = nextOf(listsFrameDataA);
  if (items === undefined || !opensList(cursor)) return undefined;
  if (isEmptyList(cursor)) return sized(items, 0);
  let count = 0;
  do {
    cursor.at += 1;
    const item = readFrameDataAItem(cursor);
    if (item === undefined) return undefined;
    items[count] = item;
    count += 1;
  } while (goesOn(cursor) && count < MOST_ITEMS);
  return closesList(cursor) ? sized(items, count) : undefined;
};

const rowsFrameDataK = poolOf(() => ({
  t: undefined as number | string | undefined,
  i: undefined as string | undefined,
  o: undefined as number | undefined,
  h: undefined as number | undefined,
  l: undefined as number | undefined,
  c: undefined as number | undefined,
  v: undefined as number | undefined,
  x: undefined as boolean | null | undefined,
  q: undefined as number | null | undefined,
  n: undefined as number | null | undefined,
  V: undefined as number | null | undefined,
}));
type FrameDataKRow = (typeof rowsFrameDataK.rows)[number];

const fitsFrameDataK = (row: FrameDataKRow): boolean =>
  row.t !== undefined &&
  row.i !== undefined &&
  row.o !== undefined &&
  row.h !== undefined &&
  row.l !== undefined &&
  row.c !== undefined &&
  row.v !== undefined;

const readFrameDataK = (cursor: Cursor): FrameDataKRow | undefined => {
  const row = nextOf(rowsFrameDataK);
  if (row === undefined || !opensRecord(cursor)) return undefined;
  row.t = undefined;
  row.i = undefined;
  row.o = undefined;
  row.h = undefined;
  row.l = undefined;
  row.c = undefined;
  row.v = undefined;
  row.x = undefined;
  row.q = undefined;
  row.n = undefined;
  row.V = undefined;
  do {
    switch (readKey(cursor)) {
      case 116: // t
        if ((row.t = readNumberOrText(cursor)) === undefined) return undefined;
        break;
      case 105: // i
        if ((row.i = readText(cursor)) === undefined) return undefined;
        break;
      case 111: // o
        if (Number.isNaN((row.o = readNumeric(cursor)))) return undefined;
        break;
      case 104: // h
        if (Number.isNaN((row.h = readNumeric(cursor)))) return undefined;
        break;
      case 108: // l
        if (Number.isNaN((row.l = readNumeric(cursor)))) return undefined;
        break;
      case 99: // c
        if (Number.isNaN((row.c = readNumeric(cursor)))) return undefined;
        break;
      case 118: // v
        if (Number.isNaN((row.v = readNumeric(cursor)))) return undefined;
        break;
      case 120: // x
        if ((row.x = readBooleanOrNull(cursor)) === undefined) return undefined;
        break;
      case 113: // q
        if ((row.q = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 110: // n
        if ((row.n = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 86: // V
        if ((row.V = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case NO_KEY:
        return undefined;
      default:
        if (!skipValue(cursor)) return undefined;
    }
  } while (goesOn(cursor));
  return closesRecord(cursor) && fitsFrameDataK(row) ? row : undefined;
};

const rowsFrameData = poolOf(() => ({
  e: undefined as string | undefined,
  s: undefined as string | undefined,
  a: undefined as NonNullable<ReturnType<typeof readFrameDataA>> | number | null | undefined,
  p: undefined as number | undefined,
  q: undefined as number | null | undefined,
  T: undefined as number | string | boolean | null | undefined,
  m: undefined as boolean | null | undefined,
  c: undefined as number | undefined,
  E: undefined as number | string | boolean | null | undefined,
  o: undefined as number | null | undefined,
  h: undefined as number | null | undefined,
  l: undefined as number | null | undefined,
  v: undefined as number | null | undefined,
  n: undefined as number | null | undefined,
  U: undefined as number | undefined,
  u: undefined as number | undefined,
  b: undefined as NonNullable<ReturnType<typeof readFrameDataA>> | number | null | undefined,
  k: undefined as NonNullable<ReturnType<typeof readFrameDataK>> | undefined,
  B: undefined as number | undefined,
  A: undefined as number | undefined,
}));
type FrameDataRow = (typeof rowsFrameData.rows)[number];

const fitsFrameData1 = (row: FrameDataRow): boolean =>
  row.e !== undefined &&
  row.e === 'aggTrade' &&
  row.s !== undefined &&
  row.a !== undefined &&
  typeof row.a === 'number' &&
  row.p !== undefined &&
  row.q !== undefined &&
  typeof row.q === 'number';

const fitsFrameData2 = (row: FrameDataRow): boolean =>
  row.e !== undefined && row.e === '24hrTicker' && row.s !== undefined && row.c !== undefined;

const fitsFrameData3 = (row: FrameDataRow): boolean =>
  row.e !== undefined &&
  row.e === 'depthUpdate' &&
  row.s !== undefined &&
  row.U !== undefined &&
  row.u !== undefined &&
  row.b !== undefined &&
  Array.isArray(row.b) &&
  row.a !== undefined &&
  Array.isArray(row.a);

const fitsFrameData4 = (row: FrameDataRow): boolean =>
  row.e !== undefined && row.e === 'kline' && row.s !== undefined && row.k !== undefined;

const fitsFrameData5 = (row: FrameDataRow): boolean =>
  row.e === undefined &&
  row.s !== undefined &&
  row.u !== undefined &&
  row.b !== undefined &&
  typeof row.b === 'number' &&
  row.B !== undefined &&
  row.a !== undefined &&
  typeof row.a === 'number' &&
  row.A !== undefined;

const readFrameData = (cursor: Cursor): FrameDataRow | undefined => {
  const row = nextOf(rowsFrameData);
  if (row === undefined || !opensRecord(cursor)) return undefined;
  row.e = undefined;
  row.s = undefined;
  row.a = undefined;
  row.p = undefined;
  row.q = undefined;
  row.T = undefined;
  row.m = undefined;
  row.c = undefined;
  row.E = undefined;
  row.o = undefined;
  row.h = undefined;
  row.l = undefined;
  row.v = undefined;
  row.n = undefined;
  row.U = undefined;
  row.u = undefined;
  row.b = undefined;
  row.k = undefined;
  row.B = undefined;
  row.A = undefined;
  do {
    switch (readKey(cursor)) {
      case 101: // e
        if ((row.e = readText(cursor)) === undefined) return undefined;
        break;
      case 115: // s
        if ((row.s = readText(cursor)) === undefined) return undefined;
        break;
      case 97: // a
        if ((row.a = opensList(cursor) ? readFrameDataA(cursor) : readNumericOrNull(cursor)) === undefined)
          return undefined;
        break;
      case 112: // p
        if (Number.isNaN((row.p = readNumeric(cursor)))) return undefined;
        break;
      case 113: // q
        if ((row.q = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 84: // T
        if ((row.T = readScalar(cursor)) === undefined) return undefined;
        break;
      case 109: // m
        if ((row.m = readBooleanOrNull(cursor)) === undefined) return undefined;
        break;
      case 99: // c
        if (Number.isNaN((row.c = readNumeric(cursor)))) return undefined;
        break;
      case 69: // E
        if ((row.E = readScalar(cursor)) === undefined) return undefined;
        break;
      case 111: // o
        if ((row.o = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 104: // h
        if ((row.h = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 108: // l
        if ((row.l = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 118: // v
        if ((row.v = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 110: // n
        if ((row.n = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 85: // U
        if (Number.isNaN((row.U = readNumeric(cursor)))) return undefined;
        break;
      case 117: // u
        if (Number.isNaN((row.u = readNumeric(cursor)))) return undefined;
        break;
      case 98: // b
        if ((row.b = opensList(cursor) ? readFrameDataA(cursor) : readNumericOrNull(cursor)) === undefined)
          return undefined;
        break;
      case 107: // k
        if ((row.k = readFrameDataK(cursor)) === undefined) return undefined;
        break;
      case 66: // B
        if (Number.isNaN((row.B = readNumeric(cursor)))) return undefined;
        break;
      case 65: // A
        if (Number.isNaN((row.A = readNumeric(cursor)))) return undefined;
        break;
      case NO_KEY:
        return undefined;
      default:
        if (!skipValue(cursor)) return undefined;
    }
  } while (goesOn(cursor));
  return closesRecord(cursor) &&
    (fitsFrameData1(row) || fitsFrameData2(row) || fitsFrameData3(row) || fitsFrameData4(row) || fitsFrameData5(row))
    ? row
    : undefined;
};

const rowsFrame = poolOf(() => ({
  stream: undefined as string | undefined,
  data: undefined as NonNullable<ReturnType<typeof readFrameData>> | undefined,
}));
type FrameRow = (typeof rowsFrame.rows)[number];

const fitsFrame = (row: FrameRow): boolean => row.stream !== undefined && row.data !== undefined;

const readFrame = (cursor: Cursor): FrameRow | undefined => {
  const row = nextOf(rowsFrame);
  if (row === undefined || !opensRecord(cursor)) return undefined;
  row.stream = undefined;
  row.data = undefined;
  do {
    switch (readKey(cursor)) {
      case -228025759: // stream
        if (!isKey(cursor, 1919246701, 29556, 0) || (row.stream = readText(cursor)) === undefined) return undefined;
        break;
      case 1684108385: // data
        if ((row.data = readFrameData(cursor)) === undefined) return undefined;
        break;
      case NO_KEY:
        return undefined;
      default:
        if (!skipValue(cursor)) return undefined;
    }
  } while (goesOn(cursor));
  return closesRecord(cursor) && fitsFrame(row) ? row : undefined;
};

/** Reads what `Frame` takes; undefined for what is not known by heart. The next call overwrites it. */
export const scanFrame = (cursor: Cursor): Frame | undefined => {
  listsFrameDataA.used = 0;
  rowsFrameDataK.used = 0;
  rowsFrameData.used = 0;
  rowsFrame.used = 0;
  const found = readFrame(cursor);
  if (found === undefined || !isOver(cursor)) return undefined;
  return found as unknown as Frame;
};
