import { asyncScheduler, type OperatorFunction } from 'rxjs';
import { alarm } from '../alarm.js';
import { idleLooks, type Looks } from '../idleLooks.js';
import { emitting } from '../emitting.js';
import { barClock } from './barClock.js';
import type { KlineSettings } from './KlineOptions.js';

/** Where bars go, and what they ask of whoever has a clock. */
export interface Outlet<K> {
  readonly emit: (kline: K) => void;
  /** A bar is due at this moment. */
  readonly closeAt: (time: number) => void;
  /** A forming bar waits for the next beat. */
  readonly beat: () => void;
  /** The clock; it stands still where there is none. */
  readonly now?: () => number;
  /** How far it is ahead of the clock of receipt, as that was set back. */
  readonly ahead?: () => number;
  /** Looks for symbols that are idle; without it none is forgotten. */
  readonly looks?: Looks;
}

/** Makes bars of events, or of smaller bars, and has no clock. */
interface Builder<E> {
  readonly accept: (event: E) => void;
  /** Closes what is due; returns when the next bar is. */
  readonly closeUntil: (now: number) => number;
  readonly beat?: (() => void) | undefined;
  /** Forgets what is idle; returns whether anything is left. */
  readonly forget?: ((isIdle: (fedAt: number) => boolean) => boolean) | undefined;
}

/** The operator of a builder of bars: two alarms at most, however many symbols there are. */
export const onTheClock = <E, K>(
  { forming: pace, idleAfter = Infinity }: Pick<KlineSettings, 'forming'> & { readonly idleAfter?: number },
  build: (startedAt: number, outlet: Required<Outlet<K>>) => Builder<E>,
): OperatorFunction<E, K> =>
  emitting((emit, life) => {
    const { now, ahead } = barClock();
    const closing = alarm(() => closing.at(builder.closeUntil(now())), now);
    const beats = alarm(() => builder.beat?.(), now);
    const wait = typeof pace === 'number' ? pace : 0;
    const beat = (): void => beats.at(now() + wait);
    const looks = idleLooks(idleAfter, life, (isIdle) => builder.forget?.(isIdle) ?? false);
    const builder = build(asyncScheduler.now(), { emit, closeAt: closing.at, beat, now, ahead, looks });
    life.add(closing.off);
    life.add(beats.off);
    return builder.accept;
  });
