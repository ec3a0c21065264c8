import type { Diverged, FeedEvent, Line } from '../model/feedEvent.js';
import { bySymbol } from '../operators/bySymbol.js';

interface Prices {
  readonly last: Record<Line, number>;
  /** When each line last spoke. */
  readonly at: Record<Line, number>;
  /** Since when they disagree; undefined where they do not. */
  since: number | undefined;
  isSaid: boolean;
}

/** Compares the last prices of both lines; the result is what to say of the symbol, once for each time that they disagree. */
export const divergence = ({ tolerance, after }: { readonly tolerance: number; readonly after: number }) => {
  const table = bySymbol<Prices>();
  return (line: Line, event: FeedEvent): Pick<Diverged, 'symbol' | 'prices' | 'for'> | undefined => {
    const price =
      event.kind === 'trade' && event.volumeOnly !== true ? event.price : event.kind === 'quote' ? event.last : NaN;
    if (!Number.isFinite(price) || !('symbol' in event)) return undefined;
    const { symbol, receivedAt } = event;
    const prices = table.find(symbol) ?? table.add(symbol, newPrices());
    const { last, at } = prices;
    last[line] = price;
    at[line] = receivedAt;
    const apart = Math.abs(last.primary - last.secondary);
    if (!(apart > tolerance * Math.max(Math.abs(last.primary), Math.abs(last.secondary)))) {
      prices.since = undefined;
      prices.isSaid = false;
      return undefined;
    }
    const since = (prices.since ??= receivedAt);
    // A line that has said nothing since is not fresh: that is another matter.
    const isFresh = at.primary > since && at.secondary > since && Math.abs(at.primary - at.secondary) <= after;
    if (prices.isSaid || !isFresh || receivedAt - since < after) return undefined;
    prices.isSaid = true;
    return { symbol, prices: { ...last }, for: receivedAt - since };
  };
};

const newPrices = (): Prices => ({
  last: { primary: NaN, secondary: NaN },
  at: { primary: -Infinity, secondary: -Infinity },
  since: undefined,
  isSaid: false,
});
