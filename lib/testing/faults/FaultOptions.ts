/** What every fault takes. */
export interface FaultOptions {
  /** How many connections it befalls, counted from the first. Defaults to all. */
  readonly connections?: number | undefined;
}

/** Which way frames go: `in` is what the client hears, `out` what it says. */
export type Direction = 'in' | 'out' | 'both';

/** What a fault takes that befalls some frames, by chance. */
export interface ChanceOptions extends FaultOptions {
  /** The share of the frames it befalls, 0 to 1. Defaults to 0.01. */
  readonly share?: number | undefined;
  /** Which frames it may befall, by their text: data and no answers, for example. Defaults to all. */
  readonly only?: ((text: string) => boolean) | undefined;
  /** Defaults to `in`. */
  readonly direction?: Direction | undefined;
  /** The same seed makes the same faults: of each connection on its own, and each way. Defaults to 1. */
  readonly seed?: number | undefined;
}

/** When a connection fails: at the earlier of the two, and at least one is needed. */
export interface MomentOptions extends FaultOptions {
  /** After so many frames have arrived; 0 is when it opens. */
  readonly frames?: number | undefined;
  /** So many milliseconds after it opened. */
  readonly after?: number | undefined;
}
