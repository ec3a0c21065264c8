import { newCursor, placeAt, type Bytes, type Cursor } from '../codec/cursor.js';
import { textOf } from '../transport/textOf.js';
import type { Decode } from './encoded.js';

/** The messages of a frame, read from its bytes; undefined for a frame that it does not know by heart. */
export type Scan<In> = (cursor: Cursor, receivedAt: number) => In | readonly In[] | undefined;

/** After so many frames in a row that were not known, one in so many is looked at. */
const PATIENCE = 64;
const NOW_AND_THEN = 64;

/** A text up to this length, in characters, is read from bytes, too: one takes at most three bytes. */
const LONGEST = 2 ** 15;
/** Where texts are put as bytes: it is read before the next one comes. */
const room = Buffer.allocUnsafeSlow(3 * LONGEST);

/**
 * A decoder that reads a frame with `scan`, and with `decode` where that declines. Both have to share what they remember. Nothing
 * of the bytes is kept: those of `ws` are a view of all that came in one read.
 *
 * @example
 * encoded(scanned(scanAcme(options), decodeAcme(options)), encodeRequest)
 */
export const scanned = <In>(scan: Scan<In>, decode: Decode<In>): Decode<In> => {
  const cursor = newCursor();
  let declined = 0;

  const scannedBytes = (bytes: Bytes, receivedAt: number): In | readonly In[] | undefined => {
    // A vendor that has changed its frames is not read twice for ever.
    if (declined >= PATIENCE && ++declined % NOW_AND_THEN !== 0) return undefined;
    placeAt(cursor, bytes);
    const found = scan(cursor, receivedAt);
    placeAt(cursor);
    declined = found === undefined ? declined + 1 : 0;
    return found;
  };
  const ofText = (frame: string, receivedAt: number): In | readonly In[] =>
    (frame.length <= LONGEST ? scannedBytes(room.subarray(0, room.write(frame)), receivedAt) : undefined) ??
    decode(frame, receivedAt);
  const ofBytes = (bytes: Uint8Array, receivedAt: number): In | readonly In[] =>
    scannedBytes(bytes, receivedAt) ?? decode(textOf(bytes), receivedAt);
  return Object.assign(ofText, { ofBytes });
};
