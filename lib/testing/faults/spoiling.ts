import { map } from 'rxjs';
import { befalling } from './befalling.js';
import type { Fault } from './Fault.js';
import type { ChanceOptions } from './FaultOptions.js';
import type { Random } from './seeded.js';
import { tamperingLanes } from './tampering.js';

/** What becomes of a frame; both give a new one of the same kind. */
export interface Spoil {
  readonly text: (text: string, random: Random) => string;
  readonly bytes: (bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>;
}

/** A fault that spoils some frames. */
export const spoiling = (name: string, options: ChanceOptions, spoil: Spoil): Fault => {
  const befallingWith = befalling(options);
  return tamperingLanes(name, { ...options, direction: options.direction ?? 'in' }, (random) => {
    const befalls = befallingWith(random);
    return map((signal) =>
      signal.kind === 'frame' && befalls(signal) ? { kind: 'frame', data: spoilt(signal.data, spoil, random) } : signal,
    );
  });
};

const spoilt = (data: unknown, { text, bytes }: Spoil, random: Random): unknown => {
  if (typeof data === 'string') return text(data, random);
  const copy = bytesOf(data);
  // A browser's Blob is left alone: its bytes come later, and `connect` asks for none.
  return copy ? bytes(copy, random).buffer : data;
};

const bytesOf = (data: unknown): Uint8Array<ArrayBuffer> | undefined => {
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (!ArrayBuffer.isView(data)) return undefined;
  return Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
};
