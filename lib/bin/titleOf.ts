import type { Command } from './Plan.js';

/** What is shown of the sources with these names, in words. */
export const titleOf = (command: Command, names: string): string => {
  if (command.kind === 'watch') return names;
  return command.kind === 'book' ? `${command.symbol} of ${names}` : `${command.interval} bars of ${names}`;
};
