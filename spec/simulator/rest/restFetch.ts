import { delay, NEVER, of, throwError, type Observable } from 'rxjs';
import type { HistoryFetch } from '../../../lib/index.js';
import { urlOf } from '../../../lib/simulator/rest/http.js';
import type { Rest } from '../../../lib/simulator/rest/rest.js';

/**
 * The REST interface of a simulated vendor as the `fetch` of a history, without a socket: its answers come after so many
 * milliseconds of RxJS's clock, so that a spec can run them in virtual time. An answer that is cut off is a lost connection.
 */
export const restFetch =
  (rest: Rest, latency = 20): HistoryFetch =>
  (address, { method, headers, body = '' }) => {
    const { pathname, search } = new URL(address);
    const url = urlOf(pathname + search);
    if (url === undefined || !rest.serves(url)) return lost('no vendor has this path').pipe(delay(latency));
    const answer = rest.answer({ method, url, headers, body });
    if (answer === 'never') return NEVER;
    const { status, headers: said = {}, body: text, cut = false, delay: late = 0 } = answer;
    if (cut) return lost('terminated');
    return of({ status, headers: { get: (name: string) => said[name] ?? null }, text: () => of(text) }).pipe(
      delay(latency + late),
    );
  };

const lost = (message: string): Observable<never> => throwError(() => new TypeError(message));
