import type { SymbolData } from './feedEvent.js';
import type { Topic } from './topic.js';

/** The topic that an event answers, in the spelling of the event. */
export const topicOf = ({ kind, symbol, interval }: SymbolData): Topic =>
  (kind === 'kline' ? { channel: kind, symbol, interval } : { channel: kind, symbol }) as Topic;
