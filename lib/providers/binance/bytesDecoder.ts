import type { Decode } from '../../session/encoded.js';
import { scanned, type Scan } from '../../session/scanned.js';
import { frameDecoder } from './decodeFrame.js';
import type { BinanceMessage } from './BinanceMessage.js';
import type { dataReader } from './readData.js';
import { scanFrame } from './scan.generated.js';

type Reader = Pick<ReturnType<typeof dataReader>, 'read'>;

/** `frameDecoder` that reads from their bytes the data that Binance pushes by the thousand. */
export const bytesDecoder = (reader: Reader): Decode<BinanceMessage> =>
  scanned(frameScanner(reader), frameDecoder(reader));

const frameScanner =
  ({ read }: Reader): Scan<BinanceMessage> =>
  (cursor, receivedAt) => {
    const frame = scanFrame(cursor);
    const found = frame && read(frame.stream, frame.data, receivedAt);
    // What is wrong with it, the decoder says.
    return typeof found === 'function' ? undefined : found;
  };
