import type { Topic } from '../model/topic.js';

/** What a vendor calls the channels it has, by what we call them. */
type ChannelNames<C extends string> = Readonly<Record<C, string>>;

/** Whether a vendor has the channel of a topic. */
export const hasChannel = <C extends string>(
  channels: ChannelNames<C>,
  topic: Topic,
): topic is Topic & { readonly channel: C } => Object.hasOwn(channels, topic.channel);

/** Our name of a vendor's channel; undefined for any other text. */
export const channelNamed = <C extends string>(channels: ChannelNames<C>, name: unknown): C | undefined =>
  (Object.keys(channels) as C[]).find((channel) => channels[channel] === name);

/** What to do instead where a vendor does not push its best bid and offer. */
export const TOP_OF_BOOK = 'ask for depths, and derive it with orderBook() and topOfBook()';
