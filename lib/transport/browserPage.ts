import { defer, distinctUntilChanged, Observable, of } from 'rxjs';
import { hasPage, onPage, REST, RETURN } from '../model/pageEvents.js';
import type { PageState } from './Platform.js';

/**
 * The state of the page now, and each change of it; always `live` without a document, as in a worker or on a server.
 * Nothing is touched before subscription, and no listener stays after it.
 *
 * A page that is left is frozen: whether it is unloaded or kept for the way back, no socket survives there.
 */
export const browserPage$: Observable<PageState> = defer(() => (hasPage() ? state$ : of<PageState>('live')));

const state$ = new Observable<PageState>((subscriber) => {
  subscriber.next(reach());
  subscriber.add(onPage(REST, () => subscriber.next('frozen')));
  subscriber.add(onPage(['online', 'offline', ...RETURN], () => subscriber.next(reach())));
}).pipe(distinctUntilChanged());

const reach = (): PageState => (navigator.onLine ? 'live' : 'offline');
