import { explain } from '../../codec/explain.js';
import { isRecord } from '../../codec/isRecord.js';
import type { Decode } from '../../session/encoded.js';
import { undecodable } from '../../session/undecodable.js';
import type { ItickMessage } from './ItickMessage.js';
import { PROVIDER } from './protocol.js';
import { readNotice, readReply } from './readReply.js';
import { rowReader, type RowOptions } from './readRow.js';
import { Reply } from './wire.js';

export interface DecodeOptions extends RowOptions {
  /** Takes the credential out of a text. */
  readonly redact: (text: string) => string;
}

/**
 * Reads the frames of iTick. `resAc` marks a reply, `data` a push; pushes are also met bare and in arrays. `code` tells
 * nothing: a documented bar has 0, a quote 1.
 */
export const frameDecoder = ({ redact, ...options }: DecodeOptions): Decode<ItickMessage> => {
  const readRow = rowReader(options);
  const failed = (frame: string, receivedAt: number, problems: readonly string[]): ItickMessage =>
    undecodable(PROVIDER, frame, problems, receivedAt, redact);
  const row = (data: unknown, frame: string, receivedAt: number): ItickMessage => {
    const read = readRow(data, receivedAt);
    return 'kind' in read ? read : failed(frame, receivedAt, read);
  };
  const other = (parsed: unknown, frame: string, receivedAt: number): ItickMessage | readonly ItickMessage[] => {
    if (Array.isArray(parsed)) return parsed.map((item) => row(item, frame, receivedAt));
    if (!isRecord(parsed)) return failed(frame, receivedAt, ['neither an object nor an array']);
    if (typeof parsed['s'] === 'string') return row(parsed, frame, receivedAt);
    const said = readNotice(parsed, redact);
    return said ?? failed(frame, receivedAt, ['neither a reply, nor data, nor a notice']);
  };

  return (frame, receivedAt) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(frame);
    } catch {
      return failed(frame, receivedAt, ['not JSON']);
    }
    if (!isRecord(parsed)) return other(parsed, frame, receivedAt);
    const { resAc, data } = parsed;
    if (typeof resAc === 'string') {
      return readReply(parsed, receivedAt, redact) ?? failed(frame, receivedAt, explain(Reply, parsed));
    }
    if (isRecord(data)) return row(data, frame, receivedAt);
    return other(Array.isArray(data) ? data : parsed, frame, receivedAt);
  };
};
