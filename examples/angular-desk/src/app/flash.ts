import { DestroyRef, effect, inject, signal, type Signal } from '@angular/core';
import { STEP } from './beat';

/** Milliseconds that a price shows which way it went: it ends with a part of the beat, and no frame is painted for it alone. */
const LENGTH = 400;

const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * Which way a figure went, for a moment; undefined the rest of the time, and always for who wants no motion. It is a colour
 * that comes and goes: a transition would paint every frame of a list in which something always moves.
 */
export const injectFlash = (figure: Signal<number | undefined>): Signal<'up' | 'down' | undefined> => {
  const flash = signal<'up' | 'down' | undefined>(undefined);
  let before: number | undefined;
  let endsAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const wait = (): void => {
    timer = setTimeout(end, endsAt - performance.now());
  };
  const end = (): void => {
    timer = undefined;
    // It may have been prolonged.
    if (performance.now() < endsAt) wait();
    else flash.set(undefined);
  };
  effect(() => {
    const now = figure();
    const was = before;
    before = now;
    if (was === undefined || now === undefined || was === now || stillness.matches) return;
    flash.set(now > was ? 'up' : 'down');
    endsAt = STEP * Math.round((performance.now() + LENGTH) / STEP);
    if (timer === undefined) wait();
  });
  inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  return flash.asReadonly();
};
