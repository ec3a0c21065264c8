import { defer, distinctUntilChanged, fromEvent, map, merge, of, startWith, type Observable } from 'rxjs';
import type { PageState } from './Platform.js';

/**
 * The state of the page now, and each change of it; `live` for ever where there is no document, as in a worker or on a
 * server. Nothing is touched before subscription, and no listener stays after it.
 *
 * A page that is left is frozen: whether it is unloaded or kept for the way back, no socket survives there.
 */
export const browserPage$: Observable<PageState> = defer(() => {
  if (typeof document === 'undefined') return of<PageState>('live');
  const rest$ = on('freeze', 'pagehide').pipe(map((): PageState => 'frozen'));
  const change$ = on('online', 'offline', 'resume', 'pageshow').pipe(map(reach));
  return merge(rest$, change$).pipe(startWith(reach()), distinctUntilChanged());
});

/** Captured, as `freeze` and `resume` are events of the document. */
const on = (...events: readonly string[]): Observable<Event> =>
  merge(...events.map((event) => fromEvent<Event>(window, event, { capture: true })));

const reach = (): PageState => (navigator.onLine ? 'live' : 'offline');
