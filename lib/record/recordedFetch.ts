import { defer, Observable, of, throwIfEmpty } from 'rxjs';
import { failureOf, readAnswer } from '../history/readAnswer.js';
import type { HistoryAnswer, HistoryFetch } from '../history/HistoryFetch.js';
import type { RequestEvent } from './Cassette.js';
import { withoutSecrets, withoutTellingValues } from './withoutSecrets.js';

/** The headers of an answer that go onto the tape, and that are handed on: live and in the replay the same. */
const HEADERS = ['content-type', 'retry-after'];

/**
 * Sends the same requests, and records what becomes of them, without credentials: those that go under a telling name in
 * the headers and the query. `asked` is called for each request, and returns where its events go.
 *
 * An answer is handed on when it has been read to its end, so that its text comes at once, live as in the replay.
 */
export const recordedFetch =
  (fetch: HistoryFetch, asked: () => (event: RequestEvent) => void): HistoryFetch =>
  (url, request) =>
    new Observable<HistoryAnswer>((subscriber) => {
      const clean = withoutSecrets(url, { headers: request.headers });
      const emit = asked();
      let over = false;
      const end = (event: RequestEvent): void => {
        over = true;
        emit(event);
      };
      subscriber.add(() => {
        if (!over) end({ what: 'aborted' });
      });
      const { method, body = '' } = request;
      emit({ what: 'request', method, url: clean(withoutTellingValues(url)), body: clean(body) });
      const answer$ = defer(() => readAnswer(fetch(url, request))).pipe(
        throwIfEmpty(() => new Error('the request ended without an answer')),
      );
      return answer$.subscribe({
        next: ({ answer: { status, headers }, text }) => {
          const shown = HEADERS.flatMap((name): readonly (readonly [string, string])[] => {
            const value = headers?.get(name) ?? undefined;
            return value === undefined ? [] : [[name, value]];
          });
          end({
            what: 'answer',
            status,
            headers: Object.fromEntries(shown.map(([name, value]) => [name, clean(value)])),
            body: clean(text),
          });
          subscriber.next(answerOf(status, shown, text));
        },
        error: (error: unknown) => {
          end({ what: 'failed', message: clean(failureOf(error)) });
          subscriber.error(error);
        },
        complete: () => subscriber.complete(),
      });
    });

/** An answer whose text is at hand. */
export const answerOf = (
  status: number,
  headers: readonly (readonly [name: string, value: string])[],
  text: string,
): HistoryAnswer => {
  const values = new Map(headers);
  return { status, headers: { get: (name) => values.get(name.toLowerCase()) ?? null }, text: () => of(text) };
};
