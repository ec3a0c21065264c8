import type { MarketEvent } from './marketEvent.js';
import type { Topic } from './topic.js';

/** The topic that an event answers, in the spelling of the event. */
export const topicOf = (event: MarketEvent): Topic =>
  event.kind === 'kline'
    ? { channel: 'kline', symbol: event.symbol, interval: event.interval }
    : { channel: event.kind, symbol: event.symbol };
