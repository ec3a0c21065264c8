import type { Column } from './sorting';

/** What is kept across reloads: nothing of the market, and no key. */
export interface Saved {
  readonly symbols?: readonly string[];
  readonly selected?: string;
  readonly interval?: string;
  readonly sort?: { readonly by: Column; readonly down: boolean } | undefined;
  readonly language?: 'en' | 'zh';
  readonly redRises?: boolean;
  readonly dark?: boolean;
}

const KEY = 'rxtape-desk';

/** Storage may be forbidden, and what is in it may be of anybody. */
export const saved = (): Saved => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
};

export const save = (part: Saved): void => {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...saved(), ...part }));
  } catch {
    // The desk works without; it only forgets.
  }
};
