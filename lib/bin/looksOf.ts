import type { Values } from './commandLine.js';
import type { Environment } from './Environment.js';
import { Misuse } from './Misuse.js';
import type { Colors, Looks } from './Plan.js';

/** How things are to look, by the command line and the terminal. Throws `Misuse`. */
export const looksOf = ({ json, colors }: Values, env: Environment): Looks => ({
  display: json ? 'json' : env['TERM'] === 'dumb' ? 'lines' : 'table',
  colors: colorsOf(colors, env),
  blocks: hasBlocks(env),
});

/** In China red is up; elsewhere green is. */
const colorsOf = (text: string | undefined, env: Environment): Colors => {
  if (text !== undefined && text !== 'cn' && text !== 'us' && text !== 'none') {
    throw new Misuse(`"${text}" is not one of the colors cn (red is up), us (green is up) and none`);
  }
  if (text !== undefined) return text;
  if (env['NO_COLOR']) return 'none';
  return /^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'cn' : 'us';
};

/** Whether a terminal is likely to know the characters that bars are drawn with. */
const hasBlocks = (env: Environment): boolean =>
  env['TERM'] !== 'dumb' && /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
