import { isRecord, valueIn } from '../../codec/json.js';
import { readerOf } from '../../codec/reader.js';
import type { Undecodable } from '../../model/feedEvent.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import { stampRule, type StampRule } from '../../model/stamps.js';
import type { Control } from '../../session/Control.js';
import type { Decode } from '../../session/encoded.js';
import type { Answer } from '../../session/ledger.js';
import { bad, MOST_PROBLEMS, together, undecodable, why, within, type Problems } from '../../session/undecodable.js';
import { withVendorTime } from '../../session/vendorTime.js';
import { answerTo, failureOf } from './answers.js';
import { isChannelName, kinds, rememberedSizeUnit, type Item, type Kind } from './marketEvents.js';
import { PROVIDER } from './protocol.js';
import type { Spell } from './symbols.js';
import * as wire from './wire.js';

/** How TickFlow takes a command. */
export interface TickflowControl extends Control {
  readonly answer: Answer;
}

/** Everything a frame of TickFlow can mean. */
export type TickflowMessage = MarketEvent | Undecodable | TickflowControl;

export interface DecodeOptions {
  /** The name of the feed, which goes into the events. */
  readonly feed: string;
  readonly spell: Spell;
  /** Which stamps of the feed are believed; a new rule unless given. */
  readonly stamps?: StampRule | undefined;
}

const readSubscribed = readerOf(wire.Subscribed);
const readFailure = readerOf(wire.Failure);

/** The event of an item of a channel that fits; undefined where it names no symbol. */
export const itemEvents = ({ feed, spell, stamps = stampRule() }: DecodeOptions) => {
  const sizeUnitOf = rememberedSizeUnit();
  return (kind: Kind, row: Item, receivedAt: number): MarketEvent | undefined => {
    const symbol = spell(row.symbol);
    if (symbol === undefined) return undefined;
    const time = stamps.read(row.timestamp, receivedAt);
    const event = kind.toEvent(row, feed, symbol, time ?? receivedAt, receivedAt, sizeUnitOf(symbol));
    return time === undefined ? withVendorTime(event, row.timestamp) : event;
  };
};

/** Reads one item of a channel; undefined where it does not fit, or names no symbol. */
export const itemReader = (options: DecodeOptions) => {
  const eventOf = itemEvents(options);
  return (kind: Kind, item: unknown, receivedAt: number): MarketEvent | undefined => {
    const row = kind.read(item);
    return row && eventOf(kind, row, receivedAt);
  };
};

/** Reads the frames of TickFlow. Data come in arrays; an item that does not fit does not cost the others. */
export const frameDecoder = (options: DecodeOptions): Decode<TickflowMessage> => {
  const itemOf = itemReader(options);
  const failed = (frame: string, receivedAt: number, problems: readonly string[] | Problems): Undecodable =>
    undecodable(PROVIDER, frame, problems, receivedAt);
  const whyNot = ({ codec, read }: Kind, item: unknown, path: string): Problems => {
    if (!isRecord(item)) return () => [`${path}: not an object`];
    return within(path, read(item) ? bad('symbol', item['symbol'], 'is no symbol') : why(codec, item));
  };
  const items = (
    kind: Kind,
    data: unknown,
    frame: string,
    receivedAt: number,
  ): TickflowMessage | readonly TickflowMessage[] => {
    if (!Array.isArray(data)) return failed(frame, receivedAt, bad('data', data, 'is not an array'));
    // Most frames carry one item; a list of one costs more than the event in it.
    const only = data.length === 1 ? itemOf(kind, data[0], receivedAt) : undefined;
    if (only) return only;
    const found: TickflowMessage[] = [];
    const problems: Problems[] = [];
    for (let i = 0; i < data.length; i++) {
      const event = itemOf(kind, data[i], receivedAt);
      if (event) found.push(event);
      else if (problems.length < MOST_PROBLEMS) problems.push(whyNot(kind, data[i], `data.${i}`));
    }
    if (problems.length > 0) found.push(failed(frame, receivedAt, together(problems)));
    return found;
  };

  return (frame, receivedAt) => {
    const parsed = valueIn(frame);
    if (!isRecord(parsed)) return failed(frame, receivedAt, [parsed === undefined ? 'not JSON' : 'not an object']);
    const { op, data } = parsed;
    if (isChannelName(op)) return items(kinds[op], data, frame, receivedAt);
    switch (op) {
      case 'subscribed': {
        const message = readSubscribed(parsed);
        return message ? control(answerTo(message)) : failed(frame, receivedAt, why(wire.Subscribed, parsed));
      }
      case 'error': {
        const message = readFailure(parsed);
        return message ? control(failureOf(message.message)) : failed(frame, receivedAt, why(wire.Failure, parsed));
      }
      default:
        return failed(frame, receivedAt, bad('op', op, 'is unknown'));
    }
  };
};

const control = (answer: Answer): TickflowControl => ({ kind: 'control', answer });
