import { asyncScheduler, finalize, map, NEVER, of, throwError, timer, type Observable } from 'rxjs';
import type { HistoryAnswer, HistoryFetch, HistoryRequest } from '../../lib/history/HistoryFetch.js';

/** A request that the fake vendor received. */
export interface Asked {
  readonly at: number;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly request: HistoryRequest;
}

/** What it answers: JSON with HTTP 200 unless it says otherwise, an error of the network, or nothing. */
export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly text: string }
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly json: unknown }
  | Error
  | 'never';

/** A `fetch` in virtual time, and what it was asked for. */
export const fakeRest = (answer: (asked: Asked) => Reply, latency = 0) => {
  const asked: Asked[] = [];
  const aborted: Asked[] = [];
  const fetch: HistoryFetch = (url, request) => {
    const { pathname: path, searchParams } = new URL(url);
    const one: Asked = { at: asyncScheduler.now(), path, params: Object.fromEntries(searchParams), request };
    asked.push(one);
    (request.signal as AbortSignal).addEventListener('abort', () => aborted.push(one));
    return timer(latency).pipe(map(() => answerOf(answer(one))));
  };
  return { fetch, asked, aborted };
};

const answerOf = (reply: Reply): HistoryAnswer => {
  if (reply instanceof Error) throw reply;
  if (reply === 'never') return { status: 200, text: () => NEVER };
  const { status = 200, headers = {} } = reply;
  const text = 'text' in reply ? reply.text : JSON.stringify(reply.json);
  return { status, headers: { get: (name) => headers[name.toLowerCase()] ?? null }, text: () => of(text) };
};

/** What a stream says, for specs that flush virtual time themselves. */
export const heard = <T>(source$: Observable<T>) => {
  const values: T[] = [];
  const end: { error?: unknown; complete?: boolean; at?: number } = {};
  const subscription = source$.pipe(finalize(() => (end.at = asyncScheduler.now()))).subscribe({
    next: (value) => values.push(value),
    error: (error: unknown) => (end.error = error),
    complete: () => (end.complete = true),
  });
  return { values, end, subscription };
};

export const failing = (message: string): Observable<never> => throwError(() => new Error(message));

let names = 0;

/** A credential that no other spec has: budgets are shared by credential. */
export const ownCredential = (secret: string): string => `${secret} ${(names += 1)}`;
