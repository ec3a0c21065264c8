import { explain } from '../../codec/explain.js';
import { isRecord } from '../../codec/isRecord.js';
import { readerOf } from '../../codec/readerOf.js';
import { show } from '../../codec/show.js';
import { rememberedCloseTime } from '../../model/closeTime.js';
import { Unauthorized } from '../../model/errors.js';
import type { Latency, Undecodable } from '../../model/feedEvent.js';
import type { MarketEvent, SizeUnit } from '../../model/marketEvent.js';
import type { Control } from '../../session/Control.js';
import type { Decode } from '../../session/encoded.js';
import type { Answer } from '../../session/ledger.js';
import { undecodable } from '../../session/undecodable.js';
import { PROVIDER, toDepth, toKline, toQuote, toTrade, type Context, type TickVolume } from './marketEvents.js';
import { klineIntervals } from './protocol.js';
import type { Spell } from './symbols.js';
import * as wire from './wire.js';

/** What iTick says about the connection: whether the login holds, or how it takes a command. Greetings say neither. */
export interface ItickControl extends Control {
  readonly verdict?: 'accepted' | Unauthorized;
  readonly answer?: Answer;
}

/** Everything a frame of iTick can mean. */
export type ItickMessage = MarketEvent | Undecodable | Latency | ItickControl;

export interface DecodeOptions {
  readonly spell: Spell;
  readonly tickVolume: TickVolume;
  readonly sizeUnit: SizeUnit | undefined;
  /** Takes the credential out of a text. */
  readonly redact: (text: string) => string;
}

const readTick = readerOf(wire.Tick);
const readQuote = readerOf(wire.Quote);
const readDepth = readerOf(wire.Depth);
const readKline = readerOf(wire.Kline);
const readNestedKline = readerOf(wire.NestedKline);
const readReply = readerOf(wire.Reply);
const readPong = readerOf(wire.Pong);
const readNotice = readerOf(wire.Notice);

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads the frames of iTick. `resAc` marks a reply, `data` a push; pushes are also met bare and in arrays. `code` tells
 * nothing: a documented bar has 0, a quote 1.
 */
export const frameDecoder = ({ spell, tickVolume, sizeUnit, redact }: DecodeOptions): Decode<ItickMessage> => {
  const closeTime = rememberedCloseTime();

  /** One row of data, or why it is none. */
  const read = (row: unknown, receivedAt: number): MarketEvent | readonly string[] => {
    if (!isRecord(row)) return ['data: not an object'];
    const { s, r } = row;
    const symbol = typeof s === 'string' ? spell(s, typeof r === 'string' ? r : undefined) : undefined;
    if (symbol === undefined) return [`data.s: ${show(s)} names no symbol that was asked for`];
    const context: Context = { symbol, receivedAt, sizeUnit };
    switch (row['type']) {
      case 'tick': {
        const tick = readTick(row);
        return tick ? toTrade(tick, context, tickVolume) : explain(wire.Tick, row);
      }
      case 'quote': {
        const quote = readQuote(row);
        return quote ? toQuote(quote, context) : explain(wire.Quote, row);
      }
      case 'depth': {
        const depth = readDepth(row);
        return depth ? toDepth(depth, context) : explain(wire.Depth, row);
      }
      default:
        return readBar(row, context);
    }
  };
  const readBar = (row: Row, context: Context): MarketEvent | readonly string[] => {
    const type = typeof row['type'] === 'string' ? row['type'] : '';
    const nested = isRecord(row['k']);
    const code = type.startsWith('kline@') ? type.slice('kline@'.length) : nested ? String(row['t']) : undefined;
    if (code === undefined) return [`data.type: ${show(row['type'])} is no kind of data`];
    const interval = klineIntervals.get(code);
    if (interval === undefined) return [`data: "${code}" is no code of an interval`];
    const bar = nested ? readNestedKline(row)?.k : readKline(row);
    if (bar) return toKline(bar, context, interval, closeTime);
    return explain(nested ? wire.NestedKline : wire.Kline, row);
  };

  return (frame, receivedAt) => {
    const failed = (problems: readonly string[]): Undecodable =>
      undecodable(PROVIDER, frame, problems, receivedAt, redact);
    const message = (row: unknown): ItickMessage => {
      const event = read(row, receivedAt);
      return 'kind' in event ? event : failed(event);
    };
    let parsed: unknown;
    try {
      parsed = JSON.parse(frame);
    } catch {
      return [failed(['not JSON'])];
    }
    if (Array.isArray(parsed)) return parsed.map(message);
    if (!isRecord(parsed)) return [failed(['neither an object nor an array'])];
    if (typeof parsed['resAc'] === 'string')
      return [reply(parsed, receivedAt, redact) ?? failed(explain(wire.Reply, parsed))];
    const { data } = parsed;
    if (Array.isArray(data)) return data.map(message);
    if (isRecord(data)) return [message(data)];
    if (typeof parsed['s'] === 'string') return [message(parsed)];
    return [notice(parsed, redact) ?? failed(['neither a reply, nor data, nor a notice'])];
  };
};

const reply = (parsed: Row, receivedAt: number, redact: (text: string) => string): ItickMessage | undefined => {
  const said = readReply(parsed);
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

/** A greeting is no answer; a complaint outside a reply is taken for one. */
const notice = (parsed: Row, redact: (text: string) => string): ItickControl | undefined => {
  const said = readNotice(parsed);
  return said && (said.code === 0 ? { kind: 'control', answer: refusal(redact(said.msg)) } : { kind: 'control' });
};

const refusal = (reason: string): Answer => ({ refusal: reason, about: /exceed/i.test(reason) ? 'quota' : 'suspect' });
