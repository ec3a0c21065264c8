import { computed, effect, Injectable, signal } from '@angular/core';

/** Light or dark, and which colour a rise has. */
@Injectable({ providedIn: 'root' })
export class Looks {
  readonly dark = signal(matchMedia('(prefers-color-scheme: dark)').matches);
  /** Red rises in China, Japan and Korea; green rises elsewhere. */
  readonly redRises = signal(navigator.language.startsWith('zh'));
  readonly key = computed(() => `${this.dark()} ${this.redRises()}`);

  constructor() {
    const { style, dataset } = document.documentElement;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', ({ matches }) => this.dark.set(matches));
    effect(() => {
      style.colorScheme = this.dark() ? 'dark' : 'light';
      dataset['rises'] = this.redRises() ? 'red' : 'green';
    });
  }
}
