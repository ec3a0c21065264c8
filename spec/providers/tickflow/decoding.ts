import { quotes } from '../../../lib/model/topic.js';
import { bytesDecoder } from '../../../lib/providers/tickflow/bytesDecoder.js';
import { frameDecoder, type TickflowMessage } from '../../../lib/providers/tickflow/decodeFrame.js';
import { spellingOf } from '../../../lib/providers/tickflow/symbols.js';
import { nothingWanted, wanting } from '../../../lib/session/wanted.js';
import { bothWays } from '../bothWays.js';
import { asSaid } from '../../session/asSaid.js';

export const NOW = 1_776_754_802_500;
export const SECRET = 'tk_9f8e7d6c5b4a39281706f5e4d3c2b1a0998877665544332211aabbccddeeff00';

/** What a frame says, always as a list; a value is sent as its JSON. */
export const decode = (frame: unknown, symbols: readonly string[] = ['600000.SH']): readonly TickflowMessage[] => {
  const spell = spellingOf({ state: wanting(nothingWanted, quotes(...symbols)) });
  return bothWays(
    typeof frame === 'string' ? frame : JSON.stringify(frame),
    NOW,
    () => frameDecoder({ feed: 'tickflow', spell }),
    () => bytesDecoder({ feed: 'tickflow', spell }),
    asSaid('tickflow', SECRET, symbols),
  );
};
