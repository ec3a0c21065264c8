import { isRecord, valueIn } from '../../codec/json.js';
import type { Undecodable } from '../../model/feedEvent.js';
import type { Decode } from '../../session/encoded.js';
import { undecodable, why, type Problems } from '../../session/undecodable.js';
import type { BinanceControl, BinanceMessage } from './BinanceMessage.js';
import { PROVIDER } from './protocol.js';
import type { dataReader } from './readData.js';
import * as wire from './wire.js';

const SHUTDOWN = 'serverShutdown';

/** Reads the frames of a combined stream: data with the name of their stream, answers to commands, and the notice of an end. */
export const frameDecoder = ({ read }: Pick<ReturnType<typeof dataReader>, 'read'>): Decode<BinanceMessage> => {
  const failed = (frame: string, receivedAt: number, problems: readonly string[] | Problems): Undecodable =>
    undecodable(PROVIDER, frame, problems, receivedAt);

  return (frame, receivedAt) => {
    const parsed = valueIn(frame);
    if (!isRecord(parsed)) return failed(frame, receivedAt, [parsed === undefined ? 'not JSON' : 'not an object']);
    const { stream, data } = parsed;
    if (typeof stream === 'string' && isRecord(data)) {
      if (data['e'] === SHUTDOWN) return leaving;
      const found = read(stream, data, receivedAt);
      return typeof found === 'function' ? failed(frame, receivedAt, found) : found;
    }
    return parsed['e'] === SHUTDOWN
      ? leaving
      : (answerIn(parsed) ?? failed(frame, receivedAt, why(wire.Combined, parsed)));
  };
};

const leaving: BinanceControl = { kind: 'control', isLeaving: true };

type Facts = Readonly<Record<string, unknown>>;

const idOf = ({ id }: Facts): number | undefined => (typeof id === 'number' ? id : undefined);

/** What an answer to a command says; undefined for what is none. */
const answerIn = (said: Facts): BinanceControl | undefined => {
  const complaint = isRecord(said['error']) ? said['error'] : said;
  const { code, msg } = complaint;
  if (typeof msg === 'string') {
    const refusal = typeof code === 'number' ? `${msg} (code ${code})` : msg;
    // Some complaints name no command; the one in flight is meant.
    return { kind: 'control', answer: { refusal, scope: 'unknown', id: idOf(said) ?? idOf(complaint) } };
  }
  if (!('result' in said)) return undefined;
  const id = idOf(said);
  // A list of streams answers a question, and no command.
  return said['result'] === null && id !== undefined ? { kind: 'control', answer: { id } } : { kind: 'control' };
};
