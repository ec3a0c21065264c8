import { concat, defer, elementAt, EMPTY, map, merge, mergeMap, of, Subject, take, timer, type Observable } from 'rxjs';
import { checkCount, checkDuration } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { textOf } from '../../transport/textOf.js';
import type { SocketSignal } from '../../transport/wrapSocket.js';
import { directedFault, type Direction, type Fault, type FaultOptions, type Random } from './intercept.js';

/** What a fault takes that affects some frames, by chance. */
export interface ChanceOptions extends FaultOptions {
  /**
   * The share of the frames it affects, 0 to 1.
   *
   * @defaultValue `0.01`
   */
  readonly share?: number | undefined;
  /**
   * Which frames it may affect, by their text: data and no answers, for example.
   *
   * @defaultValue all
   */
  readonly only?: ((text: string) => boolean) | undefined;
  /**
   * Which way the frames go that it affects.
   *
   * @defaultValue `'in'`
   */
  readonly direction?: Direction | undefined;
  /**
   * The same seed makes the same faults: of each connection on its own, and each way.
   *
   * @defaultValue `1`
   */
  readonly seed?: number | undefined;
}

/** Whether a fault affects a signal: by chance, and only frames. Throws `InvalidOption`. */
const chanceOf = ({ share = 0.01, only }: ChanceOptions): ((random: Random) => (signal: SocketSignal) => boolean) => {
  if (!(share >= 0 && share <= 1)) throw new InvalidOption('share', share, 'it is a share of the frames, 0 to 1');
  return (random) => (signal) => signal.kind === 'frame' && (only?.(textOf(signal.data)) ?? true) && random() < share;
};

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
  const chance = chanceOf(options);
  return directedFault('duplicate', { ...options, direction: options.direction ?? 'in' }, (random) => {
    const isAffected = chance(random);
    return mergeMap((signal) => (isAffected(signal) ? of(signal, signal) : of(signal)));
  });
};

/** Which frames are held back, and how far. */
export interface ReorderOptions extends ChanceOptions {
  /**
   * How many places a frame is moved at most, to the back or to the front.
   *
   * @defaultValue `3`
   */
  readonly frames?: number | undefined;
  /**
   * Milliseconds after which a frame is held back no longer, though none follow.
   *
   * @defaultValue `100`
   */
  readonly releaseAfter?: number | undefined;
}

/**
 * Holds some frames back until a few later ones have passed, as servers do that publish from many threads. None is lost
 * or added; what is held back when the connection ends arrives before the end. Throws `InvalidOption`.
 *
 *     in                           -a-b-c-d-----e|
 *     reorderWithin({ frames: 2 }) ---b-(ca)---d(e|)     // d waited for two, and none came within 4 ms
 *
 * @example
 * faulty(openSocket, reorderWithin({ frames: 5, share: 0.2, only: (text) => text.includes('"quote"') }))
 */
export const reorderWithin = ({ frames = 3, releaseAfter = 100, ...options }: ReorderOptions = {}): Fault => {
  checkCount('frames', frames);
  checkDuration('releaseAfter', releaseAfter);
  const chance = chanceOf(options);

  return directedFault('reorderWithin', { ...options, direction: options.direction ?? 'in' }, (random) => {
    const isAffected = chance(random);
    const passed$ = new Subject<void>();
    const reportPassed$ = defer(() => {
      passed$.next();
      return EMPTY;
    });
    /** Until so many later frames have passed, the time is up, or the connection ends. */
    const heldBack = (signal: SocketSignal, others: number): Observable<SocketSignal> =>
      merge(passed$.pipe(elementAt(others - 1, undefined)), timer(releaseAfter)).pipe(
        take(1),
        map(() => signal),
      );

    return mergeMap((signal) => {
      if (signal.kind === 'close') passed$.complete();
      if (signal.kind !== 'frame') return of(signal);
      if (!isAffected(signal)) return concat(of(signal), reportPassed$);
      return concat(reportPassed$, heldBack(signal, 1 + Math.floor(random() * frames)));
    });
  });
};

/** What becomes of a frame; both give a new one of the same kind. */
interface Corruption {
  readonly text: (text: string, random: Random) => string;
  readonly bytes: (bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>;
}

/** A fault that corrupts some frames. */
const corrupting = (name: string, options: ChanceOptions, corruption: Corruption): Fault => {
  const chance = chanceOf(options);
  return directedFault(name, { ...options, direction: options.direction ?? 'in' }, (random) => {
    const isAffected = chance(random);
    return map((signal) =>
      signal.kind === 'frame' && isAffected(signal)
        ? { kind: 'frame', data: corrupted(signal.data, corruption, random) }
        : signal,
    );
  });
};

const corrupted = (data: unknown, { text, bytes }: Corruption, random: Random): unknown => {
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

/** Which frames are corrupted, and how much of one. */
export interface GarbleOptions extends ChanceOptions {
  /**
   * How many characters, or bytes of a binary frame, are corrupted in a frame; the same one may be hit twice.
   *
   * @defaultValue `1`
   */
  readonly characters?: number | undefined;
}

/** What decoders put where bytes are no text, and a byte that is never part of UTF-8. */
const NO_CHARACTER = '\uFFFD';
const NO_BYTE = 0xff;

/**
 * Corrupts characters of some frames as a broken encoding does: with U+FFFD, or a byte that is not UTF-8.
 *
 * A number never becomes another number, so a garbled frame can be told from a true one, except where the name of an
 * optional field is hit. Throws `InvalidOption`.
 *
 * @example
 * faulty(openSocket, garble({ share: 0.01, seed: 7 }))
 */
export const garble = ({ characters = 1, ...options }: GarbleOptions = {}): Fault => {
  checkCount('characters', characters);
  return corrupting('garble', options, {
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

/**
 * Cuts some frames off at a random place, as a sender does that dies in the middle of one: what is left is a beginning,
 * perhaps an empty one. Text and binary. Throws `InvalidOption`.
 *
 * @example
 * faulty(openSocket, truncateFrames({ share: 0.05 }))
 */
export const truncateFrames = (options: ChanceOptions = {}): Fault =>
  corrupting('truncateFrames', options, {
    text: (text, random) => text.slice(0, Math.floor(random() * text.length)),
    bytes: (bytes, random) => bytes.slice(0, Math.floor(random() * bytes.length)),
  });
