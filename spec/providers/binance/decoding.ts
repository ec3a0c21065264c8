import { bytesDecoder } from '../../../lib/providers/binance/bytesDecoder.js';
import { frameDecoder } from '../../../lib/providers/binance/decodeFrame.js';
import { dataReader } from '../../../lib/providers/binance/readData.js';
import type { BinanceMessage } from '../../../lib/providers/binance/BinanceMessage.js';
import { bothWays } from '../bothWays.js';
import { asSaid } from '../../session/asSaid.js';

export const NOW = 1_672_515_783_000;

/** What a frame says, as the feed says it in the end; a value is sent as its JSON. The vendor takes no credential. */
export const decode = (
  frame: unknown,
  symbols: readonly string[] = ['BNBBTC.BA', 'BNBUSDT.BA', 'BTCUSDT.BA'],
): readonly BinanceMessage[] =>
  bothWays(
    typeof frame === 'string' ? frame : JSON.stringify(frame),
    NOW,
    () => frameDecoder(dataReader({ feed: 'binance' })),
    () => bytesDecoder(dataReader({ feed: 'binance' })),
    asSaid('binance', '', symbols),
  );
