/** What the modules that `scannerSource` writes call. */
export {
  closesList,
  closesRecord,
  endsKey,
  goesOn,
  isEmptyList,
  isKey,
  isOver,
  MOST_ITEMS,
  NO_KEY,
  nextOf,
  opensList,
  opensRecord,
  poolOf,
  readKey,
  sized,
  type Bytes,
  type Cursor,
  type Pool,
} from './cursor.js';
export { isRecord } from './json.js';
export { readNumber } from './readNumber.js';
export {
  readBoolean,
  readBooleanOrNull,
  readNull,
  readNumberOrText,
  readNumeric,
  readNumericOrNull,
  readScalar,
  readText,
  readTextOrNull,
} from './readScalar.js';
export { skipValue } from './skipValue.js';
