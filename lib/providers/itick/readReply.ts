import { readerOf } from '../../codec/reader.js';
import { Unauthorized } from '../../model/errors.js';
import type { Answer, Command } from '../../session/ledger.js';
import type { ItickControl, ItickMessage } from './ItickMessage.js';
import { PROVIDER } from './protocol.js';
import * as wire from './wire.js';

const readEnvelope = readerOf(wire.Reply);
const readPong = readerOf(wire.Pong);
const readMsg = readerOf(wire.Notice);

/** Milliseconds; a pong that took longer echoes something else than our ping. */
const LONGEST_ROUND_TRIP = 600_000;

/** What a frame with a `resAc` says; undefined when it fits no reply. Its data are never looked at: they may echo the token. */
export const readReply = (parsed: unknown, receivedAt: number): ItickMessage | undefined => {
  const reply = readEnvelope(parsed);
  if (!reply) return undefined;
  const refused = reply.code != null && reply.code !== 1;
  const reason = reply.msg ?? 'refused without a reason';
  switch (reply.resAc) {
    case 'auth':
      return { kind: 'control', loginResult: refused ? new Unauthorized(reason) : 'accepted' };
    case 'pong': {
      const roundTrip = receivedAt - (readPong(parsed)?.data.params ?? NaN);
      return roundTrip >= 0 && roundTrip <= LONGEST_ROUND_TRIP
        ? { kind: 'latency', provider: PROVIDER, receivedAt, roundTrip }
        : { kind: 'control' };
    }
    case 'subscribe':
      return { kind: 'control', answer: refused ? refusal(reason) : { matches: isSubscribe } };
    case 'unsubscribe':
      return { kind: 'control', answer: { matches: isUnsubscribe } };
    default:
      return complaint(reply.code, reason);
  }
};

/** What a message outside replies and data says; undefined when it says nothing. */
export const readNotice = (parsed: unknown): ItickControl | undefined => {
  const reply = readMsg(parsed);
  return reply && complaint(reply.code, reply.msg);
};

/** A greeting is not an answer, nor is a reply to an unknown command; but an error message is taken for a refusal. */
const complaint = (code: number | null | undefined, reason: string): ItickControl =>
  code === 0 ? { kind: 'control', answer: refusal(reason) } : { kind: 'control' };

/** An unsubscribe that the vendor does not know has been refused as a subscribe; but it exceeds no limit. */
const refusal = (reason: string): Answer =>
  /exceed/i.test(reason)
    ? { refusal: reason, scope: 'quota', matches: isSubscribe }
    : { refusal: reason, scope: 'unknown' };

const isSubscribe = ({ op }: Command): boolean => op === 'subscribe';
const isUnsubscribe = ({ op }: Command): boolean => op === 'unsubscribe';
