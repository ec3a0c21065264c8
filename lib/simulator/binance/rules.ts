/** How the simulated Binance behaves, and how long its times are; by default as its pages say. */
export interface BinanceRules {
  /**
   * Milliseconds until a connection is ended; `Infinity` is never.
   *
   * @defaultValue `86_400_000`
   */
  readonly lifetime?: number;
  /**
   * The close code at the end of a lifetime, and of `kick()`. None is documented.
   *
   * @defaultValue `1000`
   */
  readonly endCode?: number;
  /**
   * Milliseconds between two Ping frames; `Infinity` is never.
   *
   * @defaultValue `20_000`
   */
  readonly pingEvery?: number;
  /**
   * Milliseconds after a Ping in which its Pong, with the same payload, has to come.
   *
   * @defaultValue `60_000`
   */
  readonly pongWithin?: number;
  /**
   * What a client may send: at most `count` frames, its pings and pongs too, in any `per` milliseconds of this machine,
   * whatever the `speed`. A twentieth of the time is left for frames that take different times on their way.
   *
   * @defaultValue `{ count: 5, per: 1_000 }`
   */
  readonly messages?: { readonly count: number; readonly per: number };
  /**
   * Upgrades in any `per` milliseconds of this machine; those above get 429.
   *
   * @defaultValue `{ count: 300, per: 300_000 }`
   */
  readonly attempts?: { readonly count: number; readonly per: number };
  /**
   * Streams of a connection.
   *
   * @defaultValue `1_024`
   */
  readonly maxStreams?: number;
  /**
   * Whether an error is the frame, as the page shows it, or stands in `error` beside the `id`, as clients have met it.
   *
   * @defaultValue `'flat'`
   */
  readonly errorForm?: 'flat' | 'nested';
  /**
   * Price levels on each side of a book; ten at least.
   *
   * @defaultValue `1_000`
   */
  readonly levels?: number;
  /**
   * The request weight of one address in a minute; a `per` of your own is in milliseconds of this machine.
   *
   * @defaultValue `{ limit: 6_000, per: 60_000 }`
   */
  readonly weight?: { readonly limit: number; readonly per: number };
  /**
   * How many requests in a row may get 429 before the address is banned (418), and for how many milliseconds at first;
   * each further ban is twice as long, up to three days.
   *
   * @defaultValue `{ after: 10, lasts: 120_000 }`
   */
  readonly ban?: { readonly after: number; readonly lasts: number };
}

export const binanceDefaults: Required<BinanceRules> = {
  lifetime: 86_400_000,
  endCode: 1000,
  pingEvery: 20_000,
  pongWithin: 60_000,
  messages: { count: 5, per: 1_000 },
  attempts: { count: 300, per: 300_000 },
  maxStreams: 1_024,
  errorForm: 'flat',
  levels: 1_000,
  weight: { limit: 6_000, per: 60_000 },
  ban: { after: 10, lasts: 120_000 },
};
