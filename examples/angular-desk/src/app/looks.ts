import { computed, effect, Injectable, signal } from '@angular/core';
import { save, saved } from './saved';

const darkness = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark, and which colour a rise has. */
@Injectable({ providedIn: 'root' })
export class Looks {
  readonly dark = signal(saved().dark ?? darkness.matches);
  /** Red rises in China, Japan and Korea; green rises elsewhere. */
  readonly redRises = signal(saved().redRises ?? navigator.language.startsWith('zh'));
  readonly key = computed(() => `${this.dark()} ${this.redRises()}`);

  constructor() {
    const { style, dataset } = document.documentElement;
    darkness.addEventListener('change', ({ matches }) => this.dark.set(matches));
    effect(() => {
      style.colorScheme = this.dark() ? 'dark' : 'light';
      dataset['rises'] = this.redRises() ? 'red' : 'green';
    });
  }

  toggleDark(): void {
    this.dark.update((dark) => !dark);
    save({ dark: this.dark() });
  }

  toggleRises(): void {
    this.redRises.update((redRises) => !redRises);
    save({ redRises: this.redRises() });
  }
}
