import { contentOf, sameNotification, type Notification } from './columns.js';
import { kindOf } from './shown.js';

const ALPHABET = 'abefghijlmnoprsvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const kinds: Readonly<Record<string, string>> = {
  trade: 't',
  quote: 'q',
  depth: 'd',
  kline: 'k',
  connected: 'c',
  disconnected: 'x',
  refused: 'r',
  undecodable: 'u',
};

/** Gives each distinct value a letter: that of its kind to the first of a kind, and any other that is free to the rest. */
export const lettering = (): ((notification: Notification) => string) => {
  const known: { readonly notification: Notification; readonly letter: string }[] = [];
  const free = (letter: string): boolean => known.every((other) => other.letter !== letter);
  return (notification) => {
    if (notification.kind === 'C') return '|';
    if (notification.kind === 'E') return '#';
    const found = known.find((other) => sameNotification(notification, other.notification));
    if (found) return found.letter;
    const letter = Array.from(preferred(contentOf(notification)) + ALPHABET).find(free) ?? '*';
    known.push({ notification, letter });
    return letter;
  };
};

/** A value that is a letter is drawn as itself. */
const preferred = (value: unknown): string =>
  typeof value === 'string' && /^[A-Za-z]$/.test(value) ? value : (kinds[kindOf(value)] ?? '');
