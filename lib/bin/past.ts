import { asyncScheduler, identity, type MonoTypeOperatorFunction } from 'rxjs';
import {
  backfill,
  bucketing,
  calendarOf,
  calendars,
  tradingTime,
  type Calendar,
  type FeedEvent,
  type History,
  type HistoryFetch,
  type Interval,
} from '../index.js';
import { lengthOf } from '../history/pages.js';
import { UsageError } from './commandLine.js';
import type { Past, Plan, Source } from './Plan.js';
import { providerOf } from './providers.js';

/** The history of a source. Throws `UsageError` where its vendor has none, and `InvalidOption` for a wrong address. */
export const historyOf = (
  source: Omit<Source, 'topics'>,
  { budget, url = source.restUrl, fetch }: Past & { readonly url?: string | undefined; readonly fetch?: HistoryFetch },
): History => {
  const { history, vendor } = providerOf(source);
  if (!history) throw new UsageError(`${vendor} has no history of bars`);
  return history(source.variant, { credential: source.credential, url, budget, fetch });
};

/** Puts the bars of before, and those of holes, into the feed of a source where a plan wants them. */
export const repairing = (
  source: Source,
  { view, past, simulated }: Pick<Plan, 'view' | 'past' | 'simulated'>,
  restUrl: string | undefined,
): MonoTypeOperatorFunction<FeedEvent> => {
  if (view.kind !== 'klines' || !past || !providerOf(source).history) return identity;
  const history = historyOf(source, { budget: past.budget, url: restUrl ?? source.restUrl });
  return repairedBy(history, source, view.interval, simulated);
};

/** The same with a history of one's own. */
export const repairedBy = (
  history: History,
  { name, topics }: Pick<Source, 'name' | 'topics'>,
  interval: Interval,
  simulated: boolean,
): MonoTypeOperatorFunction<FeedEvent> => {
  const calendar = (symbol: string): Calendar => (simulated ? calendars.always : calendarOf(symbol, name));
  const now = asyncScheduler.now();
  const symbols = [...new Set(topics.map(({ symbol }) => symbol))];
  const days = symbols.map((symbol) => tradingTime(bucketing('1d', calendar(symbol))(now).trading));
  const warm = Math.ceil(Math.max(...days) / lengthOf(interval));
  return backfill(history, {
    interval,
    calendar,
    warm: Math.min(MOST, Math.max(LEAST, warm)),
    symbols,
  });
};

/** As many closes as are shown side by side. */
const LEAST = 30;
/** One request gives so many at any vendor, with some to spare. */
const MOST = 480;
