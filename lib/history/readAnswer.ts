import {
  defer,
  EMPTY,
  expand,
  from,
  map,
  reduce,
  switchMap,
  take,
  tap,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import { isRecord } from '../codec/json.js';
import { HistoryUnavailable } from './errors.js';
import type { HistoryAnswer } from './HistoryFetch.js';

/** Larger answers are not read to their end. */
const MOST_BYTES = 32 * 1024 * 1024;

/** An answer, and all of its text. */
export interface ReadAnswer {
  readonly answer: HistoryAnswer;
  readonly text: string;
}

/** The one answer to a request, read to its end; fails with `HistoryUnavailable` where it is too large. */
export const readAnswer = (answer: ObservableInput<HistoryAnswer>): Observable<ReadAnswer> =>
  from(answer).pipe(
    take(1),
    switchMap((one) => answerText(one).pipe(map((text) => ({ answer: one, text })))),
  );

const answerText = (answer: HistoryAnswer): Observable<string> =>
  defer(() => {
    if (Number(answer.headers?.get('content-length')) > MOST_BYTES) throw tooLarge();
    const reader = answer.body?.getReader();
    if (!reader) return from(answer.text()).pipe(tap((text) => checkSize(text.length)));
    const decoder = new TextDecoder();
    let size = 0;
    return defer(() => reader.read()).pipe(
      expand(({ done }) => (done ? EMPTY : reader.read())),
      tap(({ value }) => checkSize((size += value?.byteLength ?? 0))),
      reduce((text, { done, value }) => text + decoder.decode(value, { stream: !done }), ''),
    );
  });

const checkSize = (size: number): void => {
  if (size > MOST_BYTES) throw tooLarge();
};

const tooLarge = (): HistoryUnavailable => new HistoryUnavailable(`the answer is larger than ${MOST_BYTES} bytes`);

/** Why a request failed. Platforms put what happened into the cause of an error that says no more than that it failed. */
export const failureOf = (error: unknown): string =>
  error instanceof HistoryUnavailable
    ? error.reason
    : [error, isRecord(error) ? error['cause'] : undefined]
        .map((thrown) => (isRecord(thrown) ? thrown['message'] : undefined))
        .filter((said) => typeof said === 'string' && said !== '')
        .join(': ') || 'the request failed';
