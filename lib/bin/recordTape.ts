import { existsSync, lstatSync, rmSync } from 'node:fs';
import { asyncScheduler, defer, finalize, ignoreElements, lastValueFrom, merge, takeUntil, tap, timer } from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import { fileSink, record, type FileSink } from '../record/index.js';
import type { Io } from './Io.js';
import { meter } from './meter.js';
import { Misuse } from './Misuse.js';
import { openSource, type Heard } from './openSource.js';
import type { RecordPlan } from './Plan.js';
import { plainLine } from './plainLine.js';
import { quoted } from './quoted.js';
import { simulated } from './simulated.js';
import { statusLine } from './statusLine.js';
import { stopped } from './stopped.js';

/** Milliseconds between two looks at how far it is: where the line is drawn anew, and elsewhere. */
const REDRAWN_EVERY = 250;
const SAID_EVERY = 5_000;

/** Records live data until somebody stops it, and says on stderr how far it is and what was written. */
export const recordTape = (plan: RecordPlan, io: Io): Promise<void> =>
  simulated(plan.simulation, async (url) => {
    const { sources, title, out, maxBytes, maxAge, length } = plan;
    const { stderr } = io;
    const redraws = plan.redraws && stderr.isTTY === true;
    const sink = sinkOf(plan);
    const begun = asyncScheduler.now();
    const { hear, line, sum } = meter(sources, begun);
    const duration = (): number => asyncScheduler.now() - begun;

    const feed$ = record((connection) => merge(...sources.map((each) => openSource(each, { url, ...connection }))), sink);
    const told$ = defer(() => {
      const status = statusLine(stderr, redraws);
      const every = redraws ? REDRAWN_EVERY : SAID_EVERY;
      const beats$ = timer(every, every).pipe(tap(() => status.show(line(duration(), sink.stats()))));
      const heard$ = feed$.pipe(
        tap((heard) => {
          hear(heard);
          if (isNews(heard)) status.note(plainLine(heard.source, heard.event));
        }),
      );
      return merge(heard$, beats$).pipe(ignoreElements(), finalize(status.end));
    });

    const parts = maxBytes === undefined && maxAge === undefined ? '' : ', in parts';
    stderr.write(`rxtape: recording ${title} to ${out}${parts}; Ctrl-C ends it\n`);
    try {
      await lastValueFrom(told$.pipe(takeUntil(stopped(io, length))), { defaultValue: undefined });
    } catch (error) {
      throw readable(error, out);
    } finally {
      await sink.written();
      const { files } = sink.stats();
      if (files.length > 0) {
        stderr.write(`rxtape: wrote ${named(files)}: ${sum(duration(), sink.stats())}\n`);
        stderr.write(`rxtape: to see it again: rxtape replay ${files.map(quoted).join(' ')}\n`);
      }
    }
  });

const sinkOf = ({ out, force, maxBytes, maxAge }: RecordPlan): FileSink => {
  const sink = fileSink(out, { maxBytes, maxAge });
  if (force && lstatSync(out, { throwIfNoEntry: false })?.isFile()) rmSync(out);
  else if (maxBytes === undefined && maxAge === undefined && existsSync(out)) {
    throw new Misuse(
      `${out} exists${force ? ' and is no file; name another one' : '; add --force to write over it, or name another file'}`,
    );
  }
  return sink;
};

const isNews = ({ event: { kind } }: Heard): boolean =>
  kind === 'connected' || kind === 'disconnected' || kind === 'refused';

const named = (files: readonly string[]): string =>
  files.length > 1 ? `${files.length} files, ${files[0]} to ${files.at(-1)}` : files.join('');

/** A file that cannot be begun is no wrong use of the command. */
const readable = (error: unknown, out: string): unknown =>
  error instanceof InvalidOption && error.option === 'path'
    ? new Error(`${out} cannot be written: ${error.problem}`)
    : error;
