import { readerOf } from '../../codec/readerOf.js';
import { Unauthorized } from '../../model/errors.js';
import type { Answer } from '../../session/ledger.js';
import type { ItickControl, ItickMessage } from './ItickMessage.js';
import { PROVIDER } from './protocol.js';
import * as wire from './wire.js';

const readEnvelope = readerOf(wire.Reply);
const readPong = readerOf(wire.Pong);
const readComplaint = readerOf(wire.Notice);

/** What a frame with a `resAc` says; undefined when it fits no reply. Its data are never looked at: they may echo the token. */
export const readReply = (
  parsed: unknown,
  receivedAt: number,
  redact: (text: string) => string,
): ItickMessage | undefined => {
  const said = readEnvelope(parsed);
  if (!said) return undefined;
  const refused = said.code === 0;
  const reason = redact(said.msg ?? 'refused without a reason');
  switch (said.resAc) {
    case 'auth':
      return { kind: 'control', verdict: refused ? new Unauthorized(reason) : 'accepted' };
    case 'pong': {
      const roundTrip = receivedAt - (readPong(parsed)?.data.params ?? NaN);
      return roundTrip >= 0 ? { kind: 'latency', provider: PROVIDER, receivedAt, roundTrip } : { kind: 'control' };
    }
    case 'unsubscribe':
      return { kind: 'control' };
    default:
      return { kind: 'control', answer: refused ? refusal(reason) : {} };
  }
};

/** What a message outside replies and data says: a greeting is no answer, a complaint is taken for one. */
export const readNotice = (parsed: unknown, redact: (text: string) => string): ItickControl | undefined => {
  const said = readComplaint(parsed);
  return said && (said.code === 0 ? { kind: 'control', answer: refusal(redact(said.msg)) } : { kind: 'control' });
};

const refusal = (reason: string): Answer => ({ refusal: reason, about: /exceed/i.test(reason) ? 'quota' : 'suspect' });
