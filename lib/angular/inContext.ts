import { assertInInjectionContext, type Injector, runInInjectionContext } from '@angular/core';

/**
 * Runs it in the context of an injector, or in the current one; where there is none, Angular's error names the function that
 * was called.
 */
export const inContext = <A>(
  caller: (...given: never[]) => unknown,
  injector: Injector | undefined,
  run: () => A,
): A => {
  if (injector) return runInInjectionContext(injector, run);
  assertInInjectionContext(caller);
  return run();
};
