import {
  ErrorHandler,
  Injector,
  provideZonelessChangeDetection,
  runInInjectionContext,
  ɵIMAGE_CONFIG,
  ɵINJECTOR_SCOPE,
  ɵinternalCreateApplication,
  type EnvironmentProviders,
  type Provider,
  type StaticProvider,
} from '@angular/core';

/** An application without a page: what `createApplication` of the browser's package makes, without asking for a DOM. */
export const application = async (...providers: readonly (Provider | EnvironmentProviders)[]) => {
  const errors: unknown[] = [];
  const handler = { provide: ErrorHandler, useValue: { handleError: (error: unknown) => errors.push(error) } };
  const scope = { provide: ɵINJECTOR_SCOPE, useValue: 'root' };
  // Or it looks for images in a document.
  const images = {
    provide: ɵIMAGE_CONFIG,
    useValue: { disableImageSizeWarning: true, disableImageLazyLoadWarning: true },
  };
  // As from Angular 21 on by itself.
  const zoneless = provideZonelessChangeDetection();
  const app = await ɵinternalCreateApplication({ appProviders: [scope, handler, images, zoneless, ...providers] });
  return {
    /** What reached the `ErrorHandler`. */
    errors,
    whenStable: () => app.whenStable(),
    /** What a component does: it injects in a context of its own, which ends with `destroy`. */
    component: <T>(
      setUp: () => T,
      ...own: readonly StaticProvider[]
    ): { readonly made: T; readonly destroy: () => void } => {
      const injector = Injector.create({ providers: [...own], parent: app.injector.get(Injector) });
      return { made: runInInjectionContext(injector, setUp), destroy: () => injector.destroy() };
    },
    /** Runs effects, as change detection does. */
    tick: (): void => app.tick(),
  };
};
