import { isRecord, valueIn } from '../../codec/json.js';
import type { Undecodable } from '../../model/feedEvent.js';
import type { Decode } from '../../session/encoded.js';
import { MOST_PROBLEMS, together, undecodable, why, within, type Problems } from '../../session/undecodable.js';
import { codeThree } from './codeThree.js';
import type { ItickMessage } from './ItickMessage.js';
import { PROVIDER } from './protocol.js';
import { readNotice, readReply } from './readReply.js';
import { rowReader, type WireRow, type RowOptions } from './readRow.js';
import { Reply } from './wire.js';

export type DecodeOptions = RowOptions;

/**
 * Reads the frames of iTick. `resAc` marks a reply, `data` a push; pushes are also met bare and in arrays. `code` says
 * nothing about a push: a documented bar has 0, a quote 1. A row that does not fit does not cost the others.
 */
export const frameDecoder = (options: DecodeOptions): Decode<ItickMessage> => {
  const { three = codeThree('detect', { current: [] }) } = options;
  const readRow = rowReader({ ...options, three });
  const failed = (frame: string, receivedAt: number, problems: readonly string[] | Problems): Undecodable =>
    undecodable(PROVIDER, frame, problems, receivedAt);

  const readMessage = (row: WireRow, receivedAt: number): ItickMessage | Problems => {
    const { resAc, data, s } = row;
    if (typeof resAc === 'string') {
      return readReply(row, receivedAt) ?? why(Reply, row);
    }
    if (isRecord(data)) {
      const found = readRow(data, receivedAt);
      return isProblems(found) ? within('data', found) : found;
    }
    if (typeof s === 'string') return readRow(row, receivedAt);
    return readNotice(row) ?? (() => ['neither a reply, nor data, nor a notice']);
  };
  const readEach = (
    items: readonly unknown[],
    path: string,
    read: (item: WireRow, receivedAt: number) => ItickMessage | Problems,
    frame: string,
    receivedAt: number,
  ): readonly ItickMessage[] => {
    const messages: ItickMessage[] = [];
    const problems: Problems[] = [];
    items.forEach((item, i) => {
      const found = isRecord(item) ? read(item, receivedAt) : undefined;
      if (found && !isProblems(found)) messages.push(found);
      else if (problems.length >= MOST_PROBLEMS) return;
      else if (found) problems.push(within(`${path}${i}`, found));
      else problems.push(() => [`${path}${i}: not an object`]);
    });
    return problems.length > 0 ? [...messages, failed(frame, receivedAt, together(problems))] : messages;
  };

  const readFrame: Decode<ItickMessage> = (frame, receivedAt) => {
    const parsed = valueIn(frame);
    if (parsed === undefined) return failed(frame, receivedAt, ['not JSON']);
    if (Array.isArray(parsed)) return readEach(parsed, '', readMessage, frame, receivedAt);
    if (!isRecord(parsed)) return failed(frame, receivedAt, ['neither an object nor an array']);
    const { resAc, data } = parsed;
    // The hot path: nearly every frame is one row of data that fits.
    if (resAc === undefined && isRecord(data)) {
      const found = readRow(data, receivedAt);
      return isProblems(found) ? failed(frame, receivedAt, within('data', found)) : found;
    }
    if (typeof resAc !== 'string' && Array.isArray(data)) return readEach(data, 'data.', readRow, frame, receivedAt);
    const found = readMessage(parsed, receivedAt);
    return isProblems(found) ? failed(frame, receivedAt, found) : found;
  };

  return (frame, receivedAt) => {
    const messages = readFrame(frame, receivedAt);
    const answer = three.refusal();
    return answer ? [messages, { kind: 'control', answer } as const].flat() : messages;
  };
};

const isProblems = (found: ItickMessage | Problems): found is Problems => typeof found === 'function';
