import { once } from 'node:events';
import type { Writable } from 'node:stream';
import {
  asyncScheduler,
  filter,
  ignoreElements,
  lastValueFrom,
  merge,
  takeUntil,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { canonicalSymbol, isMarketEvent, type FeedEvent, type Topic } from '../../index.js';
import { replay, type Cassette, type FeedConnection } from '../../record/index.js';
import { topicOf } from '../../model/topicOf.js';
import { titleOf } from '../args.js';
import { cassetteIn, cassetteSources, damageLog, newProgress, type CassetteSources } from '../cassettes.js';
import { UsageError } from '../commandLine.js';
import { clock as timeOfDay, printable } from '../format.js';
import type { Only, StartMoment, ReplayPlan, Source, View } from '../Plan.js';
import { openSource, type SourceEvent } from '../sources.js';
import { stopped, type Clock, type Io } from '../terminal.js';
import { shown, type OpenFeeds } from './watch.js';

/** Shows what was recorded as if it were live, until it ends or is stopped. */
export const replayFiles = async (plan: ReplayPlan, io: Io): Promise<void> => {
  const { view, speed, length } = plan;
  const { stdout, stderr } = io;
  const damage = damageLog();
  const cassette = cassetteIn(plan.files, { onDamage: damage.note });
  const { counted, during } = newProgress(io, cassette.name);
  const facts = await during(cassetteSources(counted(cassetteIn(plan.files))));
  const { played, shown: sources, isWanted } = replaySelection(facts, view, cassette.name);
  const from = startOf(plan.from, facts.startedAt);

  let time = from ?? facts.startedAt ?? 0;
  let count = 0;
  const clock: Clock = { now: () => time, foreign: true };
  /** Keeps the clock going while there are no events, as often as it is shown. */
  const beats = (): Observable<never> =>
    timer(0, Math.min(LONGEST_BEAT, BEAT * speed)).pipe(
      tap(() => (time = asyncScheduler.now())),
      ignoreElements(),
    );
  const eventsOf = (connection: FeedConnection): Observable<SourceEvent> =>
    merge(...played.map((source) => openSource(source, { ...connection }))).pipe(
      filter(({ event }) => isWanted(event)),
      tap(({ event }) => {
        time = Math.max(time, event.receivedAt);
        count += 1;
      }),
    );
  const open: OpenFeeds = (make) =>
    replay(throttled(cassette, stdout), (connection) => merge(eventsOf(connection), beats()).pipe(make), {
      speed,
      from,
    });

  const display = plan.display === 'table' && !stdout.isTTY ? 'lines' : plan.display;
  const names = titleOf(view, sources.map(({ name }) => name).join(', '));
  const title = `${names} (${cassette.name}${speed === 1 ? '' : `, speed ${speed === Infinity ? 'max' : speed}`})`;
  if (display !== 'table') stderr.write(`rxtape: replaying ${printable(title)}\n`);
  try {
    const picture$ = shown(open, { ...plan, ...facts, sources, title }, display, io, clock);
    await lastValueFrom(picture$.pipe(takeUntil(stopped(io, length))), { defaultValue: undefined });
  } finally {
    const lines = damage.line();
    if (lines !== undefined) stderr.write(`rxtape: ${printable(lines)}\n`);
  }
  if (count === 0) throw new Error(`nothing was heard${from === undefined ? '' : ` from ${timeOfDay(from)} on`}`);
};

/** Milliseconds between two settings of the clock, as they are shown; and in replay time, at most. */
const BEAT = 100;
const LONGEST_BEAT = 60_000;

const startOf = (from: StartMoment | undefined, startedAt: number | undefined): number | undefined => {
  if (from === undefined || 'at' in from) return from?.at;
  return startedAt === undefined ? undefined : startedAt + from.after;
};

/** What is played of a recording, and what is shown of it. */
interface ReplaySelection {
  /** With all topics, as they were recorded: a feed that asks for less gets answers to what it did not ask for. */
  readonly played: readonly Source[];
  readonly shown: readonly Source[];
  readonly isWanted: (event: FeedEvent) => boolean;
}

/** The sources that hold what a command shows. Throws `UsageError` when none does. */
export const replaySelection = (
  { sources, strangers }: Pick<CassetteSources, 'sources' | 'strangers'>,
  view: View,
  name: string,
): ReplaySelection => {
  if (sources.length === 0) throw new UsageError(`${name} holds ${strangeness(strangers)}`);
  const isShown = isShownBy(view);
  const played = sources.filter(({ topics }) => topics.some(isShown));
  if (played.length === 0) throw new UsageError(`${name} holds no ${lackOf(view)}`);
  if (view.kind === 'book' && new Set(played.map(({ vendor }) => vendor)).size < played.length) {
    throw new UsageError(
      `a book takes one source of each vendor, and ${name} holds more; replay one recording at a time`,
    );
  }
  return {
    played,
    shown: played.map((source) => ({ ...source, topics: source.topics.filter(isShown) })),
    isWanted: (event) => !isMarketEvent(event) || isShown(topicOf(event)),
  };
};

const isShownBy = (view: View): ((topic: Topic) => boolean) => {
  switch (view.kind) {
    case 'watch':
      return isAmong(view.only);
    case 'klines':
      return ({ channel }) => channel !== 'depth' && channel !== 'bbo';
    case 'book': {
      const wanted = canonicalSymbol(view.symbol);
      return ({ channel, symbol }) => channel === 'depth' && canonicalSymbol(symbol) === wanted;
    }
  }
};

/** Whether a topic is among what is to be shown. */
const isAmong = (only: Only | undefined): ((topic: Topic) => boolean) => {
  if (only === undefined) return () => true;
  const { channels, interval } = only;
  const symbols = new Set(only.symbols.map(canonicalSymbol));
  return (topic) =>
    (symbols.size === 0 || symbols.has(canonicalSymbol(topic.symbol))) &&
    (channels.length === 0 || channels.includes(topic.channel)) &&
    (interval === undefined || topic.channel !== 'kline' || topic.interval === interval);
};

const lackOf = (view: View): string => {
  switch (view.kind) {
    case 'book':
      return `depth of ${view.symbol}`;
    case 'klines':
      return 'trades, quotes and bars to make bars of';
    case 'watch':
      return 'data of these symbols and kinds; rxtape inspect says what it holds';
  }
};

const strangeness = (strangers: readonly string[]): string =>
  strangers.length > 0 ? `only connections to ${strangers.join(', ')}, no vendor known here` : 'no subscription';

/** A cassette that is read no faster than a stream takes what is made of it. */
export const throttled = (cassette: Cassette, out: Writable): Cassette => ({
  name: cassette.name,
  blocks: async function* (...only) {
    for await (const block of cassette.blocks(...only)) {
      yield block;
      // `stopped` reports a reader that has left.
      if (out.writableNeedDrain) await once(out, 'drain').catch(() => undefined);
    }
  },
});
