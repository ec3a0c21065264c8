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
  isOver,
  nextOf,
  opensList,
  opensRecord,
  poolOf,
  readKey,
  readNull,
  readNumeric,
  readNumericOrNull,
  readScalar,
  readText,
  readTextOrNull,
  sized,
  skipValue,
} = scan;

const rowsFrameDataAItem = poolOf(() => ({
  p: undefined as number | null | undefined,
  v: undefined as number | null | undefined,
  o: undefined as number | null | undefined,
}));
type FrameDataAItemRow = (typeof rowsFrameDataAItem.rows)[number];

const fitsFrameDataAItem = (row: FrameDataAItemRow): boolean => row.p !== undefined;

const readFrameDataAItem = (cursor: Cursor): FrameDataAItemRow | undefined => {
  const row = nextOf(rowsFrameDataAItem);
  if (row === undefined || !opensRecord(cursor)) return undefined;
  row.p = undefined;
  row.v = undefined;
  row.o = undefined;
  do {
    switch (readKey(cursor)) {
      case 112: // p
        if ((row.p = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 118: // v
        if ((row.v = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 111: // o
        if ((row.o = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case NO_KEY:
        return undefined;
      default:
        if (!skipValue(cursor)) return undefined;
    }
  } while (goesOn(cursor));
  return closesRecord(cursor) && fitsFrameDataAItem(row) ? row : undefined;
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

const rowsFrameData = poolOf(() => ({
  type: undefined as string | undefined,
  s: undefined as string | undefined,
  ld: undefined as number | undefined,
  r: undefined as string | null | undefined,
  t: undefined as number | string | boolean | null | undefined,
  v: undefined as number | null | undefined,
  d: undefined as number | null | undefined,
  te: undefined as number | null | undefined,
  e: undefined as string | null | undefined,
  o: undefined as number | null | undefined,
  h: undefined as number | null | undefined,
  l: undefined as number | null | undefined,
  p: undefined as number | null | undefined,
  tu: undefined as number | null | undefined,
  ts: undefined as number | null | undefined,
  a: undefined as NonNullable<ReturnType<typeof readFrameDataA>> | null | undefined,
  b: undefined as NonNullable<ReturnType<typeof readFrameDataA>> | null | undefined,
  c: undefined as number | undefined,
}));
type FrameDataRow = (typeof rowsFrameData.rows)[number];

const fitsFrameData1 = (row: FrameDataRow): boolean =>
  row.type !== undefined && row.type === 'tick' && row.s !== undefined && row.ld !== undefined;

const fitsFrameData2 = (row: FrameDataRow): boolean =>
  row.type !== undefined && row.type === 'quote' && row.s !== undefined && row.ld !== undefined;

const fitsFrameData3 = (row: FrameDataRow): boolean =>
  row.type !== undefined && row.type === 'depth' && row.s !== undefined;

const fitsFrameData4 = (row: FrameDataRow): boolean =>
  row.type !== undefined &&
  (row.type === 'kline@1' ||
    row.type === 'kline@1m' ||
    row.type === 'kline@2' ||
    row.type === 'kline@5m' ||
    row.type === 'kline@10m' ||
    row.type === 'kline@15m' ||
    row.type === 'kline@4' ||
    row.type === 'kline@30m' ||
    row.type === 'kline@5' ||
    row.type === 'kline@1h' ||
    row.type === 'kline@6' ||
    row.type === 'kline@2h' ||
    row.type === 'kline@7' ||
    row.type === 'kline@4h' ||
    row.type === 'kline@8' ||
    row.type === 'kline@1d' ||
    row.type === 'kline@9' ||
    row.type === 'kline@1w' ||
    row.type === 'kline@10' ||
    row.type === 'kline@1M') &&
  row.s !== undefined &&
  row.t !== undefined &&
  (typeof row.t === 'string' || typeof row.t === 'number') &&
  row.o !== undefined &&
  typeof row.o === 'number' &&
  row.h !== undefined &&
  typeof row.h === 'number' &&
  row.l !== undefined &&
  typeof row.l === 'number' &&
  row.c !== undefined &&
  row.v !== undefined &&
  typeof row.v === 'number';

const readFrameData = (cursor: Cursor): FrameDataRow | undefined => {
  const row = nextOf(rowsFrameData);
  if (row === undefined || !opensRecord(cursor)) return undefined;
  row.type = undefined;
  row.s = undefined;
  row.ld = undefined;
  row.r = undefined;
  row.t = undefined;
  row.v = undefined;
  row.d = undefined;
  row.te = undefined;
  row.e = undefined;
  row.o = undefined;
  row.h = undefined;
  row.l = undefined;
  row.p = undefined;
  row.tu = undefined;
  row.ts = undefined;
  row.a = undefined;
  row.b = undefined;
  row.c = undefined;
  do {
    switch (readKey(cursor)) {
      case 1954115685: // type
        if ((row.type = readText(cursor)) === undefined) return undefined;
        break;
      case 115: // s
        if ((row.s = readText(cursor)) === undefined) return undefined;
        break;
      case 27748: // ld
        if (Number.isNaN((row.ld = readNumeric(cursor)))) return undefined;
        break;
      case 114: // r
        if ((row.r = readTextOrNull(cursor)) === undefined) return undefined;
        break;
      case 116: // t
        if ((row.t = readScalar(cursor)) === undefined) return undefined;
        break;
      case 118: // v
        if ((row.v = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 100: // d
        if ((row.d = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 29797: // te
        if ((row.te = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 101: // e
        if ((row.e = readTextOrNull(cursor)) === undefined) return undefined;
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
      case 112: // p
        if ((row.p = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 29813: // tu
        if ((row.tu = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 29811: // ts
        if ((row.ts = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 97: // a
        if ((row.a = opensList(cursor) ? readFrameDataA(cursor) : readNull(cursor)) === undefined) return undefined;
        break;
      case 98: // b
        if ((row.b = opensList(cursor) ? readFrameDataA(cursor) : readNull(cursor)) === undefined) return undefined;
        break;
      case 99: // c
        if (Number.isNaN((row.c = readNumeric(cursor)))) return undefined;
        break;
      case 107: // k, which is not to be there
      case NO_KEY:
        return undefined;
      default:
        if (!skipValue(cursor)) return undefined;
    }
  } while (goesOn(cursor));
  return closesRecord(cursor) &&
    (fitsFrameData1(row) || fitsFrameData2(row) || fitsFrameData3(row) || fitsFrameData4(row))
    ? row
    : undefined;
};

const rowsFrame = poolOf(() => ({
  data: undefined as NonNullable<ReturnType<typeof readFrameData>> | undefined,
}));
type FrameRow = (typeof rowsFrame.rows)[number];

const fitsFrame = (row: FrameRow): boolean => row.data !== undefined;

const readFrame = (cursor: Cursor): FrameRow | undefined => {
  const row = nextOf(rowsFrame);
  if (row === undefined || !opensRecord(cursor)) return undefined;
  row.data = undefined;
  do {
    switch (readKey(cursor)) {
      case 1684108385: // data
        if ((row.data = readFrameData(cursor)) === undefined) return undefined;
        break;
      case -445428563: // resAc, which is not to be there
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
  rowsFrameDataAItem.used = 0;
  listsFrameDataA.used = 0;
  rowsFrameData.used = 0;
  rowsFrame.used = 0;
  const found = readFrame(cursor);
  if (found === undefined || !isOver(cursor)) return undefined;
  return found as unknown as Frame;
};
