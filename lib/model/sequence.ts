/**
 * The numbers of a book that a depth event covers. `first` to `last` are all that happened in it, as at Binance; `previous` is the number of the event
 * before it where numbers have holes of their own, as at OKX. A snapshot has the state at `last`.
 */
export type DepthSequence =
  { readonly first: number; readonly last: number } | { readonly previous: number; readonly last: number };

/** Where the numbers of an update stand to a book at number `at`. */
export type Step = 'old' | 'next' | 'hole';

/**
 * Whether an update is the next one of a book whose last number is `at`, tells nothing new, or shows that one is missing.
 *
 * Sizes are absolute, so that an update may begin before the book's number, as the first one after a snapshot does. One
 * that names its predecessor follows it even where the numbers begin anew, as after maintenance at OKX; a smaller number that does
 * not follow shows that such a beginning is missing.
 */
export const stepOf = (sequence: DepthSequence, at: number): Step => {
  if ('previous' in sequence && sequence.previous === at) return 'next';
  if (sequence.last === at || ('first' in sequence && sequence.last < at)) return 'old';
  return sequence.last > at && previousOf(sequence) <= at ? 'next' : 'hole';
};

/** The number of the update before. */
export const previousOf = (sequence: DepthSequence): number =>
  'previous' in sequence ? sequence.previous : sequence.first - 1;
