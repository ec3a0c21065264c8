import type * as t from 'io-ts';
import { explain } from '../../codec/explain.js';
import { isRecord } from '../../codec/isRecord.js';
import { readerOf } from '../../codec/readerOf.js';
import { show } from '../../codec/show.js';
import type { Undecodable } from '../../model/feedEvent.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import type { Control } from '../../session/Control.js';
import type { Decode } from '../../session/encoded.js';
import type { Answer } from '../../session/ledger.js';
import { undecodable } from '../../session/undecodable.js';
import { answerTo, failureOf } from './answers.js';
import { toDepth, toQuote } from './marketEvents.js';
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
  readonly spell: Spell;
  /** Takes the credential out of a text. */
  readonly redact: (text: string) => string;
}

const readQuote = readerOf(wire.Quote);
const readDepth = readerOf(wire.Depth);
const readSubscribed = readerOf(wire.Subscribed);
const readFailure = readerOf(wire.Failure);

/** Reads the frames of TickFlow. Data come in arrays; an item that does not fit costs nobody the others. */
export const frameDecoder = ({ spell, redact }: DecodeOptions): Decode<TickflowMessage> => {
  return (frame, receivedAt) => {
    const failed = (problems: readonly string[]): Undecodable =>
      undecodable(PROVIDER, frame, problems, receivedAt, redact);
    const items = <A extends { readonly symbol: string }>(
      data: unknown,
      codec: t.Type<A, unknown>,
      read: (item: unknown) => A | undefined,
      toEvent: (item: A, symbol: string, receivedAt: number) => MarketEvent,
    ): readonly TickflowMessage[] => {
      if (!Array.isArray(data)) return [failed([`data: ${show(data)} is not an array`])];
      const found: TickflowMessage[] = [];
      for (const item of data as readonly unknown[]) {
        const row = read(item);
        found.push(row ? toEvent(row, spell(row.symbol), receivedAt) : failed(explain(codec, item)));
      }
      return found;
    };
    let parsed: unknown;
    try {
      parsed = JSON.parse(frame);
    } catch {
      return [failed(['not JSON'])];
    }
    if (!isRecord(parsed)) return [failed(['not an object'])];
    switch (parsed['op']) {
      case 'quotes':
        return items(parsed['data'], wire.Quote, readQuote, toQuote);
      case 'depth':
        return items(parsed['data'], wire.Depth, readDepth, toDepth);
      case 'subscribed': {
        const said = readSubscribed(parsed);
        return [said ? { kind: 'control', answer: answerTo(said) } : failed(explain(wire.Subscribed, parsed))];
      }
      case 'error': {
        const said = readFailure(parsed);
        return [
          said ? { kind: 'control', answer: failureOf(redact(said.message)) } : failed(explain(wire.Failure, parsed)),
        ];
      }
      default:
        return [failed([`op: ${show(parsed['op'])} is no kind of message`])];
    }
  };
};
