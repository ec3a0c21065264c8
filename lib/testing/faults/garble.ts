import { checkCount } from './checks.js';
import type { Fault } from './Fault.js';
import type { ChanceOptions } from './FaultOptions.js';
import type { Random } from './seeded.js';
import { spoiling } from './spoiling.js';

/** Which frames are spoilt, and how much of one. */
export interface GarbleOptions extends ChanceOptions {
  /** How many characters, or bytes of a binary frame, are spoilt in a frame; the same one may be hit twice. Defaults to 1. */
  readonly characters?: number | undefined;
}

/** What decoders put where bytes are no text, and a byte that is none. */
const NO_CHARACTER = '\uFFFD';
const NO_BYTE = 0xff;

/**
 * Spoils characters of some frames as a broken encoding does: with U+FFFD, or a byte that is no UTF-8.
 *
 * No figure is turned into another one, so a garbled frame can be told from a true one, but for a name of an optional
 * field. Throws `InvalidOption`.
 *
 * @example
 * faulty(openSocket, garble({ share: 0.01, seed: 7 }))
 */
export const garble = ({ characters = 1, ...options }: GarbleOptions = {}): Fault => {
  checkCount('characters', characters, 1);
  return spoiling('garble', options, {
    text: (text, random) => {
      const units = text.split('');
      places(characters, units.length, random).forEach((at) => (units[at] = NO_CHARACTER));
      return units.join('');
    },
    bytes: (bytes, random) => {
      places(characters, bytes.length, random).forEach((at) => (bytes[at] = NO_BYTE));
      return bytes;
    },
  });
};

const places = (count: number, length: number, random: Random): readonly number[] =>
  Array.from({ length: Math.min(count, length) }, () => Math.floor(random() * length));
