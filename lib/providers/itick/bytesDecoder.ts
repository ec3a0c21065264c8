import { momentOf } from '../../model/moment.js';
import { stampRule } from '../../model/stamps.js';
import type { Decode } from '../../session/encoded.js';
import { scanned, type Scan } from '../../session/scanned.js';
import { frameDecoder, type DecodeOptions } from './decodeFrame.js';
import type { ItickMessage } from './ItickMessage.js';
import { barTypes } from './frames.js';
import { rowEvents, type RowOptions } from './readRow.js';
import { scanFrame } from './scan.generated.js';

/** `frameDecoder` that reads from their bytes the frames that iTick pushes by the thousand. */
export const bytesDecoder = (options: DecodeOptions): Decode<ItickMessage> => {
  const shared = { ...options, stamps: options.stamps ?? stampRule() };
  return scanned(frameScanner(shared), frameDecoder(shared));
};

const frameScanner = (options: RowOptions): Scan<ItickMessage> => {
  const { spell } = options;
  const { tradeOf, quoteOf, depthOf, klineOf, believesOpen } = rowEvents(options);

  return (cursor, receivedAt) => {
    const row = scanFrame(cursor)?.data;
    if (row === undefined) return undefined;
    const symbol = spell(row.s, row.r ?? undefined, row.e ?? undefined);
    if (symbol === undefined) return undefined;
    switch (row.type) {
      case 'tick':
        return tradeOf(row, symbol, receivedAt);
      case 'quote':
        return quoteOf(row, symbol, receivedAt);
      case 'depth':
        return depthOf(row, symbol, receivedAt);
      default: {
        const interval = barTypes.get(row.type);
        const openTime = momentOf(row.t);
        if (interval === undefined || openTime === undefined) return undefined;
        return believesOpen(openTime, receivedAt, interval)
          ? klineOf(row, symbol, receivedAt, interval, openTime)
          : undefined;
      }
    }
  };
};
