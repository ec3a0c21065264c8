import { EMPTY, Observable } from 'rxjs';
import { CannotShare } from './CannotShare.js';
import type { TabLocks } from './TabTools.js';

/**
 * Emits when the lock is held, and holds it until unsubscribed and, from then on, until `farewell$` is over. Fails with
 * `CannotShare` where the platform gives no locks, as to a page without an origin.
 */
export const holding = (locks: TabLocks, name: string, farewell$: Observable<unknown> = EMPTY): Observable<void> =>
  new Observable((subscriber) => {
    const waiting = new AbortController();
    let release = (): void => waiting.abort();
    const held = (): Promise<void> | undefined => {
      // A lock may be on its way when it is no longer waited for.
      if (subscriber.closed) return undefined;
      return new Promise((resolve) => {
        release = resolve;
        subscriber.next();
      });
    };
    // Inside `then`, so that a platform is heard too that throws where it should reject.
    Promise.resolve()
      .then(() => (subscriber.closed ? undefined : locks.request(name, { signal: waiting.signal }, held)))
      .catch((error: unknown) => subscriber.error(new CannotShare(`the Web Locks are refused: ${String(error)}`)));
    return () => farewell$.subscribe({ complete: () => release(), error: () => release() });
  });
