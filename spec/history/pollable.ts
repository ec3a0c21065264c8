import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  finalize,
  from,
  ignoreElements,
  NEVER,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import type { Depth, Quote } from '../../lib/model/marketEvent.js';
import type { History } from '../../lib/index.js';
import { aDepth, aQuote } from '../../lib/testing/builders.js';

/** A call that the history was asked. */
export interface Call {
  readonly at: number;
  readonly channel: 'quote' | 'depth';
  readonly symbols: readonly string[];
}

type Said = readonly (Quote | Depth)[];

/** What it answers: events, after so many milliseconds, and perhaps a failure behind them; or nothing at all. */
export type Reply = Said | Error | 'never' | { readonly said?: Said; readonly error?: Error; readonly after?: number };

const plenty = { calls: 1_000, per: 1_000 };

/** A history made by hand that notes what it is asked, and what is taken back. `answer` counts its calls from 1. */
export const pollable = (
  answer: (call: Call, count: number) => Reply,
  facts: Partial<History> = {},
): { readonly history: History; readonly calls: readonly Call[]; readonly aborted: readonly number[] } => {
  const calls: Call[] = [];
  const aborted: number[] = [];
  const asked = <E extends Quote | Depth>(channel: E['kind'], symbols: readonly string[]): Observable<E> =>
    defer(() => {
      const call: Call = { at: asyncScheduler.now(), channel, symbols };
      calls.push(call);
      let isOver = false;
      return (replyOf(answer(call, calls.length)) as Observable<E>).pipe(
        tap({ complete: () => (isOver = true), error: () => (isOver = true) }),
        finalize(() => isOver || aborted.push(asyncScheduler.now())),
      );
    });
  const history: History = {
    provider: 'acme',
    budget: plenty,
    settle: 0,
    klines: () => NEVER,
    quotes: (symbols) => asked<Quote>('quote', symbols),
    depths: (symbols) => asked<Depth>('depth', symbols),
    ...facts,
  };
  return { history, calls, aborted };
};

const replyOf = (reply: Reply): Observable<Quote | Depth> => {
  if (reply === 'never') return NEVER;
  if (reply instanceof Error) return throwError(() => reply);
  if (!('after' in reply || 'said' in reply || 'error' in reply)) return from(reply as Said);
  const { said = [], error, after = 0 } = reply;
  return concat(
    after > 0 ? timer(after).pipe(ignoreElements()) : EMPTY,
    from(said),
    error ? throwError(() => error) : EMPTY,
  );
};

/** The event of a channel and a symbol now, as a vendor sends it that counts up a price. */
export const newest = (channel: 'quote' | 'depth', symbol: string, price: number): Quote | Depth => {
  const facts = { provider: 'acme', symbol, time: asyncScheduler.now(), receivedAt: asyncScheduler.now() };
  return channel === 'quote'
    ? aQuote({ ...facts, last: price })
    : aDepth({ ...facts, bids: [{ price, size: 1 }], asks: [{ price: price + 1, size: 1 }] });
};

/** Answers each symbol with its newest event, at a price that counts up. */
export const allOf =
  (price: (count: number) => number = (count) => count) =>
  ({ channel, symbols }: Call, count: number): Said =>
    symbols.map((symbol) => newest(channel, symbol, price(count)));
