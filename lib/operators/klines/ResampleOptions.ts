import { klineSettings, type KlineOptions } from './KlineOptions.js';

/** How larger bars are made of smaller ones. */
export interface ResampleOptions extends Pick<KlineOptions, 'calendar' | 'delay' | 'horizon'> {
  /**
   * Milliseconds after its end at which a bar is closed by the clock.
   *
   * @defaultValue `2_000`, so that the bars it is made of are closed before it
   */
  readonly grace?: number | undefined;
  /**
   * Whether forming bars are emitted, with each smaller one.
   *
   * @defaultValue `true`
   */
  readonly forming?: boolean | undefined;
}

/** The options with their defaults. */
export interface ResampleSettings extends Pick<
  ReturnType<typeof klineSettings>,
  'calendar' | 'grace' | 'delay' | 'horizon'
> {
  readonly forming: boolean;
}

/** Fills in the defaults; throws `InvalidOption` for what makes no sense. */
export const resampleSettings = (options: ResampleOptions = {}): ResampleSettings => {
  const { calendar, grace = 2_000, delay, horizon, forming = true } = options;
  return { ...klineSettings({ calendar, grace, delay, horizon }), forming };
};
