/** So much waits that values will be lost unless the consumer catches up. */
export interface SlowConsumer {
  readonly kind: 'slowConsumer';
  /** How many values wait. */
  readonly waiting: number;
  /** When it was noticed, by the RxJS clock, in epoch milliseconds. */
  readonly receivedAt: number;
}

/** The consumer has caught up. */
export interface SlowConsumerCleared {
  readonly kind: 'slowConsumerCleared';
  /** How many values still wait. */
  readonly waiting: number;
  /** When it was noticed, by the RxJS clock, in epoch milliseconds. */
  readonly receivedAt: number;
}

/** Values that were offered and will never be delivered. */
export interface Dropped {
  readonly kind: 'dropped';
  /** How many since this was last said; 1 or more. */
  readonly count: number;
  /** When it was emitted, by the RxJS clock, in epoch milliseconds. */
  readonly receivedAt: number;
}

/** What a bounded buffer says of itself. */
export type BufferEvent = SlowConsumer | SlowConsumerCleared | Dropped;
