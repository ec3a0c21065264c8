import type { Writable } from 'node:stream';
import { asyncScheduler, defer, finalize, ignoreElements, tap, type Observable } from 'rxjs';
import { feedNameOf, isLevel, isMarketEvent, type FeedEvent, type Level, type Quote, type Topic } from '../index.js';
import { isOwnData } from '../model/feedEvent.js';
import { amount, barTime, clean, clock, counted, milliseconds, percent, printable, seconds, share } from './format.js';
import { recoveryWords, repairWords } from './repairs.js';
import type { SourceEvent } from './sources.js';
import type { Output } from './terminal.js';

/** Writes each event as a line of JSON. A line with `kind: "dropped"` counts those that a slow reader has missed. */
export const jsonLines = (out: Output) => jsonOf(out, ({ event }: SourceEvent) => event);

/** Writes each event as a line for people. */
export const plainLines = (out: Output) => linesOf(out, ({ source, event }: SourceEvent) => plainLine(source, event));

/** Writes a part of each value as a line of JSON, and counts what a slow reader has missed. */
export const jsonOf = <A>(out: Output, part: (value: A) => unknown) =>
  written<A>(
    out,
    (value) => JSON.stringify(part(value)),
    (count) => JSON.stringify({ kind: 'dropped', receivedAt: asyncScheduler.now(), count }),
  );

/** Writes a line for each value, and says how many a slow reader has missed. */
export const linesOf = <A>(out: Output, line: (value: A) => string) =>
  written(out, line, (count) => `... ${count} left out: the reader is too slow`);

const written =
  <A>(out: Output, line: (value: A) => string, lost: (count: number) => string) =>
  (values$: Observable<A>): Observable<never> =>
    defer(() => {
      const writer = lineWriter(out, lost);
      return values$.pipe(
        tap((value) => writer.write(line(value))),
        ignoreElements(),
        finalize(writer.end),
      );
    });

/** An event as one line for people: `12:00:01.123 itick AAPL.US quote 225.54 +0.12% vol 1,229`. */
export const plainLine = (source: string, event: FeedEvent): string => {
  const who = isMarketEvent(event) || isOwnData(event) ? `${event.provider} ${event.symbol}` : source;
  return printable(`${clock(event.receivedAt)} ${who} ${words(event)}`);
};

const words = (event: FeedEvent): string => {
  switch (event.kind) {
    case 'quote':
      return joined('quote', clean(event.last), change(event), volume(event), unusual(event.status));
    case 'trade':
      return joined('trade', level(event), event.aggressor, event.size === undefined && volume(event));
    case 'depth': {
      const { bids, asks } = event;
      // The best of what changed is not the best of the book.
      if (event.type === 'update')
        return `depth update of ${counted(bids.length, 'bid')}, ${counted(asks.length, 'ask')}`;
      return `depth ${best(bids)} / ${best(asks)}`;
    }
    case 'bbo':
      return joined(`bbo ${touch(event.bid)} / ${touch(event.ask)}`, !event.valid && 'in doubt');
    case 'kline': {
      const { interval, open, high, low, close } = event;
      const [o, h, l, c] = [open, high, low, close].map(clean);
      const opened = barTime(event);
      return joined(
        `kline ${interval} ${opened} o ${o} h ${h} l ${l} c ${c} vol ${amount(clean(event.volume))}`,
        event.source === 'backfill' && 'of the history',
        event.coverage < 1 && (event.coverage > 0 || event.source !== 'backfill') && `seen ${share(event.coverage)}`,
        event.missedVolume > 0 && `missed ${amount(clean(event.missedVolume))}`,
        event.revision > 0 && `revision ${event.revision}`,
      );
    }
    case 'connected': {
      const { resumed } = event;
      return joined('connected', resumed && `again after a gap of ${seconds(resumed.to - resumed.from)}`);
    }
    case 'disconnected': {
      const wait = seconds(event.retryAt - event.receivedAt);
      return `disconnected: ${event.cause.message}; retry ${event.attempt} in ${wait}`;
    }
    case 'subscribed':
    case 'unsubscribed':
      return `${event.kind} ${event.topics.map(topicName).join(', ')}`;
    case 'refused':
      return `refused ${event.topics.map(topicName).join(', ') || 'something'}: ${event.reason}`;
    case 'backfilled':
      return repairWords([event]);
    case 'recovered':
      return recoveryWords(event);
    case 'unexpected':
      return `unexpected ${topicName(event.topic)}: never asked for, ${amount(event.count)} dropped`;
    case 'undecodable':
      return `undecodable: ${event.problems.join('; ')}: ${event.frame}`;
    case 'latency':
      return `round trip ${milliseconds(event.roundTrip)}`;
    case 'switched': {
      const { symbols, to, hole, cause } = event;
      const whose = symbols === 'all' ? '' : ` for ${symbols.join(', ')}`;
      const missing = hole ? `, ${seconds(hole.to - hole.from)} missing` : '';
      return `switched to the ${to}, ${feedNameOf(event)}${whose}${missing}: ${cause.message}`;
    }
    case 'standbyLost':
      return `${feedNameOf(event)} does not stand by any more: ${event.cause.message}`;
    case 'diverged': {
      const { primary, secondary } = event.prices;
      return `diverged ${event.symbol}: primary ${clean(primary)}, secondary ${clean(secondary)} for ${seconds(event.for)}`;
    }
    case 'lagging':
      return `lagging by ${seconds(event.lag)}`;
    case 'caughtUp':
      return `caught up: lagged by up to ${seconds(event.lag)} for ${seconds(event.receivedAt - event.from)}`;
  }
};

