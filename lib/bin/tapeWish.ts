import { canonicalSymbol, isMarketEvent, type FeedEvent, type Topic } from '../index.js';
import { Misuse } from './Misuse.js';
import type { Command, Source } from './Plan.js';
import type { TapeSources } from './tapeSources.js';

/** What is played of a recording, and what is shown of it. */
export interface TapeWish {
  /** With all topics, as they were recorded: who asks for less hears answers to what was not asked. */
  readonly played: readonly Source[];
  readonly shown: readonly Source[];
  readonly isWanted: (event: FeedEvent) => boolean;
}

/** The sources that hold what a command shows. Throws `Misuse` when none does. */
export const tapeWish = (
  { sources, strangers }: Pick<TapeSources, 'sources' | 'strangers'>,
  command: Command,
  name: string,
): TapeWish => {
  if (sources.length === 0) throw new Misuse(`${name} holds ${strangeness(strangers)}`);
  const isShown = isShownBy(command);
  const played = sources.filter(({ topics }) => topics.some(isShown));
  if (played.length === 0) throw new Misuse(`${name} holds no ${lackOf(command)}`);
  if (command.kind === 'book' && new Set(played.map(({ vendor }) => vendor)).size < played.length) {
    throw new Misuse(`a book takes one source of each vendor, and ${name} holds more; replay one recording at a time`);
  }
  return {
    played,
    shown: played.map((source) => ({ ...source, topics: source.topics.filter(isShown) })),
    isWanted: (event) => !isMarketEvent(event) || isShown({ channel: event.kind, symbol: event.symbol }),
  };
};

const isShownBy = (command: Command): ((topic: Pick<Topic, 'channel' | 'symbol'>) => boolean) => {
  switch (command.kind) {
    case 'watch':
      return () => true;
    case 'klines':
      return ({ channel }) => channel !== 'depth';
    case 'book': {
      const wanted = canonicalSymbol(command.symbol);
      return ({ channel, symbol }) => channel === 'depth' && canonicalSymbol(symbol) === wanted;
    }
  }
};

const lackOf = (command: Command): string =>
  command.kind === 'book' ? `depth of ${command.symbol}` : 'trades, quotes and bars to make bars of';

const strangeness = (strangers: readonly string[]): string =>
  strangers.length > 0 ? `only connections to ${strangers.join(', ')}, no vendor known here` : 'no subscription';
