import type { Fault } from './Fault.js';
import type { ChanceOptions } from './FaultOptions.js';
import { spoiling } from './spoiling.js';

/**
 * Cuts some frames off at a random place, as a sender does that dies in the middle of one: what is left is a beginning,
 * perhaps an empty one. Text and binary. Throws `InvalidOption`.
 *
 * @example
 * faulty(openSocket, truncateFrames({ share: 0.05 }))
 */
export const truncateFrames = (options: ChanceOptions = {}): Fault =>
  spoiling('truncateFrames', options, {
    text: (text, random) => text.slice(0, Math.floor(random() * text.length)),
    bytes: (bytes, random) => bytes.slice(0, Math.floor(random() * bytes.length)),
  });
