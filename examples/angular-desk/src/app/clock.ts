import { Injectable, signal } from '@angular/core';

/** The time of our clock, a value each second: for what counts up or down. */
@Injectable({ providedIn: 'root' })
export class Clock {
  readonly #now = signal(Date.now());
  readonly now = this.#now.asReadonly();

  constructor() {
    setInterval(() => this.#now.set(Date.now()), 1_000);
  }
}

/** How long something lasts, in whole seconds: it begins with 0, and never goes back. */
export const lasted = (from: number, now: number): number => Math.max(0, Math.floor((now - from) / 1_000));

/** How long something is still away, in whole seconds: it ends with 0. */
export const left = (until: number, now: number): number => Math.max(0, Math.ceil((until - now) / 1_000));
