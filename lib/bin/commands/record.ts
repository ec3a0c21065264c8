import { existsSync, lstatSync, rmSync } from 'node:fs';
import { asyncScheduler, defer, finalize, ignoreElements, lastValueFrom, merge, takeUntil, tap, timer } from 'rxjs';
import { isMarketEvent, type FeedEvent } from '../../index.js';
import { InvalidOption } from '../../model/errors.js';
import { fileSink, record, type FileSink, type FileStats } from '../../record/index.js';
import { UsageError } from '../commandLine.js';
import { amount, bytes, counted, elapsed, shellQuote } from '../format.js';
import { plainLine } from '../lines.js';
import { linkAfter, newLink, type LinkStatus } from '../link.js';
import type { RecordPlan, Source } from '../Plan.js';
import { openSource, simulated, type SourceEvent } from '../sources.js';
import { statusLine, stopped, type Io } from '../terminal.js';

/** Milliseconds between two looks at how far it is: where the line is drawn anew, and elsewhere. */
const REDRAWN_EVERY = 250;
const SAID_EVERY = 5_000;

/** Records live data until it is stopped, and writes its progress to stderr. */
export const recordToFile = (plan: RecordPlan, io: Io): Promise<void> =>
  simulated(plan.simulation, async (url, restUrl) => {
    const { sources, title, out, maxBytes, maxAge, length } = plan;
    const { stderr } = io;
    const redraws = plan.redraws && stderr.isTTY === true;
    const sink = sinkOf(plan);
    const begun = asyncScheduler.now();
    const { accept, line, sum } = meter(sources, begun);
    const duration = (): number => asyncScheduler.now() - begun;

    const feed$ = record(
      (connection) => merge(...sources.map((each) => openSource(each, { url, restUrl, ...connection }))),
      sink,
    );
    const shown$ = defer(() => {
      const status = statusLine(stderr, redraws);
      const every = redraws ? REDRAWN_EVERY : SAID_EVERY;
      const beats$ = timer(every, every).pipe(tap(() => status.show(line(duration(), sink.stats()))));
      const events$ = feed$.pipe(
        tap((event) => {
          accept(event);
          if (isNews(event)) status.note(plainLine(event.source, event.event));
        }),
      );
      return merge(events$, beats$).pipe(ignoreElements(), finalize(status.end));
    });

    const parts = maxBytes === undefined && maxAge === undefined ? '' : ', in parts';
    stderr.write(`rxtape: recording ${title} to ${out}${parts}; Ctrl-C ends it\n`);
    try {
      await lastValueFrom(shown$.pipe(takeUntil(stopped(io, length))), { defaultValue: undefined });
    } catch (error) {
      throw readable(error, out);
    } finally {
      await sink.written();
      const { files } = sink.stats();
      if (files.length > 0) {
        stderr.write(`rxtape: wrote ${named(files)}: ${sum(duration(), sink.stats())}\n`);
        stderr.write(`rxtape: to see it again: rxtape replay ${files.map(shellQuote).join(' ')}\n`);
      }
    }
  });

const sinkOf = ({ out, force, maxBytes, maxAge }: RecordPlan): FileSink => {
  const sink = fileSink(out, { maxBytes, maxAge });
  if (force && lstatSync(out, { throwIfNoEntry: false })?.isFile()) rmSync(out);
  else if (maxBytes === undefined && maxAge === undefined && existsSync(out)) {
    throw new UsageError(
      `${out} exists${force ? ' and is no file; name another one' : '; add --force to write over it, or name another file'}`,
    );
  }
  return sink;
};

const isNews = ({ event: { kind } }: SourceEvent): boolean =>
  kind === 'connected' || kind === 'disconnected' || kind === 'refused';

const named = (files: readonly string[]): string =>
  files.length > 1 ? `${files.length} files, ${files[0]} to ${files.at(-1)}` : files.join('');

/** A file that cannot be begun is not a wrong command line. */
const readable = (error: unknown, out: string): unknown =>
  error instanceof InvalidOption && error.option === 'path'
    ? new Error(`${out} cannot be written: ${error.problem}`)
    : error;

/** What a recording has come to. */
interface Meter {
  readonly accept: (event: SourceEvent) => void;
  /** How far it is: `00:12  1,234 events  56 kB  2 of 2 live  no gaps`. */
  readonly line: (duration: number, written: Pick<FileStats, 'bytes' | 'lost'>) => string;
  /** What there was in all: `1,234 events in 00:12, 56 kB, no gaps`. */
  readonly sum: (duration: number, written: Pick<FileStats, 'bytes' | 'lost'>) => string;
}

export const meter = (sources: readonly Pick<Source, 'name'>[], now: number): Meter => {
  const links = new Map<string, LinkStatus>(sources.map(({ name }) => [name, newLink(now)]));
  let events = 0;
  let gaps = 0;

  const total = (of: (link: LinkStatus) => number): number =>
    [...links.values()].reduce((sum, link) => sum + of(link), 0);
  const troubles = (lost: number): readonly string[] => [
    counted(gaps, 'gap'),
    ...[
      { count: total(({ refused }) => refused), what: 'refused' },
      { count: total(({ undecodable }) => undecodable), what: 'undecodable' },
      { count: lost, what: lost === 1 ? 'frame lost' : 'frames lost' },
    ]
      .filter(({ count }) => count > 0)
      .map(({ count, what }) => `${amount(count)} ${what}`),
  ];
  return {
    accept: ({ source, event }) => {
      const link = links.get(source);
      if (!link) return;
      if (isMarketEvent(event)) events += 1;
      if (opensGap(event, link)) gaps += 1;
      links.set(source, linkAfter(link, event));
    },
    line: (duration, { bytes: size, lost }) =>
      [
        elapsed(duration),
        counted(events, 'event'),
        bytes(size),
        `${total(({ state }) => (state === 'live' ? 1 : 0))} of ${links.size} live`,
        ...troubles(lost),
      ].join('  '),
    sum: (duration, { bytes: size, lost }) =>
      [`${counted(events, 'event')} in ${elapsed(duration)}`, bytes(size), ...troubles(lost)].join(', '),
  };
};

/** A link that was never live has nothing to lose. */
const opensGap = (event: FeedEvent, { state }: LinkStatus): boolean =>
  event.kind === 'disconnected' && state === 'live';
