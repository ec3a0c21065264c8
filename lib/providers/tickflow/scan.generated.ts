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

const listsFrameDataItemBidPrices = poolOf((): number[] => []);

const readFrameDataItemBidPrices = (cursor: Cursor): number[] | undefined => {
  const items = nextOf(listsFrameDataItemBidPrices);
  if (items === undefined || !opensList(cursor)) return undefined;
  if (isEmptyList(cursor)) return sized(items, 0);
  let count = 0;
  do {
    cursor.at += 1;
    const item = readNumeric(cursor);
    if (Number.isNaN(item)) return undefined;
    items[count] = item;
    count += 1;
  } while (goesOn(cursor) && count < MOST_ITEMS);
  return closesList(cursor) ? sized(items, count) : undefined;
};

const rowsFrameDataItem = poolOf(() => ({
  symbol: undefined as string | undefined,
  last_price: undefined as number | undefined,
  prev_close: undefined as number | null | undefined,
  open: undefined as number | null | undefined,
  high: undefined as number | null | undefined,
  low: undefined as number | null | undefined,
  volume: undefined as number | null | undefined,
  amount: undefined as number | null | undefined,
  timestamp: undefined as number | string | boolean | null | undefined,
  session: undefined as string | null | undefined,
  bid_prices: undefined as NonNullable<ReturnType<typeof readFrameDataItemBidPrices>> | null | undefined,
  bid_volumes: undefined as NonNullable<ReturnType<typeof readFrameDataItemBidPrices>> | null | undefined,
  ask_prices: undefined as NonNullable<ReturnType<typeof readFrameDataItemBidPrices>> | null | undefined,
  ask_volumes: undefined as NonNullable<ReturnType<typeof readFrameDataItemBidPrices>> | null | undefined,
}));
type FrameDataItemRow = (typeof rowsFrameDataItem.rows)[number];

const fitsFrameDataItem1 = (row: FrameDataItemRow): boolean => row.symbol !== undefined && row.last_price !== undefined;

const fitsFrameDataItem2 = (row: FrameDataItemRow): boolean => row.symbol !== undefined;