const joined = (...parts: readonly (string | number | false | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== false).join(' ');

const change = ({ last, previousClose, open, rolling }: Quote): string | undefined => {
  if (previousClose) return percent(previousClose, last);
  if (open) return `${percent(open, last)} since open`;
  return rolling?.open ? `${percent(rolling.open, last)} in ${rolling.hours}h` : undefined;
};

const volume = ({
  volume: ofDay,
  sizeUnit,
  rolling,
}: Pick<Quote, 'volume' | 'sizeUnit' | 'rolling'>): string | undefined => {
  const value = ofDay ?? rolling?.volume;
  if (value === undefined) return undefined;
  return joined(`vol ${amount(value)}`, sizeUnit === 'lots' && 'lots', ofDay === undefined && `in ${rolling?.hours}h`);
};

const unusual = (status: string | undefined): string | undefined =>
  status === 'normal' || status === 'regular' ? undefined : status;

const level = ({ price, size }: { readonly price: number; readonly size?: number | undefined }): string =>
  size === undefined ? String(clean(price)) : `${clean(price)} x ${amount(size)}`;

const best = (side: readonly Level[]): string => touch(side.find(isLevel));

const touch = (best: Level | undefined): string => (best && isLevel(best) ? level(best) : '-');

const topicName = (topic: Topic): string =>
  `${topic.symbol} ${topic.channel}${topic.channel === 'kline' ? `@${topic.interval}` : ''}`;

/** How many bytes may wait for a slow reader. */
const LIMIT = 2 ** 20;

interface LineWriter {
  readonly write: (line: string) => void;
  /** Reports how many lines were left out, if that has not been reported yet. */
  readonly end: () => void;
}

/**
 * Writes lines to a stream whose reader may be slow.
 *
 * Lines that find too much waiting are left out, and the next one that goes out is preceded by their number, so that
 * memory is bounded and a loss is never silent. Lines of one turn leave in one write.
 */
export const lineWriter = (out: Writable, lost: (count: number) => string, limit = LIMIT): LineWriter => {
  let dropped = 0;
  let corked = false;

  const uncork = (): void => {
    corked = false;
    out.uncork();
  };
  const put = (line: string): void => {
    if (!corked) {
      corked = true;
      out.cork();
      queueMicrotask(uncork);
    }
    out.write(`${line}\n`);
  };
  const reportLoss = (): void => {
    if (dropped > 0) put(lost(dropped));
    dropped = 0;
  };
  return {
    write: (line) => {
      if (out.writableLength > limit) {
        dropped += 1;
        return;
      }
      reportLoss();
      put(line);
    },
    end: reportLoss,
  };
};
