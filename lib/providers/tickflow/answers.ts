import type { Topic } from '../../model/topic.js';
import type { Answer, Command } from '../../session/ledger.js';
import { hasChannel } from '../channels.js';
import { channels } from './protocol.js';
import { wireSymbol } from './symbols.js';
import type { Subscribed } from './wire.js';

/** The vendor's name for a topic's channel. */
export const channelOf = (topic: Topic | undefined): string | undefined =>
  topic && hasChannel(channels, topic) ? channels[topic.channel] : undefined;

/**
 * Reads a `subscribed`. It lists all that a channel serves, so a topic that was asked for and is missing was dropped
 * silently. Without the list only the count shows it.
 */
export const answerTo = ({ channel, symbols, total }: Subscribed): Answer => {
  const served = symbols && new Set(symbols.map(wireSymbol));
  return {
    matches: channel == null ? undefined : ({ topics: [topic] }) => channelOf(topic) === channel,
    unserved: served ? (topics) => topics.filter(({ symbol }) => !served.has(wireSymbol(symbol))) : undefined,
    note: (command, asked) => (served || total == null ? undefined : shortfall(command, asked, total)),
  };
};

const shortfall = ({ topics: [topic] }: Command, asked: readonly Topic[], total: number): string | undefined => {
  const channel = channelOf(topic);
  const wanted = asked.filter((other) => channelOf(other) === channel).length;
  if (total >= wanted) return undefined;
  return `the vendor serves ${total} of the ${wanted} symbols asked for on ${channel}, and does not say which it left out`;
};

/** What an `error` says; it belongs to the oldest unanswered command. A channel or a command as a whole may be refused. */
export const failureOf = (message: string): Answer => ({
  refusal: message,
  scope: /^exceeded max/i.test(message)
    ? 'quota'
    : /^(?:no permission for channel|unknown channel|invalid message)/i.test(message)
      ? 'topics'
      : 'unknown',
});