const readFrameDataItem = (cursor: Cursor): FrameDataItemRow | undefined => {
  const row = nextOf(rowsFrameDataItem);
  if (row === undefined || !opensRecord(cursor)) return undefined;
  row.symbol = undefined;
  row.last_price = undefined;
  row.prev_close = undefined;
  row.open = undefined;
  row.high = undefined;
  row.low = undefined;
  row.volume = undefined;
  row.amount = undefined;
  row.timestamp = undefined;
  row.session = undefined;
  row.bid_prices = undefined;
  row.bid_volumes = undefined;
  row.ask_prices = undefined;
  row.ask_volumes = undefined;
  do {
    switch (readKey(cursor)) {
      case -311454517: // symbol
        if (!isKey(cursor, 1835167596, 29561, 0) || (row.symbol = readText(cursor)) === undefined) return undefined;
        break;
      case -1995300716: // last_price
        if (!isKey(cursor, 1919509349, 1937006448, 27745) || Number.isNaN((row.last_price = readNumeric(cursor))))
          return undefined;
        break;
      case -1521869334: // prev_close
        if (!isKey(cursor, 1819243365, 1702256483, 28786) || (row.prev_close = readNumericOrNull(cursor)) === undefined)
          return undefined;
        break;
      case 1869636974: // open
        if ((row.open = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 1751738216: // high
        if ((row.high = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case 7106423: // low
        if ((row.low = readNumericOrNull(cursor)) === undefined) return undefined;
        break;
      case -327468524: // volume
        if (!isKey(cursor, 1819635045, 30319, 0) || (row.volume = readNumericOrNull(cursor)) === undefined)
          return undefined;
        break;
      case -276913593: // amount
        if (!isKey(cursor, 1869966964, 24941, 0) || (row.amount = readNumericOrNull(cursor)) === undefined)
          return undefined;
        break;
      case -1335995927: // timestamp
        if (!isKey(cursor, 1952542064, 1768777075, 116) || (row.timestamp = readScalar(cursor)) === undefined)
          return undefined;
        break;
      case -24107133: // session
        if (!isKey(cursor, 1936289646, 7562611, 0) || (row.session = readTextOrNull(cursor)) === undefined)
          return undefined;
        break;
      case -829475884: // bid_prices
        if (
          !isKey(cursor, 1768121715, 1683976306, 25193) ||
          (row.bid_prices = opensList(cursor) ? readFrameDataItemBidPrices(cursor) : readNull(cursor)) === undefined
        )
          return undefined;
        break;
      case -1728981501: // bid_volumes
        if (
          !isKey(cursor, 1970103667, 1601597292, 6449508) ||
          (row.bid_volumes = opensList(cursor) ? readFrameDataItemBidPrices(cursor) : readNull(cursor)) === undefined
        )
          return undefined;
        break;
      case -376689458: // ask_prices
        if (
          !isKey(cursor, 1768121715, 1801416818, 24947) ||
          (row.ask_prices = opensList(cursor) ? readFrameDataItemBidPrices(cursor) : readNull(cursor)) === undefined
        )
          return undefined;
        break;
      case -1678850804: // ask_volumes
        if (
          !isKey(cursor, 1970103667, 1601597292, 6386539) ||
          (row.ask_volumes = opensList(cursor) ? readFrameDataItemBidPrices(cursor) : readNull(cursor)) === undefined
        )
          return undefined;
        break;
      case NO_KEY:
        return undefined;
      default:
        if (!skipValue(cursor)) return undefined;
    }
  } while (goesOn(cursor));
  return closesRecord(cursor) && (fitsFrameDataItem1(row) || fitsFrameDataItem2(row)) ? row : undefined;
};

const listsFrameData = poolOf((): NonNullable<ReturnType<typeof readFrameDataItem>>[] => []);

const readFrameData = (cursor: Cursor): NonNullable<ReturnType<typeof readFrameDataItem>>[] | undefined => {
  const items = nextOf(listsFrameData);
  if (items === undefined || !opensList(cursor)) return undefined;
  if (isEmptyList(cursor)) return sized(items, 0);
  let count = 0;
  do {
    cursor.at += 1;
    const item = readFrameDataItem(cursor);
    if (item === undefined) return undefined;
    items[count] = item;
    count += 1;
  } while (goesOn(cursor) && count < MOST_ITEMS);
  return closesList(cursor) ? sized(items, count) : undefined;
};

const rowsFrame = poolOf(() => ({
  op: undefined as string | undefined,
  data: undefined as NonNullable<ReturnType<typeof readFrameData>> | undefined,
}));
type FrameRow = (typeof rowsFrame.rows)[number];

const fitsFrame1 = (row: FrameRow): boolean =>
  row.op !== undefined &&
  row.op === 'quotes' &&
  row.data !== undefined &&
  row.data.every((item) => fitsFrameDataItem1(item));

const fitsFrame2 = (row: FrameRow): boolean =>
  row.op !== undefined &&
  row.op === 'depth' &&
  row.data !== undefined &&
  row.data.every((item) => fitsFrameDataItem2(item));

const readFrame = (cursor: Cursor): FrameRow | undefined => {
  const row = nextOf(rowsFrame);
  if (row === undefined || !opensRecord(cursor)) return undefined;
  row.op = undefined;
  row.data = undefined;
  do {
    switch (readKey(cursor)) {
      case 28528: // op
        if ((row.op = readText(cursor)) === undefined) return undefined;
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
  return closesRecord(cursor) && (fitsFrame1(row) || fitsFrame2(row)) ? row : undefined;
};

/** Reads what `Frame` takes; undefined for what is not known by heart. The next call overwrites it. */
export const scanFrame = (cursor: Cursor): Frame | undefined => {
  listsFrameDataItemBidPrices.used = 0;
  rowsFrameDataItem.used = 0;
  listsFrameData.used = 0;
  rowsFrame.used = 0;
  const found = readFrame(cursor);
  if (found === undefined || !isOver(cursor)) return undefined;
  return found as unknown as Frame;
};
