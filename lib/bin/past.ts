import type { History, HistoryFetch } from '../index.js';
import { UsageError } from './commandLine.js';
import type { Past, Source } from './Plan.js';
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
