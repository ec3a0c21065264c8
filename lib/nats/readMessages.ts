import type { Msg } from '@nats-io/nats-core';
import { stampOf, type Stamp } from './connection.js';
import type { Entry, Group, MessageHandlers } from './topicSubscriptions.js';
import { readBeat, readEnd, readEvents, readHeads, type Batch, type Beat, type End, type Heads } from './wire.js';

/** What an owner said. */
export type OwnerMessage = Stamp &
  (
    | { readonly kind: 'live'; readonly entry: Entry; readonly batch: Batch }
    | { readonly kind: 'link'; readonly batch: Batch }
    | { readonly kind: 'group'; readonly group: Group; readonly heads: Heads }
    | { readonly kind: 'beat'; readonly beat: Beat }
  );

/** What a message cannot be read for. */
export interface Garbage {
  readonly frame: string;
  readonly problems: readonly string[];
}

export interface MessageSinks {
  readonly take: (item: OwnerMessage) => void;
  readonly end: (end: End, stamp: Stamp) => void;
  readonly garbled: (garbage: Garbage) => void;
}

/** A frame in an event is cut to this length. */
const LONGEST_FRAME = 200;

/**
 * Reads messages. What cannot be read is said, and counts as nothing else: a message without a stamp is of no owner, and one
 * of an owner is missed by its number. Of a list with some garbage the rest is taken.
 */
export const readMessages = ({
  take,
  end,
  garbled,
}: MessageSinks): MessageHandlers & Record<'link' | 'beat', (message: Msg) => void> => {
  const garble = (message: Msg, problems: readonly string[]): void =>
    garbled({ frame: message.string().slice(0, LONGEST_FRAME), problems });

  const read = <A>(message: Msg, value: A | undefined, use: (value: A, stamp: Stamp) => void): void => {
    const stamp = stampOf(message);
    if (stamp && value !== undefined) use(value, stamp);
    else garble(message, [stamp ? 'it is no message of this version' : 'it has no epoch and no seq']);
  };
  const batched = (message: Msg, batch: Batch): Batch => {
    if (batch.problems.length > 0) garble(message, batch.problems);
    return batch;
  };
  return {
    live: (entry, message) =>
      read(message, readEvents(message.string()), (batch, stamp) =>
        take({ kind: 'live', ...stamp, entry, batch: batched(message, batch) }),
      ),
    link: (message) => {
      const text = message.string();
      read<Batch | End>(message, readEnd(text) ?? readEvents(text), (said, stamp) => {
        if ('events' in said) take({ kind: 'link', ...stamp, batch: batched(message, said) });
        else end(said, stamp);
      });
    },
    group: (group, message) =>
      read(message, readHeads(message.string()), (heads, stamp) => take({ kind: 'group', ...stamp, group, heads })),
    beat: (message) =>
      read(message, readBeat(message.string()), (beat, stamp) => take({ kind: 'beat', ...stamp, beat })),
  };
};
