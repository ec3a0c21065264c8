import { identity, type MonoTypeOperatorFunction } from 'rxjs';
import { checkCount } from './checks.js';
import type { Fault } from './Fault.js';
import type { Direction, FaultOptions } from './FaultOptions.js';
import { seeded, type Random } from './seeded.js';
import type { Signal } from './Signal.js';
import { tampered, type Tampering } from './tampered.js';

/** A fault of what it does with each connection; `make` is called when a connection is asked for. */
export const tampering = ({ connections = Infinity }: FaultOptions, make: (connection: number) => Tampering): Fault => {
  checkCount('connections', connections, 1);
  return (openSocket) => {
    let opened = 0;
    return (url, options) => {
      opened += 1;
      const socket = openSocket(url, options);
      return opened > connections ? socket : tampered(socket, make(opened));
    };
  };
};

interface LaneOptions extends FaultOptions {
  readonly direction: Direction;
  readonly seed?: number | undefined;
}

/** A fault that does the same each way, with chance of its own for each connection and way. */
export const tamperingLanes = (
  name: string,
  { direction, seed = 1, connections }: LaneOptions,
  make: (random: Random) => MonoTypeOperatorFunction<Signal>,
): Fault =>
  tampering({ connections }, (connection) => {
    const lane = (way: Direction): MonoTypeOperatorFunction<Signal> =>
      direction === way || direction === 'both' ? make(seeded(seed, `${name} ${way} ${connection}`)) : identity;
    return { incoming: lane('in'), outgoing: lane('out') };
  });
