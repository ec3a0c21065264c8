import type { Topic } from '../model/topic.js';
import { readEnd, readEvents, readTopics, writeTopics, type Batch, type End } from '../nats/wire.js';
import { isRecord, parsed } from '../share/foreign.js';

/** Raised with each change that a program of another version would misread. */
const VERSION = 1;

/** What a gateway says. */
export type Said =
  | { readonly kind: 'events'; readonly batch: Batch }
  /** It is alive, and this is its time. */
  | { readonly kind: 'beat'; readonly at: number }
  /** Its client was too slow: so many events are lost since then, and all begins anew. */
  | { readonly kind: 'gap'; readonly lost: number; readonly from: number }
  | { readonly kind: 'end'; readonly end: End };

/** All that a client wants now. */
export const writeWish = (topics: readonly Topic[]): string =>
  JSON.stringify({ rxtape: VERSION, topics: writeTopics(topics) });

/** Undefined for what no client of this version says. */
export const readWish = (text: string): readonly Topic[] | undefined => {
  const wish = parsed(text);
  if (!isRecord(wish) || wish['rxtape'] !== VERSION || typeof wish['topics'] !== 'string') return undefined;
  return readTopics(wish['topics']);
};

export const writeBeat = (at: number): string => JSON.stringify({ beat: at });

export const writeGap = (lost: number, from: number): string => JSON.stringify({ gap: lost, from });

/** Undefined for what no gateway of this version says. */
export const readSaid = (text: string): Said | undefined => {
  if (text.startsWith('[')) {
    const batch = readEvents(text);
    return batch && { kind: 'events', batch };
  }
  const said = parsed(text);
  if (!isRecord(said)) return undefined;
  const { beat: at, gap: lost, from } = said;
  if (typeof at === 'number') return { kind: 'beat', at };
  if (typeof lost === 'number' && typeof from === 'number') return { kind: 'gap', lost, from };
  const end = readEnd(text);
  return end && { kind: 'end', end };
};
