import { defer, distinctUntilChanged, fromEvent, map, merge, of, startWith, type Observable } from 'rxjs';

/**
 * Whether the page runs, now and at each change; true for ever where there is no page. A page that is left or frozen
 * hears nothing and answers nobody, so it takes part in nothing until it comes back.
 */
export const pageAwake$: Observable<boolean> = defer(() => {
  if (typeof document === 'undefined') return of(true);
  const rest$ = on('freeze', 'pagehide').pipe(map(() => false));
  const return$ = on('resume', 'pageshow').pipe(map(() => true));
  return merge(rest$, return$).pipe(startWith(true), distinctUntilChanged());
});

/** Captured, as `freeze` and `resume` are events of the document. */
const on = (...events: readonly string[]): Observable<Event> =>
  merge(...events.map((event) => fromEvent<Event>(window, event, { capture: true })));
