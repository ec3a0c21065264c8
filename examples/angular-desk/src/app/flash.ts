import { computed, DestroyRef, effect, inject, signal, type Signal } from '@angular/core';

/** Milliseconds that a price shows which way it went. */
const LENGTH = 400;

const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * Which way a figure went, for a moment; undefined the rest of the time, and always for who wants no motion. It is a colour
 * that comes and goes: a transition would paint every frame of a list in which something always moves.
 */
export const injectFlash = (figure: Signal<number | undefined>): Signal<'up' | 'down' | undefined> => {
  const flash = signal<'up' | 'down' | undefined>(undefined);
  let before: number | undefined;
  let end: ReturnType<typeof setTimeout> | undefined;

  effect(() => {
    const now = figure();
    const was = before;
    before = now;
    if (was === undefined || now === undefined || was === now || stillness.matches) return;
    flash.set(now > was ? 'up' : 'down');
    clearTimeout(end);
    end = setTimeout(() => flash.set(undefined), LENGTH);
  });
  inject(DestroyRef).onDestroy(() => clearTimeout(end));
  return computed(() => flash());
};
