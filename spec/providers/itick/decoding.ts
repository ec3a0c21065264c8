import { bytesDecoder } from '../../../lib/providers/itick/bytesDecoder.js';
import { frameDecoder, type DecodeOptions } from '../../../lib/providers/itick/decodeFrame.js';
import type { ItickMessage } from '../../../lib/providers/itick/ItickMessage.js';
import { spelling } from '../../../lib/providers/itick/symbols.js';
import { bothWays } from '../bothWays.js';
import { asSaid } from '../../session/asSaid.js';

export const NOW = 1_731_689_407_250;
export const SECRET = '2abf6c0d5e9b4a7788dd8a1930a2f48ba14a0f3c6e5b7d9281f0a3c4d5e6f708';

export interface Decoding extends Partial<DecodeOptions> {
  readonly symbols?: readonly string[];
  readonly receivedAt?: number | undefined;
}

/** What a frame says, always as a list; a value is sent as its JSON. */
export const decode = (frame: unknown, options: Decoding = {}): readonly ItickMessage[] => {
  const { symbols = ['AAPL.US'], receivedAt = NOW, ...others } = options;
  const decoding = (): DecodeOptions => ({
    feed: 'itick:stock',
    spell: spelling(symbols),
    tickVolume: 'cumulative',
    sizeUnit: 'shares',
    ...others,
  });
  const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
  // What a decoder has learnt before would be learnt twice.
  if (others.three || others.stamps) {
    return [frameDecoder(decoding())(text, receivedAt)].flat().map(asSaid('itick', SECRET, symbols));
  }
  return bothWays(
    text,
    receivedAt,
    () => frameDecoder(decoding()),
    () => bytesDecoder(decoding()),
    asSaid('itick', SECRET, symbols),
  );
};

/** What a row of data says in the usual envelope. */
export const decodeRow = (row: Readonly<Record<string, unknown>>, options?: Decoding): readonly ItickMessage[] =>
  decode({ code: 1, data: { s: 'AAPL', r: 'US', ...row } }, options);
