import type { MarketEvent } from '../../model/marketEvent.js';
import { stampRule } from '../../model/stamps.js';
import type { Decode } from '../../session/encoded.js';
import { scanned, type Scan } from '../../session/scanned.js';
import { frameDecoder, itemEvents, type DecodeOptions, type TickflowMessage } from './decodeFrame.js';
import { kinds } from './marketEvents.js';
import { scanFrame } from './scan.generated.js';

/** `frameDecoder` that reads from their bytes the items that TickFlow pushes by the thousand. */
export const bytesDecoder = (options: DecodeOptions): Decode<TickflowMessage> => {
  const shared = { ...options, stamps: options.stamps ?? stampRule() };
  return scanned(frameScanner(shared), frameDecoder(shared));
};

const frameScanner = (options: DecodeOptions): Scan<TickflowMessage> => {
  const eventOf = itemEvents(options);

  return (cursor, receivedAt) => {
    const frame = scanFrame(cursor);
    if (frame === undefined) return undefined;
    const { op, data } = frame;
    const kind = kinds[op];
    const first = data[0];
    // Most frames carry one item; a list of one costs more than the event in it.
    if (data.length === 1 && first) return eventOf(kind, first, receivedAt);
    const events: MarketEvent[] = [];
    for (const item of data) {
      const event = eventOf(kind, item, receivedAt);
      if (event === undefined) return undefined;
      events.push(event);
    }
    return events;
  };
};
