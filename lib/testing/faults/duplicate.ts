import { mergeMap, of } from 'rxjs';
import { befalling } from './befalling.js';
import type { Fault } from './Fault.js';
import type { ChanceOptions } from './FaultOptions.js';
import { tamperingLanes } from './tampering.js';

/**
 * Hands some frames on twice, one right after the other, as a vendor does that sends again what it is not sure of.
 *
 * Vendors answer without ids, so a doubled answer may be taken for the next one: spare answers with `only` unless that
 * is the test. Throws `InvalidOption`.
 *
 *     in                        -a-b---c-
 *     duplicate({ share: .5 })  -a-(bb)c-
 *
 * @example
 * faulty(openSocket, duplicate({ share: 0.1, only: (text) => text.includes('"quote"') }))
 */
export const duplicate = (options: ChanceOptions = {}): Fault => {
  const befallingWith = befalling(options);
  return tamperingLanes('duplicate', { ...options, direction: options.direction ?? 'in' }, (random) => {
    const befalls = befallingWith(random);
    return mergeMap((signal) => (befalls(signal) ? of(signal, signal) : of(signal)));
  });
};
