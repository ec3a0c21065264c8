import { DestroyRef, ElementRef, inject, Injectable } from '@angular/core';
import { BehaviorSubject, distinctUntilChanged, filter, merge, timer, type Observable } from 'rxjs';

/** Milliseconds between two values of what is out of sight. */
const UNSEEN = 1_000;

/** Who is in sight, by one observer for all. */
@Injectable({ providedIn: 'root' })
class Sight {
  readonly #seen = new Map<Element, BehaviorSubject<boolean>>();
  readonly #observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) this.#seen.get(target)?.next(isIntersecting);
  });

  watch(element: Element): BehaviorSubject<boolean> {
    const isSeen$ = new BehaviorSubject(true);
    this.#seen.set(element, isSeen$);
    this.#observer.observe(element);
    return isSeen$;
  }

  leave(element: Element): void {
    this.#seen.delete(element);
    this.#observer.unobserve(element);
  }
}

/**
 * Waits for the beat while the host is in sight. Out of sight it waits a second, or until the host is seen again: a long list
 * costs as much as the rows of it that are looked at.
 */
export const injectSight = (): ((beat$: Observable<unknown>) => Observable<unknown>) => {
  const [sight, element] = [inject(Sight), inject<ElementRef<Element>>(ElementRef).nativeElement];
  const isSeen$ = sight.watch(element);
  inject(DestroyRef).onDestroy(() => sight.leave(element));
  const comes$ = isSeen$.pipe(distinctUntilChanged(), filter(Boolean));
  return (beat$) => (isSeen$.value ? beat$ : merge(timer(UNSEEN), comes$));
};
