import {
  asyncScheduler,
  finalize,
  ignoreElements,
  interval,
  lastValueFrom,
  merge,
  Subject,
  takeUntil,
  tap,
  type Observable,
} from 'rxjs';
import type { History, HistoryFetch, Kline } from '../../index.js';
import { isHistoryRefused, isHistoryUnavailable } from '../../history/errors.js';
import { amount, counted, elapsed, printable, seconds } from '../format.js';
import { historyOf } from '../past.js';
import { csvHeader, textOf } from '../pastText.js';
import type { HistoryPlan } from '../Plan.js';
import { simulated } from '../sources.js';
import { statusLine, stopped, type Io } from '../terminal.js';

/** Writes the bars of a vendor's history, and how far it is where that takes long. */
export const showHistory = (plan: HistoryPlan, io: Io): Promise<void> =>
  simulated(plan.simulation, async (_url, restUrl) => {
    const { source, spans, interval: length, output, budget } = plan;
    const { stdout, stderr } = io;
    const log = requestLog();
    const history = historyOf(source, { budget, url: restUrl, fetch: log.fetch });
    const progress = newProgress(io, () => log.line(history.budget));
    let [isOver, isInterrupted] = [false, false];
    const interrupted$ = io.interrupted$.pipe(tap(() => (isInterrupted = true)));
    const stopped$ = stopped({ stdout, interrupted$ }, undefined).pipe(tap(() => (isOver = true)));
    const missing = new Set(spans.flatMap(({ symbols }) => symbols));
    const count = missing.size;
    let failure: unknown;

    const text = textOf(plan);
    const write = (some: string): void => {
      progress.hide();
      stdout.write(some);
    };
    if (output === 'csv') write(csvHeader);
    for (const { symbols, from, to } of spans) {
      if (isOver) break;
      let waiting: Kline[] = [];
      const flush = (): void => {
        if (waiting.length > 0) write(text(waiting));
        waiting = [];
      };
      const bars$ = history.klines({ interval: length, symbols, from, to }).pipe(
        tap((bar) => {
          // One that ended just now still moves at the vendor.
          if (bar.closeTime + history.settle > asyncScheduler.now()) return;
          missing.delete(bar.symbol);
          log.found();
          // All bars of a symbol come in one turn.
          if (waiting.push(bar) === 1) queueMicrotask(flush);
        }),
      );
      try {
        await lastValueFrom(progress.during(bars$).pipe(takeUntil(stopped$)), { defaultValue: undefined });
      } catch (error) {
        failure ??= error;
      }
      flush();
    }
    if (isInterrupted) throw new Error('it was stopped before all bars were there');
    // Where no symbol has bars, the error says it for all of them.
    if (!isOver && missing.size > 0 && !(failure && missing.size === count))
      stderr.write(`rxtape: no bars of ${[...missing].join(', ')} in that time\n`);
    if (failure) throw named(failure, source.name);
  });

/** The error of a history, with the name of its source; one of the command line stays as it is. */
const named = (error: unknown, name: string): unknown =>
  isHistoryRefused(error) || isHistoryUnavailable(error) ? new Error(`${name}: ${printable(error.message)}`) : error;

/** The requests that were sent, and what came of them. */
const requestLog = () => {
  const sent: number[] = [];
  let bars = 0;
  let underWay = 0;
  let isTooMany = false;

  const fetchLogged: HistoryFetch = (url, request) => {
    sent.push(asyncScheduler.now());
    underWay += 1;
    return fetch(url, request).then(
      (answer) => {
        underWay -= 1;
        isTooMany = answer.status === 429;
        return answer;
      },
      (error: unknown) => {
        underWay -= 1;
        throw error;
      },
    );
  };
  /** What is waited for. */
  const wait = ({ calls, per }: Budget): string => {
    if (underWay > 0) return '';
    const free = (sent[sent.length - calls] ?? -Infinity) + per - asyncScheduler.now();
    if (free > 0) return `, the next one in ${seconds(free)} (${amount(calls)} in ${elapsed(per)})`;
    return isTooMany ? ', the next one when the vendor allows it' : '';
  };
  return {
    fetch: fetchLogged,
    found: (): void => void (bars += 1),
    /** How far it is: `390 bars, 5 requests, the next one in 48 s (5 in 01:00)`. */
    line: (budget: Budget): string => `${counted(bars, 'bar')}, ${counted(sent.length, 'request')}${wait(budget)}`,
  };
};

type Budget = History['budget'];

/** Milliseconds until how far it is is shown, and between two looks. */
const SOON = 2_000;
const REDRAWN_EVERY = 250;

/** One line on a terminal that says how far it is. */
const newProgress = ({ stderr }: Pick<Io, 'stderr'>, line: () => string) => {
  const begun = asyncScheduler.now();
  const status = statusLine(stderr, true);
  let isShown = false;
  const hide = (): void => {
    if (isShown) status.end();
    isShown = false;
  };
  const show = (): void => {
    const spent = asyncScheduler.now() - begun;
    if (spent < SOON) return;
    isShown = true;
    status.show(`rxtape: ${elapsed(spent)}  ${line()}; Ctrl-C ends it`);
  };
  return {
    /** Takes the line away until it is drawn again. */
    hide,
    during: (work$: Observable<unknown>): Observable<never> => {
      const done$ = new Subject<void>();
      const beats$ = interval(REDRAWN_EVERY).pipe(tap(show), takeUntil(done$));
      const worked$ = work$.pipe(finalize(() => done$.next()));
      return (stderr.isTTY === true ? merge(worked$, beats$) : worked$).pipe(ignoreElements(), finalize(hide));
    },
  };
};
