import { asyncScheduler } from 'rxjs';
import { intervals, parseSymbol, type Interval } from '../index.js';
import { isTime, momentOf } from '../model/moment.js';
import { zoneOf } from '../model/venue.js';
import { fromWallClock, startOfDate } from '../model/wallClock.js';
import { parseInterval, UsageError, type Values } from './commandLine.js';
import type { Environment, HistoryPlan, PastSpan } from './Plan.js';
import { accessOf, budgetOf, parseSources } from './selection.js';

const EXAMPLE = 'rxtape history itick:stock AAPL.US 1m --from 2026-11-27';

/** The plan of `rxtape history`. Throws `UsageError`, and `InvalidTopic` for a malformed symbol. */
export const historyPlan = (words: readonly string[], values: Values, env: Environment): HistoryPlan => {
  const { from, to, csv = false, json = false, demo = false } = values;
  const isLength = (word: string): boolean => /^\d+[A-Za-z]+$/.test(word);
  const [asked, ...more] = parseSources(words.filter((word) => !isLength(word)));
  if (!asked || more.length > 0) throw new UsageError(`a history is of one source; write ${EXAMPLE}`);
  const interval = intervalIn(words.filter(isLength));
  if (csv && json) throw new UsageError('--csv and --json are two ways to write; leave one out');
  if (from === undefined) throw new UsageError(`a history begins somewhere; write ${EXAMPLE}`);
  const { credential, url, restUrl } = accessOf(asked.source, values, env);
  return {
    kind: 'history',
    source: { ...asked.source, credential, url, restUrl },
    interval,
    spans: spansOf(asked.symbols, from, to),
    output: csv ? 'csv' : json ? 'json' : 'table',
    budget: budgetOf(values['calls-per-minute'], demo),
    simulation: demo ? { speed: 1 } : undefined,
  };
};

const intervalIn = ([word, ...more]: readonly string[]): Interval => {
  if (word === undefined) throw new UsageError(`name an interval, one of ${intervals.join(', ')}; write ${EXAMPLE}`);
  if (more.length > 0) throw new UsageError(`a history has bars of one interval; write ${EXAMPLE}`);
  return parseInterval(word);
};

/** Symbols whose venues have one time zone are asked for together. */
const spansOf = (symbols: readonly string[], from: string, to: string | undefined): readonly PastSpan[] => {
  const now = asyncScheduler.now();
  const byZone = new Map<string, string[]>();
  for (const symbol of new Set(symbols)) {
    parseSymbol(symbol);
    const zone = zoneOf(symbol);
    byZone.set(zone, [...(byZone.get(zone) ?? []), symbol]);
  }
  return [...byZone].map(([zone, some]) => {
    const span = { zone, symbols: some, from: parsePast(from, zone).from, to: to ? parsePast(to, zone).to : now };
    if (span.from >= now) throw new UsageError(`--from ${from} is still to come; name a time that is over`);
    if (span.from >= span.to) throw new UsageError(`--from ${from} is not before --to ${to ?? 'now'}`);
    return span;
  });
};

const DAY = 86_400_000;
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * The moment that a text names; of a date its first, and the first after it. Without a zone both are by the calendar and the
 * clocks of the zone given. Throws `UsageError`.
 */
export const parsePast = (text: string, zone: string): { readonly from: number; readonly to: number } => {
  const [, date = '', ownZone] = ISO.exec(text) ?? [];
  const isDate = date !== '' && text === date;
  const shown = date === '' ? undefined : momentOf(isDate ? `${date}T00:00` : text);
  if (shown === undefined || !isTime(shown + DAY)) {
    throw new UsageError(
      `"${text}" is not a time such as 2026-11-27, 2026-11-27T09:30 or, with a zone, 2026-11-27T14:30:00Z`,
    );
  }
  if (isDate) return { from: startOfDate(shown, zone), to: startOfDate(shown + DAY, zone) };
  const moment = ownZone === undefined ? fromWallClock(shown, zone) : shown;
  return { from: moment, to: moment };
};
